"""While another process holds the database, each page answers with what holds it, and comes by itself afterwards."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from pathlib import Path

import pytest
from playwright.sync_api import expect

from pipeline.desk import patience

HOLD = """
import duckdb, sys
while True:
    try:
        held = duckdb.connect(sys.argv[1])
        break
    except duckdb.IOException:  # the desk has it for a moment
        pass
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Hold a database in a process of its own; its number."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout.readline() == b"held\n"
            yield process.pid
        finally:
            process.stdin.close()
            process.wait()


@pytest.fixture(autouse=True)
def _endless_wait(desk, monkeypatch):
    """The database itself would be waited for without end."""
    monkeypatch.setattr(desk.workspace.database, "wait_s", inf)
    monkeypatch.setattr(patience, "READING_S", 0.2)
    monkeypatch.setattr(patience, "WRITING_S", 0.2)


@pytest.mark.parametrize(
    "path",
    ["/status", "/feeds", "/feeds.opml", "/issues", "/models", "/replay", "/older?q=fog", "/?state=ran", "/metrics"],
)
def test_page_says_what_holds_the_database(client, desk, path):
    """Such a page names the process, and asks the browser to come again."""
    with held(desk.workspace.database.path) as process:
        answer = client.get(path)
    assert answer.status_code == 503
    assert f"(process {process})" in answer.text
    assert " s or more.<" in answer.text
    assert '<meta http-equiv="refresh"' in answer.text


def test_list_and_draft_do_not_need_the_database(client, desk, ids):
    """What the desk has in memory is shown and decided on."""
    with held(desk.workspace.database.path):
        assert client.get("/").status_code == client.get("/draft").status_code == 200
        client.post("/decide", data={"id": ids[0], "verdict": "pick"})
    assert desk.story(ids[0]).state == "picked"


def test_form_is_refused_and_not_sent_again_by_itself(client, desk):
    """A form that needs the database is answered with the sentence; the browser is not told to repeat it."""
    with held(desk.workspace.database.path) as process:
        answer = client.post("/feeds/retry", data={"url": "https://a.example/feed", "back": "/feeds"})
    assert answer.status_code == 503
    assert f"(process {process})" in answer.text
    assert 'http-equiv="refresh"' not in answer.text


def test_refused_form_is_sent_again_with_one_press(address, desk, open_page):
    """Its page needs the database, too: what was typed stands on the page of the error, to be changed or sent again."""
    page = open_page(address + "/feeds", java_script_enabled=False)
    expect(page.get_by_label("A feed, or")).to_be_visible()  # the desk itself may have held the database
    typed = page.get_by_label("Url")
    with held(desk.workspace.database.path) as process:
        page.get_by_label("A feed, or").fill("http://127.0.0.1:9/f<b>")
        page.get_by_role("button", name="Follow", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("allow it with allow_hosts")
        expect(typed).to_have_value("http://127.0.0.1:9/f<b>")
        typed.fill("https://a.example/feed")
        page.locator("main form").evaluate("form => (form.action = '/feeds/retry')")  # needs no network
        page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_role("alert")).to_contain_text(f"(process {process})")
        expect(typed).to_have_value("https://a.example/feed")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("main")).to_contain_text("https://a.example/feed")
    expect(page.get_by_role("button", name="Send it again")).to_be_hidden()


def test_interface_names_the_holder(client, desk):
    """A program gets the sentence as JSON."""
    with held(desk.workspace.database.path) as process:
        answer = client.get("/api/status")
    assert answer.status_code == 503
    assert f"(process {process})" in answer.json()["error"]


@pytest.mark.parametrize("scripts", [True, False])
def test_page_comes_by_itself(address, desk, open_page, scripts):
    """Once the database is free the page is there, with and without scripts."""
    with held(desk.workspace.database.path) as process:
        page = open_page(address + "/feeds", java_script_enabled=scripts)
        expect(page.get_by_role("heading", name="The database is busy")).to_be_visible()
        expect(page.locator("main")).to_contain_text(f"(process {process})")
    expect(page.get_by_role("heading", name="Feeds", exact=True)).to_be_visible()


def test_text_comes_by_itself(address, desk, ids, open_page):
    """The article under the cursor is completed once the database is free, without a key."""
    page = open_page(address)
    with held(desk.workspace.database.path):
        with page.expect_response(lambda answer: answer.url.endswith(f"{ids[10]}/text") and answer.status == 503):
            page.locator(".story").nth(10).click()  # further down than texts are fetched ahead
        expect(page.locator(".read[data-pending]")).to_have_attribute("data-story", ids[10])
    expect(page.locator(".read:not([data-pending])")).to_have_attribute("data-story", ids[10])
