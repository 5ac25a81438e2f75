"""A browser that keeps nothing, or whose storage is full: keys decide and blurbs are saved all the same."""

import pytest
from playwright.sync_api import expect
from pressing import journal_when

REFUSED = {
    "denied": """for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(window, name,
        { get() { throw new DOMException("Access is denied for this document.", "SecurityError"); } })""",
    "full": """Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }""",
    "broken": """sessionStorage.setItem("triage.cursor./", "{"); localStorage.setItem("triage.queue.1", "{")""",
}


@pytest.fixture
def page(browser, address, request):
    context = browser.new_context()
    context.add_init_script(REFUSED[request.param])
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert errors == []


@pytest.mark.parametrize("page", REFUSED, indirect=True)
def test_the_desk_works(workspace, desk, ids, page):
    """Keys decide, a blurb is saved, and a decision that was unsent for a while arrives."""
    page.keyboard.press("x")
    page.keyboard.press("e")
    page.keyboard.type("Worth it.")
    page.keyboard.press("Control+Enter")
    assert journal_when(workspace, 2) == [(ids[0], "skip"), (ids[1], "note")]
    assert desk.story(ids[1]).note == "Worth it."
    page.route("**/api/decisions", lambda route: route.abort())
    page.keyboard.press("p")
    expect(page.locator("#unsent")).to_contain_text("1 decision is kept")
    page.unroute("**/api/decisions")
    assert journal_when(workspace, 3)[2] == (ids[1], "pick")


@pytest.mark.parametrize("page", ["denied", "full"], indirect=True)
def test_what_only_the_page_holds_is_not_left_unasked(ids, page):
    """The banner says that the page must stay open, and the browser asks before it is left."""
    page.route("**/api/decisions", lambda route: route.abort())
    page.keyboard.press("x")
    expect(page.locator("#unsent")).to_contain_text("leave this page open")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("body").click(position={"x": 2, "y": 2})
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
