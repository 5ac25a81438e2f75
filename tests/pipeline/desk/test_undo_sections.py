"""What undo brings back of a section: the model's choice, not one of the editor's; also after the desk was closed."""

from dataclasses import replace

import pytest

from helpers import NOW
from invented import lay_stories
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.session import Desk
from pipeline.drafts.selection import _last_edits, picked_stories
from pipeline.ranking.training_set import decision_labels
from pipeline.store import decisions


def set_section(desk, id, section, verdict="section", editor="ann"):
    return desk.record(commands.decide([id], verdict, editor, NOW, desk.workspace.newsletter, section))


def opened_again(desk):
    """Store all decisions as the desk does when it ends, and open it anew."""
    decisions.catch_up(desk.workspace.journal, desk.workspace.database)
    return Desk(desk.workspace)


@pytest.fixture(params=[lambda desk: desk, opened_again], ids=["same desk", "opened again"])
def later(request):
    """The desk as it is some time after a decision: still open, or closed and opened again."""
    return request.param


def other_than(desk, id):
    return next(s.key for s in desk.workspace.newsletter.sections if s.key != desk.story(id).section)


@pytest.mark.parametrize("verdict", ["section", "pick"])
def test_undone_section_is_no_choice_of_the_editors(desk, ids, later, verdict):
    """Neither the model nor the draft take the model's own guess for a section that the editor chose."""
    before = desk.story(ids[0])
    set_section(desk, ids[0], other_than(desk, ids[0]), verdict)
    desk = later(desk)
    desk.undo("ann")
    set_section(desk, ids[0], None, "pick")
    desk = opened_again(desk)
    now = desk.story(ids[0])
    assert (now.section, now.section_probability) == (before.section, before.section_probability)
    assert decision_labels(desk.workspace.journal.read())[ids[0]].section is None
    assert [s.section for s in picked_stories(desk.workspace.database, desk.workspace.newsletter, desk.as_of)] == [
        before.section
    ]


def test_undo_goes_back_one_choice_at_a_time(desk, ids, later):
    """Of two choices the first one comes back, then the model's."""
    guess = desk.story(ids[0]).section
    first, second = [s.key for s in desk.workspace.newsletter.sections if s.key != guess][:2]
    set_section(desk, ids[0], first)
    set_section(desk, ids[0], second)
    seen = []
    for _ in range(2):
        desk = later(desk)
        desk.undo("ann")
        seen.append(desk.story(ids[0]).section)
    assert seen == [first, guess]


def test_undo_of_a_state_goes_back_after_reopening(desk, ids):
    """A desk opened again knows what a story was before each decision, not only what it is now."""
    set_section(desk, ids[0], None, "pick")
    set_section(desk, ids[0], None, "skip")
    seen = []
    for _ in range(2):
        desk = opened_again(desk)
        desk.undo("ann")
        seen.append(desk.story(ids[0]).state)
    assert seen == ["picked", "new"]


def test_undo_in_an_older_journal_is_known_as_one(desk, ids):
    """Where no section was chosen, undo once recorded the model's: such a journal offers neither decision for undo."""
    guess = desk.story(ids[0]).section
    set_section(desk, ids[1], None, "pick")
    set_section(desk, ids[0], other_than(desk, ids[0]))
    desk.workspace.journal.append([Decision(ids[0], "section", "ann", NOW, guess, request_id="undo:1")])
    desk = opened_again(desk)
    desk.undo("ann")
    assert (desk.story(ids[0]).section, desk.story(ids[1]).state) == (guess, "new")


def test_decision_on_a_twin_is_taken_back_where_it_was_made(workspace):
    """A command may name any article of a story; undo leaves no label, blurb, section or entry on that one."""
    a, b = lay_stories(workspace, 2)
    twin = "feedfeedfeedfeed"
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET duplicate_ids = [?] WHERE id = ?", [twin, a])
    desk = Desk(workspace)
    before = desk.story(a)
    desk.record([Decision(twin, "pick", "ann", NOW, other_than(desk, a))])
    desk.record([commands.note(twin, "Mine", "ann", NOW)])
    desk.record(commands.group([b, twin], "ann", NOW))
    for _ in range(3):
        desk = opened_again(desk)
        desk.undo("ann")
    journal = desk.workspace.journal.read()
    assert decision_labels(journal) == {}
    assert [_last_edits(journal)[id] for id in (twin, b)] == [
        {"section": "", "note": "", "entry": twin},
        {"entry": b},
    ]
    assert replace(desk.story(a), seq=0, editor=None) == before
