"""The sentences that pass on the page: a refusal can be read whatever else is said; names stay as they are written."""

import pytest
from playwright.sync_api import expect

from helpers import NOW
from pipeline.core.types import Decision

OTHERS = {"note": {"text": "Mine"}, "pick": {}, "section": {"section": "data"}}


@pytest.fixture
def page(desk, ids, address, open_page):
    """Ann's page, which has not heard what ben decided on the first story."""
    page = open_page(address)
    page.wait_for_timeout(500)
    page.route("**/api/changes*", lambda route: route.abort())
    page.route("**/update*", lambda route: route.abort())
    desk.record([Decision(ids[0], "pick", "ben", NOW)])
    return page


def test_a_refusal_stands_beside_what_is_said_after_it(page, ids):
    """News of other editors and the editor's own next steps do not replace it before it can be read."""
    page.keyboard.press("x")
    refusal = page.locator("#said .error")
    expect(refusal).to_contain_text("ben has marked")
    page.evaluate("import('/static/said.js').then(({ tell }) => tell('ben decided on 8.'))")
    expect(page.locator("#said")).to_contain_text("ben decided on 8.")
    page.keyboard.press("2")
    expect(page.locator("#said")).to_contain_text("Section set")
    expect(page.locator("#said")).not_to_contain_text("ben decided on 8.")
    expect(refusal).to_be_visible()
    above, below = refusal.bounding_box(), page.locator("#said p").last.bounding_box()
    assert above["y"] + above["height"] <= below["y"]


def test_a_refusal_that_was_read_leaves_with_the_next_sentence(page):
    """A refusal stays as long as reading takes; after that the editor's next step clears it, another's does not."""
    page.clock.install()
    page.keyboard.press("x")
    expect(page.locator("#said .error")).to_have_count(1)
    page.clock.run_for(60_000)
    page.evaluate("import('/static/said.js').then(({ tell }) => tell('ben decided on 8.'))")
    expect(page.locator("#said p")).to_have_count(2)
    page.evaluate("import('/static/said.js').then(({ say }) => say('Copied.'))")
    expect(page.locator("#said")).to_have_text("Copied.")
    page.clock.run_for(60_000)
    expect(page.locator("#said p")).to_have_count(0)


@pytest.mark.parametrize("verdict", OTHERS)
def test_names_of_editors_stay_as_they_are_written(desk, client, ids, verdict):
    """No sentence begins with the name of an editor, which the page would give a capital."""
    seen = desk.seq
    desk.record([Decision(ids[0], verdict, "ben", NOW, **OTHERS[verdict])])
    body = {"ids": [ids[0]], "id": ids[0], "verdict": verdict, "text": "Ours", "section": "career", "seen": seen}
    answer = client.post("/api/notes" if verdict == "note" else "/api/decisions", json=body)
    assert answer.status_code == 409
    assert " ben has " in answer.json()["error"]


def test_hints_at_keys_need_a_script(address, open_page):
    """Where no script runs, no key does anything, and no button names one."""
    page = open_page(address, java_script_enabled=False)
    assert page.locator("kbd:visible").count() == 0
    assert page.get_by_placeholder("Blurb", exact=True).count() == 1
    page.goto(f"{address}/help")
    expect(page.get_by_text("keys need JavaScript")).to_be_visible()
    with_script = open_page(address)
    assert with_script.locator(".verdicts kbd:visible").count() == 3
    assert with_script.get_by_placeholder("Blurb (e)", exact=True).count() == 1
    with_script.goto(f"{address}/help")
    expect(with_script.get_by_text("keys need JavaScript")).to_be_hidden()
