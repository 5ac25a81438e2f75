"""Keys mean the same on every keyboard: CapsLock, layouts of other scripts, input methods, a key held down."""

import pytest
from playwright.sync_api import Page, expect
from pressing import cursor, journal_when

KEYDOWN = """keys => { for (const key of keys) document.activeElement.dispatchEvent(
    new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...key })); }"""


def press(page: Page, *keys: dict[str, object]) -> None:
    """Press keys as a keyboard of that layout and state reports them."""
    page.evaluate(KEYDOWN, list(keys))


def test_capslock_changes_no_key(workspace, ids, address, open_page):
    """With CapsLock on `j` moves and `x` skips; Shift still selects."""
    page = open_page(address)
    press(page, {"key": "J", "code": "KeyJ"})
    assert cursor(page) == ids[1]
    expect(page.locator(".story input:checked")).to_have_count(0)
    press(page, {"key": "X", "code": "KeyX"})
    assert journal_when(workspace, 1) == [(ids[1], "skip")]
    press(page, {"key": "j", "code": "KeyJ", "shiftKey": True})
    expect(page.locator(".story input:checked")).to_have_count(2)


@pytest.mark.parametrize(
    ("letter", "code"), [("ч", "KeyX"), ("ס", "KeyX"), ("χ", "KeyX"), ("ء", "KeyX"), ("x", "KeyB"), ("x", "")]
)
def test_letters_of_other_scripts(workspace, ids, address, open_page, letter, code):
    """A letter that is not Latin means the Latin one on its key; a Latin one means itself, wherever it stands."""
    page = open_page(address)
    press(page, {"key": letter, "code": code})
    assert journal_when(workspace, 1) == [(ids[0], "skip")]


def test_digits_of_other_scripts(desk, ids, address, open_page):
    """A Persian 2 sets the second section."""
    page = open_page(address)
    press(page, {"key": "۲", "code": "Digit2"})
    assert journal_when(desk.workspace, 1) == [(ids[0], "section")]
    assert desk.story(ids[0]).section == desk.workspace.newsletter.sections[1].key


def test_palette_opens_on_a_cyrillic_keyboard(address, open_page):
    """Ctrl+K is found on its key, also with CapsLock."""
    page = open_page(address)
    for key in ("л", "K"):
        press(page, {"key": key, "code": "KeyK", "ctrlKey": True})
        expect(page.locator("#palette")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()


def test_a_key_held_down_acts_once(workspace, ids, address, open_page):
    """Held down, `x` skips one story and `u` reverts one decision; `j` goes on."""
    page = open_page(address)
    held = {"key": "x", "code": "KeyX"}, *[{"key": "x", "code": "KeyX", "repeat": True}] * 5
    press(page, *held)
    press(page, {"key": "x", "code": "KeyX"})
    journal_when(workspace, 2)
    press(page, {"key": "u", "code": "KeyU"}, *[{"key": "u", "code": "KeyU", "repeat": True}] * 5)
    assert journal_when(workspace, 3) == [(ids[0], "skip"), (ids[1], "skip"), (ids[1], "undo")]
    press(page, *[{"key": "j", "code": "KeyJ", "repeat": True}] * 3)
    assert cursor(page) == ids[4]
    page.wait_for_timeout(300)
    assert len(workspace.journal.read()) == 3


def test_keys_of_the_browser_are_left_to_it(workspace, address, open_page):
    """Ctrl+P prints, Ctrl+L and Alt+X are the browser's, and an input method has its keys."""
    page = open_page(address)
    for key in (
        {"key": "p", "code": "KeyP", "ctrlKey": True},
        {"key": "l", "code": "KeyL", "metaKey": True},
        {"key": "x", "code": "KeyX", "altKey": True},
        {"key": "x", "code": "KeyX", "isComposing": True},
        {"key": "x", "code": "KeyX", "keyCode": 229},  # Safari's last key of a composition
    ):
        prevented = page.evaluate(
            """key => !document.activeElement.dispatchEvent(
                new KeyboardEvent("keydown", { bubbles: true, cancelable: true, ...key }))""",
            key,
        )
        assert not prevented, key
    page.wait_for_timeout(400)
    assert workspace.journal.read() == []


def test_enter_of_an_input_method_stays_in_the_blurb(address, open_page):
    """Ctrl+Enter and Esc that end a composition neither leave the blurb nor close anything."""
    page = open_page(address)
    page.keyboard.press("e")
    expect(page.locator("[data-field=blurb]")).to_be_focused()
    for key in ("Enter", "Escape"):
        press(page, {"key": key, "ctrlKey": key == "Enter", "isComposing": True})
        press(page, {"key": key, "ctrlKey": key == "Enter", "keyCode": 229})
        expect(page.locator("[data-field=blurb]")).to_be_focused()


def test_quote_has_a_letter(ids, address, open_page):
    """`q` quotes as `"` does: on international layouts that is a dead key, which waits for a letter."""
    page = open_page(address)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.reader .summary'))")
    page.keyboard.press("q")
    expect(page.locator("[data-field=blurb]")).to_have_value("“A summary that says a little more than the title does.”")


def test_keys_on_the_page_of_one_story(desk, ids, address, open_page):
    """Where a story has a page of its own, its keys are the same: quote, blurb, section, then the verdict."""
    page = open_page(f"{address}/story/{ids[1]}")
    page.evaluate("getSelection().selectAllChildren(document.querySelector('.read .summary'))")
    page.keyboard.press('"')
    page.keyboard.press("e")
    page.keyboard.press("End")
    page.keyboard.type(" So it does.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".blurb .saved")).to_have_text("saved")
    assert desk.story(ids[1]).note == "“A summary that says a little more than the title does.” So it does."
    page.keyboard.press("s")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_class("js")
    assert desk.story(ids[1]).section == desk.workspace.newsletter.sections[2].key
    with page.expect_navigation():
        page.keyboard.press("5")
    expect(page.locator("html")).to_have_class("js")
    assert desk.story(ids[1]).section == desk.workspace.newsletter.sections[4].key
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Back to new")).to_be_visible()
    assert desk.story(ids[1]).state == "picked"
