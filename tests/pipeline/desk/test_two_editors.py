"""Two editors at one desk: each sees what the other does, and neither overrules the other unseen."""

import pytest
from playwright.sync_api import expect
from pressing import cursor, journal_when

from helpers import NOW
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.overruling import OverruledError
from pipeline.store import decisions


def test_row_taken_by_another_stays_until_left(desk, ids, address, open_page):
    """What another editor decides on stays under the cursor, marked, so that the next key is not for its successor."""
    page = open_page(address)
    page.wait_for_timeout(500)
    desk.record([Decision(ids[0], "skip", "bob", NOW)])
    expect(page.locator(f"#s-{ids[0]}")).to_contain_text("skipped by bob")
    assert cursor(page) == ids[0]
    page.keyboard.press("j")
    assert cursor(page) == ids[1]
    expect(page.locator(f"#s-{ids[0]}")).to_have_count(0)
    page.keyboard.press("p")
    assert journal_when(desk.workspace, 1) == [(ids[1], "pick")]


def test_a_blurb_is_no_verdict(desk, ids):
    """Another editor's blurb, section or mute does not stand against a verdict, nor is it credited with one."""
    seen = desk.seq
    desk.record([Decision(ids[0], "pick", "ann", NOW)])
    desk.record([commands.note(ids[0], "Bob's words", "bob", NOW), commands.note(ids[1], "Too", "bob", NOW)])
    desk.record([Decision(ids[1], "skip", "ann", NOW)], seen)
    assert (desk.story(ids[0]).editor, desk.story(ids[1]).state) == ("ann", "skipped")
    desk.undo("ann")
    desk.undo("ann")
    assert {story.state for story in desk.stories()} == {"new"}


@pytest.mark.parametrize("what", ["title", "intro", "section"])
def test_texts_and_sections_are_not_overwritten_unseen(desk, ids, what):
    """Titles, introductions and sections of another editor are not overwritten by who has not seen them."""

    def made(editor, text):
        if what == "section":
            return Decision(ids[0], "section", editor, NOW, "data" if editor == "bob" else "teams")
        return commands.edit(what, None if what == "intro" else ids[0], text, editor, NOW)

    desk.record([made("bob", "Bob's")])
    with pytest.raises(OverruledError, match="bob has"):
        desk.record([made("ann", "Ann's")], seen=0)
    desk.record([made("ann", "Ann's")], seen=desk.seq)


def test_mutes_of_two_editors_do_not_meet(desk, ids):
    """A mute is undone although another editor has muted something else since."""
    for editor, source in (("ann", "source1.example"), ("bob", "source2.example")):
        desk.record([decisions.mute("source", source, "mute", editor, NOW)])
    desk.undo("ann")
    assert desk.muted() == ["source:source2.example"]
