"""Blurbs are never lost: whatever is left, reloaded, killed or decided by others while they are written."""

import time

import pytest
from playwright.sync_api import Page, expect
from pressing import free_port, journal_when, review_process

from helpers import NOW
from pipeline.core.types import Decision


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


def test_left_before_the_article_is_there(desk, ids, address, open_page):
    """`e`, type, and leave the page while the article still loads: the next page saves the words, once."""
    page = open_page(address)
    type_ahead(page, ids[20], "Plain words.")
    page.goto(f"{address}/status")
    assert blurb_when(desk, ids[20], "Plain words.") == "Plain words."
    page.go_back()
    page.wait_for_timeout(1000)
    assert blurb_when(desk, ids[20], "Plain words.") == "Plain words."
    assert page.evaluate("Object.keys(localStorage)") == []


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


def test_keys_of_an_input_method_are_its_own(address, open_page):
    """Escape takes back a word that is being composed, and does not leave the blurb."""
    page = open_page(address)
    write(page, "記")
    page.evaluate("""() => document.activeElement.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true, cancelable: true }))""")
    expect(page.locator("[data-field=blurb]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-field=blurb]")).not_to_be_focused()


def test_blurb_is_saved_while_typing(desk, ids, address, open_page):
    """A pause saves the text, and it is one undo however often it was saved."""
    page = open_page(address)
    write(page, "One")
    assert blurb_when(desk, ids[0], "One") == "One"
    expect(page.locator(".blurb .saved")).to_have_text("saved")
    page.keyboard.type(" two")
    assert blurb_when(desk, ids[0], "One two") == "One two"
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-field=blurb]")).not_to_be_focused()
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
    expect(page.locator(".tabs")).to_contain_text("Skipped 1")
    page.keyboard.type("sentence")
    page.keyboard.press("Control+Enter")
    assert blurb_when(desk, ids[0], "Half a sentence") == "Half a sentence"
    page.keyboard.press("j")
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)


def test_two_blurbs_for_one_story(desk, ids, address, open_page):
    """Another editor's blurb is not overwritten unseen, even if the page has heard of it; a second save replaces it."""
    page = open_page(address)
    write(page, "Mi")
    page.route("**/api/notes", lambda route: route.abort())
    desk.record([Decision(ids[0], "note", "bob", NOW, text="Bob's words")])
    page.wait_for_timeout(2500)  # the page asks what others have decided
    page.keyboard.type("ne")
    page.unroute("**/api/notes")
    expect(page.locator(".blurb .saved")).to_contain_text("Bob's words")
    page.reload()
    page.wait_for_timeout(1500)
    expect(page.locator(".blurb .saved")).to_contain_text("Bob's words")
    assert desk.story(ids[0]).note == "Bob's words"
    assert page.locator("[data-field=blurb]").input_value() == "Mine"
    page.keyboard.press("e")
    page.keyboard.press("Control+Enter")
    assert blurb_when(desk, ids[0], "Mine") == "Mine"
