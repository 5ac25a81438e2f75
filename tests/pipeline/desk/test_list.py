"""The list in a browser: dense, complete, searched as one types, and decided on in bulk."""

import time

import pytest
from playwright.sync_api import Page, expect

from invented import lay_stories
from pipeline.core.types import StepReport
from pipeline.desk import commands
from pipeline.store.runs import record_run

N = 260


@pytest.fixture
def ids(workspace) -> list[str]:
    """Ids of the stories on the shortlist, best first."""
    ids = lay_stories(workspace, N)
    with workspace.database.writing() as connection:
        connection.execute("UPDATE articles SET text = 'It mentions quokkas once.' WHERE id = ?", [ids[200]])
        connection.execute("UPDATE review SET relevance = 0.001 WHERE rank > ?", [N - 40])
    record_run(workspace.database, StepReport("rank", N, N, 0, 0.0, {"is_calibrated": True}), workspace.as_of)
    return ids


def shown(page: Page) -> list[str]:
    return page.eval_on_selector_all(".story", "rows => rows.map(row => row.dataset.id)")


def cursor(page: Page) -> str | None:
    return page.locator('.story[aria-current="true"]').get_attribute("data-id")


def states(desk, ids: list[str]) -> list[str]:
    return [desk.story(id).state for id in ids]


