"""Keys act on what is seen, in order, once; blurbs are never lost; whatever the network and the server do meanwhile."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import served
from playwright.sync_api import Page, expect

from helpers import NOW
from invented import lay_stories
from pipeline.core.types import Decision
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.store import decisions

N = 80
VERDICTS = {"p": "pick", "x": "skip", "l": "later"}


@pytest.fixture
def ids(workspace) -> list[str]:
    """Ids of the stories on the shortlist, best first."""
    return lay_stories(workspace, N)


@pytest.fixture
def address(desk) -> Iterator[str]:
    """A served desk of the editor ann."""
    with JournalSync(desk, lambda desk: None) as sync, served(build(desk, sync, "ann")) as address:
        yield address


@contextmanager
def review_process(folder, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `triage review` as a process of its own."""
    command = [sys.executable, "-m", "flows.cli", "review", "--workspace", str(folder), "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--no-browser", "--editor", "ann"], env=os.environ | {"PYTHONPATH": str(Path.cwd())}
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cursor(page: Page) -> str | None:
    return page.locator('.story[aria-current="true"]').get_attribute("data-id")


def press_every_100_ms(page: Page, keys: str) -> list[str | None]:
    """Press keys ten times a second, and return which story was highlighted at each."""
    seen = []
    start = time.monotonic()
    for n, key in enumerate(keys):
        page.wait_for_timeout(max(0, (start + n / 10 - time.monotonic()) * 1000))
        seen.append(
            page.evaluate(f"""() => {{
            const id = document.querySelector('.story[aria-current="true"]').dataset.id;
            const pressed = new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, cancelable: true}});
            document.activeElement.dispatchEvent(pressed);
            return id;
        }}""")
        )
    return seen


def journal_when(workspace, n: int, editor: str = "ann", seconds: float = 40) -> list[tuple[str | None, str]]:
    """Wait until an editor has made n decisions, and return them all."""
    end = time.monotonic() + seconds
    while True:
        made = [(d.article_id, d.verdict) for d in workspace.journal.read() if d.editor == editor]
        if len(made) >= n or time.monotonic() > end:
            return made
        time.sleep(0.1)


KEYS = "xpxlxx" * 10


def expected(seen: list[str | None]) -> list[tuple[str | None, str]]:
    return [(id, VERDICTS[key]) for id, key in zip(seen, KEYS, strict=True)]


def test_sixty_keys_decide_on_sixty_stories(workspace, address, open_page):
    """Sixty keys in six seconds are sixty decisions on the sixty highlighted stories, in that order."""
    page = open_page(address)
    seen = press_every_100_ms(page, KEYS)
    assert len(set(seen)) == 60
    assert journal_when(workspace, 60) == expected(seen)


def test_keys_are_kept_while_the_server_stalls(workspace, desk, address, open_page):
    """With a server that answers nothing for five seconds the keys go on, a banner says so, and nothing is lost."""
    page = open_page(address)
    page.wait_for_timeout(800)

    def stall() -> None:
        with desk._lock:
            time.sleep(5)

    thread = threading.Thread(target=stall)
    thread.start()
    seen = press_every_100_ms(page, KEYS[:30])
    expect(page.locator("#unsent")).to_contain_text("decisions are kept")
    seen += press_every_100_ms(page, KEYS[30:])
    thread.join()
    assert journal_when(workspace, 60) == expected(seen)
    assert len(set(seen)) == 60
    expect(page.locator("#unsent")).to_be_hidden()


def test_keys_outlive_a_killed_server(workspace, ids, open_page):
    """The desk is killed in the midst of sixty keys and started again: all are recorded once, in order."""
    port = free_port()
    with review_process(workspace.folder, port) as process:
        page = open_page(f"http://127.0.0.1:{port}/")
        page.wait_for_timeout(800)
        seen = press_every_100_ms(page, KEYS[:20])
        process.send_signal(signal.SIGKILL)
        seen += press_every_100_ms(page, KEYS[20:])
        expect(page.locator("#unsent")).to_contain_text("kept in this browser")
    with review_process(workspace.folder, port):
        made = journal_when(workspace, 60)
        page.wait_for_timeout(1000)
    assert made == expected(seen)
    assert len(journal_when(workspace, 60)) == 60


