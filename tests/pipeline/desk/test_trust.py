"""Keys act on what is seen, in order, once, whatever the network and the server do meanwhile."""

import signal
import threading
import time

import pytest
from playwright.sync_api import expect
from pressing import cursor, free_port, journal_when, press_every_100_ms, review_process

from helpers import NOW
from invented import lay_stories
from pipeline.core.errors import JournalError
from pipeline.core.types import Decision
from pipeline.desk.session import Desk
from pipeline.store import decisions
from pipeline.store.journal import Journal

VERDICTS = {"p": "pick", "x": "skip", "l": "later"}
KEYS = "xpxlxx" * 10


@pytest.fixture
def ids(workspace) -> list[str]:
    """Ids of the stories on the shortlist, best first."""
    return lay_stories(workspace, 80)


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


def test_refused_row_stays_until_left(desk, ids, address, open_page):
    """The row of a refused decision stays in the list, with what the other editor made of it, until it was visited."""
    page = open_page(address)
    page.wait_for_timeout(500)
    page.route("**/api/changes*", lambda route: route.abort())
    desk.record([Decision(ids[0], "later", "bob", NOW)])
    page.keyboard.press("x")
    row = page.locator(f"#s-{ids[0]}")
    expect(row).to_contain_text("later by bob")
    page.keyboard.press("x")
    expect(page.locator(f"#s-{ids[1]}")).to_have_count(0)
    page.wait_for_timeout(2500)
    expect(row).to_have_class("story later refused")
    page.keyboard.press("k")
    assert cursor(page) == ids[0]
    page.keyboard.press("x")
    assert journal_when(desk.workspace, 2) == [(ids[1], "skip"), (ids[0], "skip")]
    expect(row).to_have_count(0)


def test_one_faulty_decision_does_not_hold_up_the_others(desk, ids, address, open_page, monkeypatch):
    """What the desk answers with an internal error time and again is named and kept; those of other stories go on."""
    record = Desk.record

    def fail(self, made, *args):
        if made[0].article_id == ids[0] and is_faulty:
            raise RuntimeError("a fault of ours")
        return record(self, made, *args)

    is_faulty = [True]
    monkeypatch.setattr(Desk, "record", fail)
    page = open_page(address)
    page.wait_for_timeout(500)
    for key in "xpx":
        page.keyboard.press(key)
    assert journal_when(desk.workspace, 2) == [(ids[1], "pick"), (ids[2], "skip")]
    banner = page.locator("#unsent")
    expect(banner).to_contain_text("Not recorded: Skipped “How we run")
    expect(banner).to_contain_text("1 decision is kept in this browser")
    page.keyboard.press("l")
    assert journal_when(desk.workspace, 3)[2] == (ids[3], "later")
    page.wait_for_timeout(2500)
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)
    expect(banner).to_be_visible()
    is_faulty.clear()
    page.reload()
    assert journal_when(desk.workspace, 4)[3] == (ids[0], "skip")
    expect(banner).to_be_hidden()


def test_decisions_wait_for_room_on_the_disk(workspace, ids, address, open_page, monkeypatch):
    """Where the journal cannot be written, decisions and blurbs are kept, the banner says why, and all follow."""
    append = Journal.append
    is_full = [True]

    def fail_when_full(self, decisions):
        if is_full:
            raise JournalError("decisions.journal cannot be written (No space left on device); make room")
        return append(self, decisions)

    monkeypatch.setattr(Journal, "append", fail_when_full)
    page = open_page(address)
    page.wait_for_timeout(500)
    page.keyboard.press("e")
    page.keyboard.type("A blurb")
    page.keyboard.press("Escape")
    for key in "pxl":
        page.keyboard.press(key)
    banner = page.locator("#unsent")
    expect(banner).to_contain_text("No space left on device); make room. 4 decisions are kept in this browser")
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)
    is_full.clear()
    made = [(ids[0], "note"), (ids[0], "pick"), (ids[1], "skip"), (ids[2], "later")]
    assert journal_when(workspace, 4) == made
    expect(banner).to_be_hidden()


def test_unsent_decisions_survive_a_reload(workspace, ids, address, open_page):
    """Decisions that could not be sent are sent by the next page of the desk, even in another tab."""
    page = open_page(address)
    page.wait_for_timeout(500)
    page.route("**/api/decisions", lambda route: route.abort())
    page.keyboard.press("x")
    page.keyboard.press("p")
    page.wait_for_timeout(300)
    page.unroute("**/api/decisions")
    page.reload()
    assert journal_when(workspace, 2) == [(ids[0], "skip"), (ids[1], "pick")]
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)


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


def test_undo_of_many_returns_the_first(desk, ids, address, open_page):
    """Undoing a whole source brings its best story back under the cursor, and the list into its order."""
    page = open_page(address)
    page.keyboard.press("Control+k")
    page.keyboard.type("skip all of this source")
    page.keyboard.press("Enter")
    expect(page.locator(f"#s-{ids[7]}")).to_have_count(0)
    page.keyboard.press("u")
    expect(page.locator(f"#s-{ids[7]}")).to_be_visible()
    assert cursor(page) == ids[0]
    assert page.eval_on_selector_all(".story", "rows => rows.map(row => row.dataset.id)")[:20] == ids[:20]


def test_undo_is_of_what_the_page_names(desk, ids, address, browser):
    """In a second tab `u` reverts the decision that is named there, not one made since in the first."""
    context = browser.new_context()
    first, second = context.new_page(), context.new_page()
    first.goto(address)
    first.keyboard.press("x")
    journal_when(desk.workspace, 1)
    second.goto(address)
    second.route("**/update*", lambda route: route.abort())
    first.keyboard.press("p")
    journal_when(desk.workspace, 2)
    second.keyboard.press("u")
    assert journal_when(desk.workspace, 3)[2] == (ids[0], "undo")
    context.close()