def wait_for(what, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not what() and time.monotonic() < end:
        time.sleep(0.05)
    assert what()


WHOLE_ROWS = """() => {
    const frame = document.querySelector('#rows').getBoundingClientRect();
    return [...document.querySelectorAll('[data-id]')].map(row => row.getBoundingClientRect())
        .filter(box => box.top >= frame.top - 1 && box.bottom <= Math.min(frame.bottom, innerHeight) + 1).length;
}"""


@pytest.mark.parametrize(("width", "height", "rows"), [(1440, 900, 12), (1280, 800, 10)])
def test_whole_rows_fit(address, open_page, width, height, rows):
    """Even with a notice above the list so many whole rows of 56 to 64 px are seen, and nothing is cut off."""
    page = open_page(address, viewport={"width": width, "height": height})
    page.wait_for_timeout(400)
    assert page.evaluate(WHOLE_ROWS) >= rows
    assert 56 <= page.locator(".story").first.bounding_box()["height"] <= 64
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for pane in (".issue-scroll", "#rows"):
        assert (
            page.evaluate(
                f"document.querySelector('{pane}').scrollWidth - document.querySelector('{pane}').clientWidth"
            )
            <= 0
        )


def test_a_phone_shows_one_story_and_its_verdicts(address, open_page):
    """On a phone the summary is read and Pick, Skip, Later are at the thumb, 44 px or more."""
    page = open_page(address, viewport={"width": 390, "height": 844}, has_touch=True)
    expect(page.locator(".reader .text, .reader .summary").first).to_be_in_viewport()
    for verdict in ("pick", "skip", "later"):
        button = page.locator(f'[data-pane="article"] .verdicts button[value={verdict}]')
        expect(button).to_be_in_viewport()
        assert button.bounding_box()["height"] >= 44
        assert button.bounding_box()["y"] > 700


def test_every_candidate_is_reached(ids, address, open_page):
    """`j` goes through all candidates and says that it was the last; scrolling loads the rest, too."""
    page = open_page(address)
    assert page.locator(".story").count() < N
    for n in range(N + 2):
        page.keyboard.press("j")
        if n % 40 == 39:
            page.wait_for_timeout(250)
    wait_for(lambda: cursor(page) == ids[-1])
    page.keyboard.press("j")
    expect(page.locator("#said")).to_contain_text(f"the last of {N}")
    assert shown(page) == ids


def test_scrolling_loads_more(ids, address, open_page):
    """A wheel reaches the last candidate."""
    page = open_page(address)
    page.wait_for_timeout(400)
    for _ in range(8):
        page.evaluate("document.querySelector('#rows').scrollTop = 1e6")
        page.wait_for_timeout(300)
    assert len(shown(page)) == N


def test_search_as_one_types(ids, address, open_page):
    """Words in the text are found while typing, the address keeps them, and without them all stories are back."""
    page = open_page(address)
    page.keyboard.press("/")
    page.keyboard.type("quokkas")
    expect(page.locator("#narrowed")).to_contain_text("1 story with “quokkas”")
    assert shown(page) == [ids[200]]
    assert cursor(page) == ids[200]
    page.reload()
    assert shown(page) == [ids[200]]
    page.locator("#q").fill("")
    expect(page.locator("#narrowed")).to_be_hidden()
    assert shown(page)[:3] == ids[:3]
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    wait_for(lambda: len(shown(page)) > 3)


def test_the_cursors_row_says_why(ids, address, open_page):
    """The row under the cursor shows one reason, the others their summary."""
    page = open_page(address)
    expect(page.locator(f"#s-{ids[0]} .why")).to_be_visible()
    expect(page.locator(f"#s-{ids[1]} .why")).to_be_hidden()
    expect(page.locator(f"#s-{ids[1]} .gist")).to_be_visible()
    page.keyboard.press("j")
    expect(page.locator(f"#s-{ids[1]} .why")).to_be_visible()


def test_selected_stories_are_decided_together(desk, ids, address, open_page):
    """Shift+j selects on, `x` skips all, one `u` brings all back."""
    page = open_page(address)
    page.keyboard.press("j")
    page.keyboard.press("Shift+J")
    page.keyboard.press("Shift+J")
    expect(page.locator("#group .n")).to_have_text("3 selected")
    page.keyboard.press("x")
    expect(page.locator("#last .what")).to_contain_text("Skipped 3 stories")
    wait_for(lambda: states(desk, ids[:5]) == ["new", "skipped", "skipped", "skipped", "new"])
    assert cursor(page) == ids[4]
    page.keyboard.press("u")
    wait_for(lambda: set(states(desk, ids[:5])) == {"new"})
    assert shown(page)[:5] == ids[:5]


def test_digits_place_the_selected(desk, ids, address, open_page):
    """A digit sets the section of all selected stories, as one undo."""
    page = open_page(address)
    page.keyboard.press("m")
    page.keyboard.press("Shift+J")
    page.wait_for_timeout(300)
    page.keyboard.press("3")
    key = desk.workspace.newsletter.sections[2].key
    wait_for(lambda: [desk.story(id).section for id in ids[:2]] == [key, key])
    page.keyboard.press("u")
    wait_for(lambda: key not in [desk.story(id).section for id in ids[:2]])


def test_the_tail_is_skipped_and_brought_back(desk, ids, address, open_page):
    """The page offers to skip what is hardly ever picked, with what it holds; one `u` undoes it."""
    page = open_page(address)
    low = ids[N - 40 :]
    expect(page.locator("#tail")).to_contain_text("The last 40 hold about 0 picks (0–0)")
    page.locator("#tail button").click()
    wait_for(lambda: set(states(desk, low)) == {"skipped"})
    assert desk.story(ids[0]).state == "new"
    expect(page.locator("#last .what")).to_contain_text(f"Skipped {len(low)} stories")
    page.keyboard.press("u")
    wait_for(lambda: set(states(desk, low)) == {"new"})


def test_skipping_none_is_nothing_to_undo(desk, ids, address, open_page):
    """Where no story is so improbable it says so, and `u` reverts the decision before; unknown odds offer none."""
    desk.record(commands.decide(ids[2:], "later", "ben", desk.as_of.time, desk.workspace.newsletter))
    page = open_page(address)
    page.keyboard.press("x")
    wait_for(lambda: desk.story(ids[0]).state == "skipped")
    page.keyboard.press("Control+k")
    page.keyboard.type("below 3")
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("No story was skipped: none is left there.")
    expect(page.locator("#last .what")).to_contain_text("Skipped “How we run")
    page.keyboard.press("u")
    wait_for(lambda: desk.story(ids[0]).state == "new")
    desk.is_calibrated = False
    page.reload()
    page.keyboard.press("Control+k")
    page.keyboard.type("skip")
    expect(page.locator("#palette-list")).to_contain_text("Skip")
    expect(page.locator("#palette-list")).not_to_contain_text("below")


def test_a_source_is_skipped_from_the_palette(desk, ids, address, open_page):
    """Ctrl+K finds the action by its name and a story by a word of it."""
    page = open_page(address)
    page.keyboard.press("Control+k")
    page.keyboard.type("this source")
    page.keyboard.press("Enter")
    of_source = [story.id for story in desk.stories() if story.source == "source0.example"]
    wait_for(lambda: set(states(desk, of_source)) == {"skipped"})
    assert len(of_source) < N
    page.keyboard.press("Control+k")
    page.keyboard.type("quokkas")
    expect(page.locator("#palette-list")).to_contain_text(desk.story(ids[200]).title)


def test_sections_are_found_by_name(desk, ids, address, open_page):
    """Ctrl+K sets any section by a few of its letters: only ten have a digit."""
    page = open_page(address)
    page.keyboard.press("Control+k")
    page.keyboard.type("section calls")
    page.keyboard.press("Enter")
    wanted = desk.workspace.newsletter.section_for("Calls for Submissions")
    wait_for(lambda: desk.story(ids[0]).section == wanted)


def test_the_palette_knows_the_buttons_of_each_page(address, open_page):
    """What can be done on a page other than the list is found by its words, and done."""
    page = open_page(address + "/models")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option", name="Import past issues")).to_be_visible()
    page.keyboard.type("compare")
    expect(page.get_by_role("option")).to_have_text("Compare")
    page.goto(address + "/status")
    page.keyboard.press("Control+k")
    page.keyboard.type("mute")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Mute a phrase")).to_be_focused()


def test_keys_are_explained_on_every_page(address, open_page):
    """`?` opens the keys wherever one is, and Ctrl+K the palette."""
    page = open_page(address)
    for path in ("/", "/draft", "/status", "/help"):
        page.goto(address + path)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_be_visible()
        page.keyboard.press("Escape")
        page.keyboard.press("Control+k")
        expect(page.locator("#palette")).to_be_visible()


def test_key_after_escape_is_not_lost(address, open_page):
    """A dialog is closed when Escape is pressed: the browser closes it later, and would swallow the next key."""
    page = open_page(address)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.evaluate(
        """() => ["Escape", "?"].forEach((key) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""
    )
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#keys")).to_be_visible()


def test_bulk_without_a_script(client, desk, ids):
    """The same forms work without JavaScript, and one undo reverts each."""
    client.post("/decide", data={"id": ids[:3], "verdict": "skip", "back": "/"})
    assert states(desk, ids[:3]) == ["skipped"] * 3
    client.post("/undo", data={"back": "/"})
    assert states(desk, ids[:3]) == ["new"] * 3
    client.post("/skip", data={"below": "0.03", "back": "/"})
    assert all((story.state == "skipped") == (story.relevance < 0.03) for story in desk.stories())
    assert client.post("/skip", data={"back": "/"}).status_code == 400
    assert client.post("/skip", data={"below": "lots", "back": "/"}).status_code == 400


def test_cursor_far_down_is_where_it_was(ids, address, open_page):
    """A reload, and Back, bring the cursor back to a story that is not among the first rows."""
    page = open_page(address)
    for _ in range(150):
        page.keyboard.press("j")
    there = page.locator(f'#s-{ids[150]}[aria-current="true"]')
    expect(there).to_be_in_viewport()
    page.reload()
    expect(there).to_be_in_viewport()
    page.goto(address + "/status")
    page.go_back()
    expect(there).to_be_in_viewport()