def test_a_second_editor_decides_meanwhile(workspace, ids, address, open_page):
    """Another editor decides on the tail while sixty keys are pressed: both have all their decisions."""
    page = open_page(address)

    def decide() -> None:
        for id in ids[62:]:
            decisions.record(workspace.journal, workspace.database, [Decision(id, "skip", "bob", NOW)])
            time.sleep(0.2)

    thread = threading.Thread(target=decide)
    thread.start()
    seen = press_every_100_ms(page, KEYS)
    thread.join()
    assert journal_when(workspace, 60) == expected(seen)
    assert journal_when(workspace, 18, "bob") == [(id, "skip") for id in ids[62:]]


def test_refused_decision_rolls_back(workspace, desk, ids, address, open_page):
    """A story that another editor decided on comes back marked, with the reason, and the next keys are not touched."""
    page = open_page(address)
    page.wait_for_timeout(500)
    page.route("**/api/changes*", lambda route: route.abort())
    page.route("**/update*", lambda route: route.abort())
    desk.record([Decision(ids[0], "later", "bob", NOW)])
    page.keyboard.press("x")
    page.keyboard.press("p")
    expect(page.locator("#said")).to_contain_text("bob has marked")
    expect(page.locator(f"#s-{ids[0]}")).to_have_class("story new refused")
    assert journal_when(workspace, 1) == [(ids[1], "pick")]
    page.keyboard.press("u")
    page.keyboard.press("u")
    page.wait_for_timeout(800)
    assert desk.story(ids[0]).state == "later"


def test_unsent_decisions_survive_a_reload(workspace, ids, open_page):
    """Decisions that could not be sent are sent by the next page of the desk, even in another tab."""
    desk = Desk(workspace)
    sync = JournalSync(desk, lambda desk: None)
    with served(build(desk, sync, "ann")) as address:
        page = open_page(address)
        page.wait_for_timeout(500)
        page.route("**/api/decisions", lambda route: route.abort())
        page.keyboard.press("x")
        page.keyboard.press("p")
        page.wait_for_timeout(300)
        page.unroute("**/api/decisions")
        page.reload()
        assert journal_when(workspace, 2) == [(ids[0], "skip"), (ids[1], "pick")]
        assert page.locator(f"#s-{ids[0]}").count() == 0


# --- blurbs ----------------------------------------------------------------------------------------------------------


def write(page: Page, text: str) -> None:
    page.keyboard.press("e")
    page.wait_for_selector("[data-field=blurb]:focus")
    page.keyboard.type(text)


# in the page, for a handler of ours would hold up the keys, too
SLOW_ARTICLES = """() => {
    const ask = window.fetch;
    const later = () => new Promise(resume => setTimeout(resume, 2000));
    window.fetch = (url, options) => /article$/.test(url) ? later().then(() => ask(url, options)) : ask(url, options);
}"""


def blurb_when(desk, id: str, text: str, seconds: float = 20) -> str:
    end = time.monotonic() + seconds
    while desk.story(id).note != text and time.monotonic() < end:
        desk.read_journal()
        time.sleep(0.05)
    return desk.story(id).note


def test_blurb_then_escape_then_pick(desk, ids, address, open_page):
    """`e`, type, `Esc`, `p`: the story is picked and its blurb is there."""
    page = open_page(address)
    write(page, "Worth your time.")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert blurb_when(desk, ids[0], "Worth your time.") == "Worth your time."
    assert desk.story(ids[0]).state in ("new", "picked")
    expect(page.locator(".count")).to_contain_text("1 picked")


def type_ahead(page: Page, id: str, text: str) -> None:
    """Type a story's blurb while its article is still loading."""
    page.evaluate(SLOW_ARTICLES)
    page.click(f"#s-{id} .title")
    page.keyboard.press("e")
    page.keyboard.type(text)


