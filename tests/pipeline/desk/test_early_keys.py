"""Keys that are pressed while the page's script is still on its way."""

import time

import pytest
from playwright.sync_api import Page, expect
from pressing import cursor, journal_when


@pytest.fixture
def held(address, open_page) -> Page:
    """The desk whose script has not come yet; `come` lets it."""
    page = open_page("about:blank")
    waiting = []
    page.route("**/static/keys.js", lambda route: waiting.append(route))
    page.come = lambda: [route.continue_() for route in waiting]  # type: ignore[attr-defined]
    page.goto(address, wait_until="commit")
    page.wait_for_selector('.story[aria-current="true"]')
    end = time.monotonic() + 20
    while not waiting and time.monotonic() < end:
        page.wait_for_timeout(20)
    return page


def test_keys_before_the_script_act_once_it_runs(held, workspace, ids):
    """Each on the story that the ones before leave under the cursor."""
    for key in "xpj":
        held.keyboard.press(key)
    held.come()
    expect(held.locator("html")).to_have_class("js")
    assert journal_when(workspace, 2) == [(ids[0], "skip"), (ids[1], "pick")]
    expect(held.locator(f"#s-{ids[3]}")).to_have_attribute("aria-current", "true")


def test_keys_before_the_script_are_text_in_a_field(held, workspace):
    """What is typed in the search is no command."""
    held.locator("#q").focus()
    held.keyboard.type("px")
    held.come()
    expect(held.locator("html")).to_have_class("js")
    held.wait_for_timeout(500)
    assert workspace.journal.read() == []
    expect(held.locator("#q")).to_have_value("px")


def test_keys_before_the_script_never_meet_another_story(held, workspace, address, ids):
    """After a reload the cursor returns to its story, which was not the one marked when the key was pressed."""
    held.come()
    expect(held.locator("html")).to_have_class("js")
    held.keyboard.press("j")
    held.keyboard.press("j")
    waiting = []
    held.unroute("**/static/keys.js")
    held.route("**/static/keys.js", lambda route: waiting.append(route))
    held.reload(wait_until="commit")
    held.wait_for_selector(f'#s-{ids[0]}[aria-current="true"]')
    held.keyboard.press("x")
    while not waiting:
        held.wait_for_timeout(20)
    waiting[0].continue_()
    expect(held.locator("html")).to_have_class("js")
    held.wait_for_timeout(500)
    assert cursor(held) == ids[2]
    assert workspace.journal.read() == []