def test_typed_ahead_of_the_article(desk, ids, address, open_page):
    """Keys typed right after `e` are text, never commands, even if the article is still loading."""
    page = open_page(address)
    type_ahead(page, ids[20], "pxl plain words")
    assert blurb_when(desk, ids[20], "pxl plain words") == "pxl plain words"
    assert {story.state for story in desk.stories()} == {"new"}


def test_escape_before_the_article_is_there(desk, ids, address, open_page):
    """`e`, type, `Esc`, `p` while the article still loads: the blurb is there without the `p`, the story is picked."""
    page = open_page(address)
    type_ahead(page, ids[20], "Plain words.")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert blurb_when(desk, ids[20], "Plain words.") == "Plain words."
    expect(page.locator(".count")).to_contain_text("1 picked")
    assert desk.story(ids[20]).state == "picked"


def test_keys_work_again_when_no_article_comes(desk, ids, address, open_page):
    """`e` without an article does not swallow the keys after `Esc`; the text is saved as soon as it can be."""
    page = open_page(address)
    page.wait_for_timeout(1500)
    page.route("**/article", lambda route: route.abort())
    page.evaluate("document.querySelector('[data-pane=article]').replaceChildren()")
    page.keyboard.press("e")
    page.keyboard.type("Kept.")
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator("#last .what")).to_contain_text("Skipped")
    page.unroute("**/article")
    assert blurb_when(desk, ids[0], "Kept.") == "Kept."


def test_a_key_held_down_decides_once(desk, ids, address, open_page):
    """A held `x` skips the story that is seen, not thirty a second that nobody has read."""
    page = open_page(address)
    for _ in range(8):
        page.keyboard.down("x")
    page.keyboard.up("x")
    expect(page.locator(".tabs")).to_contain_text("Skipped 1")
    assert [story.id for story in desk.stories() if story.state == "skipped"] == [ids[0]]


def test_blurb_is_saved_while_typing(desk, ids, address, open_page):
    """A pause saves the text, and it is one undo however often it was saved."""
    page = open_page(address)
    write(page, "One")
    assert blurb_when(desk, ids[0], "One") == "One"
    expect(page.locator(".blurb .saved")).to_have_text("saved")
    page.keyboard.type(" two")
    assert blurb_when(desk, ids[0], "One two") == "One two"
    page.keyboard.press("Control+Enter")
    expect(page.locator(".blurb .saved")).to_have_text("saved")
    page.keyboard.press("u")
    assert blurb_when(desk, ids[0], "") == ""


@pytest.mark.parametrize("leave", ["reload", "goto", "close"])
def test_blurb_survives_leaving_the_page(desk, ids, address, browser, leave):
    """A text that was not sent is there after a reload, on another page of the desk, and in another window."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.route("**/api/notes", lambda route: route.abort())
    write(page, "Not sent yet")
    if leave == "close":
        other = context.new_page()
        page.close()
        page = other
        page.goto(address + "/status")
    else:
        page.unroute("**/api/notes")
        page.reload() if leave == "reload" else page.goto(address + "/status")
    assert blurb_when(desk, ids[0], "Not sent yet") == "Not sent yet"
    context.close()


def test_blurb_survives_a_killed_server(workspace, ids, open_page):
    """What is typed while the desk is dead is saved when it is back."""
    port = free_port()
    with review_process(workspace.folder, port):
        page = open_page(f"http://127.0.0.1:{port}/")
        page.wait_for_timeout(500)
    write(page, "Typed into the void")
    page.keyboard.press("Escape")
    with review_process(workspace.folder, port):
        assert journal_when(workspace, 1) == [(ids[0], "note")]
    assert workspace.journal.read()[0].text == "Typed into the void"


def test_blurb_survives_another_editors_decision(desk, ids, address, open_page):
    """While another editor skips the story, the text stays under the writer's hands and is saved."""
    page = open_page(address)
    write(page, "Half a ")
    desk.record([Decision(ids[0], "skip", "bob", NOW)])
    expect(page.locator(".tabs")).to_contain_text("Skipped 1", timeout=8000)
    page.keyboard.type("sentence")
    page.keyboard.press("Control+Enter")
    assert blurb_when(desk, ids[0], "Half a sentence") == "Half a sentence"
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)


def test_two_blurbs_for_one_story(desk, ids, address, open_page):
    """Another editor's blurb is not overwritten unseen; one's own text stays, and a second save replaces it."""
    page = open_page(address)
    page.route("**/api/changes*", lambda route: route.abort())
    page.route("**/update*", lambda route: route.abort())
    page.wait_for_timeout(300)
    desk.record([Decision(ids[0], "note", "bob", NOW, text="Bob's words")])
    write(page, "Mine")
    expect(page.locator(".blurb .saved")).to_contain_text("Bob's words")
    assert desk.story(ids[0]).note == "Bob's words"
    assert page.locator("[data-field=blurb]").input_value() == "Mine"


# --- what is out of sight --------------------------------------------------------------------------------------------


def test_first_key_brings_the_cursor_into_view(desk, ids, address, open_page):
    """After scrolling away the first key decides nothing and shows the row; the second decides."""
    page = open_page(address)
    page.evaluate("document.querySelector('#rows').scrollTop = 3000")
    page.keyboard.press("x")
    page.wait_for_timeout(400)
    assert desk.workspace.journal.read() == []
    assert cursor(page) == ids[0]
    expect(page.locator(f"#s-{ids[0]}")).to_be_in_viewport()
    page.keyboard.press("x")
    assert journal_when(desk.workspace, 1) == [(ids[0], "skip")]


def test_cursor_is_where_it_was(ids, address, open_page):
    """After a reload, and after Back from another page, the cursor is on the same row, in view."""
    page = open_page(address)
    for _ in range(30):
        page.keyboard.press("j")
    page.reload()
    assert cursor(page) == ids[30]
    page.goto(address + "/status")
    page.go_back()
    assert cursor(page) == ids[30]
    expect(page.locator(f"#s-{ids[30]}")).to_be_in_viewport()


def test_section_menu_is_one_decision(desk, ids, address, open_page):
    """Arrows in the section menu decide nothing; Enter sets the section, Escape leaves it."""
    page = open_page(address)
    page.keyboard.press("s")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert journal_when(desk.workspace, 1) == [(ids[0], "section")]
    page.wait_for_timeout(300)
    assert len(desk.workspace.journal.read()) == 1
    assert desk.story(ids[0]).section == desk.workspace.newsletter.sections[2].key
    expect(page.locator(f"#s-{ids[0]} .place-name")).to_contain_text(desk.workspace.newsletter.sections[2].name)


# --- undo and what is said -------------------------------------------------------------------------------------------


def test_undo_tells_and_returns(desk, ids, address, open_page):
    """The page names what undo takes back; `u` puts that story under the cursor, also after a reload."""
    page = open_page(address)
    for key in "xxj":
        page.keyboard.press(key)
    expect(page.locator("#last .what")).to_contain_text("Skipped “Profiling")
    page.keyboard.press("u")
    assert cursor(page) == ids[1]
    expect(page.locator("#last .what")).to_contain_text("Skipped “How we run")
    journal_when(desk.workspace, 3)
    page.reload()
    page.keyboard.press("u")
    expect(page.locator(f"#s-{ids[0]}")).to_be_visible()
    assert cursor(page) == ids[0]
    assert {story.state for story in desk.stories()} == {"new"}


def test_group_clears_the_marks(ids, address, open_page):
    """After grouping no row stays marked, and the button was in view."""
    page = open_page(address)
    page.keyboard.press("m")
    page.keyboard.press("j")
    page.keyboard.press("m")
    expect(page.locator("#group button[data-key=g]")).to_be_in_viewport()
    page.keyboard.press("g")
    expect(page.locator(f"#s-{ids[1]}")).to_have_count(0)
    expect(page.locator(f"#s-{ids[0]}")).to_contain_text("1 in one entry")
    assert page.locator(".story input:checked").count() == 0
