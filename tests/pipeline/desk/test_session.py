"""What is said at the desk is never lost, never overruled silently, and seen by all who look."""

from multiprocessing import get_context
from pathlib import Path

import pytest

from helpers import NOW
from invented import lay_stories
from pipeline.core.errors import NotFoundError
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.overruling import OverruledError
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions


def say(desk, verdict, *ids, editor="ann", seen=None):
    return desk.record(commands.decide(ids, verdict, editor, NOW, desk.workspace.newsletter), seen)


def test_decision_by_another_process_is_heard(desk, ids):
    """What someone says in a shell shows at an open desk."""
    other = Workspace.open(desk.workspace.folder)
    decisions.record(other.journal, other.database, [Decision(ids[0], "pick", "bob", NOW)])
    assert desk.read_journal()
    assert (desk.story(ids[0]).state, desk.story(ids[0]).editor) == ("picked", "bob")
    assert not desk.read_journal()


def test_decision_about_a_twin_settles_the_story(workspace):
    """Articles that tell the same story are one row: a word about any of them is about all."""
    ids = lay_stories(workspace, 2)
    with workspace.database.writing() as connection:
        connection.execute("UPDATE review SET duplicate_ids = ['feedfeedfeedfeed'] WHERE id = ?", [ids[0]])
    desk = Desk(workspace)
    desk.record([Decision("feedfeedfeedfeed", "skip", "ann", NOW)])
    assert desk.story(ids[0]).state == "skipped"


def test_silent_overruling_is_refused(desk, ids):
    """Who has not seen another's decision is told of it, and nothing of what they said is written."""
    say(desk, "pick", ids[0], editor="bob")
    with pytest.raises(OverruledError, match="bob has marked"):
        say(desk, "skip", ids[1], ids[0], seen=0)
    assert [d.verdict for d in desk.workspace.journal.read()] == ["pick"]
    say(desk, "skip", ids[1])
    say(desk, "later", ids[1], editor="bob")
    with pytest.raises(OverruledError, match="bob has decided"):
        desk.undo("ann")


def test_opened_again_the_desk_is_as_it_was(desk, ids):
    """Notes, sections, groups, mutes and what can be undone come back with the journal."""
    newsletter = desk.workspace.newsletter
    say(desk, "pick", ids[0])
    desk.record(commands.decide([ids[0]], "section", "ann", NOW, newsletter, "data"))
    desk.record([commands.note(ids[0], "Mine", "ann", NOW), *commands.group(ids[:2], "ann", NOW)])
    desk.record([decisions.mute("source", "source5.example", "mute", "ann", NOW)])
    decisions.catch_up(desk.workspace.journal, desk.workspace.database)
    again = Desk(desk.workspace)
    assert again.stories() == desk.stories()
    assert (again.story(ids[0]).note, again.story(ids[0]).section, again.story(ids[1]).entry) == (
        "Mine",
        "data",
        ids[0],
    )
    again.undo("ann")
    assert again.muted() == []


def test_mute_hides_at_once_and_undo_shows_again(desk, ids):
    """A muted source leaves the page with the keystroke, but for what was decided on."""
    before = {story.id for story in desk.stories() if story.source == "source3.example"}
    say(desk, "pick", ids[3])
    desk.record([decisions.mute("source", "source3.example", "mute", "ann", NOW)])
    assert {story.id for story in desk.stories() if story.source == "source3.example"} == {ids[3]}
    desk.undo("ann")
    assert {story.id for story in desk.stories() if story.source == "source3.example"} == before


def test_a_decision_taken_back_by_hand_can_be_undone(desk, ids):
    """Back to new, out of an entry, or moved up again: each is a decision of its own, and undo reverts that one."""
    newsletter = desk.workspace.newsletter
    say(desk, "pick", *ids[:2])
    desk.record(commands.group(ids[:2], "ann", NOW), request_id="joined")
    desk.record(commands.group([ids[1]], "ann", NOW), request_id="separated")
    desk.undo("ann", "separated")
    assert desk.story(ids[1]).entry == ids[0]
    desk.record(commands.decide([ids[0]], "undo", "ann", NOW, newsletter), request_id="back to new")
    again = Desk(desk.workspace)
    again.undo("ann")
    assert again.story(ids[0]).state == "picked"
    again.undo("ann")
    assert again.story(ids[1]).entry is None
    assert [again.undo("ann", "joined"), again.undo("ann", "back to new")] == [[], []]


def test_night_renews_an_open_desk(desk, ids):
    """When a night has ranked anew, the desk shows its shortlist within seconds, and keeps what was decided."""
    say(desk, "pick", ids[0])
    with JournalSync(desk, lambda desk: None):
        lay_stories(desk.workspace, 0)
        with desk.workspace.database.writing() as connection:
            connection.execute("DELETE FROM review WHERE id = ?", [ids[5]])
        wait_until(lambda: len(desk.stories()) == len(ids) - 1)
    assert desk.story(ids[0]).state == "picked"
    with pytest.raises(NotFoundError):
        desk.story(ids[5])


def test_trouble_with_the_database_is_told_and_passes(desk, ids, monkeypatch):
    """While the database cannot be written, decisions stand in the journal and the page says so."""
    from pipeline.core.errors import StoreError

    def refuse(*_):
        raise StoreError("held by another program")

    with JournalSync(desk, lambda desk: None) as sync:
        with monkeypatch.context() as patch:
            patch.setattr(decisions, "catch_up", refuse)
            say(desk, "pick", ids[0])
            wait_until(lambda: sync.error)
        wait_until(lambda: not sync.error)
    with desk.workspace.database.reading() as connection:
        assert decisions.last_seq(connection) == 1


def decide_many(folder: Path, editor: str, ids: list[str]) -> None:
    """Decide on each story, as an editor with a desk of their own does."""
    desk = Desk(Workspace.open(folder))
    with JournalSync(desk, lambda desk: None):
        for id in ids:
            say(desk, "pick" if editor == "ann" else "skip", id, editor=editor)


def test_two_desks_lose_nothing(workspace):
    """Two processes decide at once while a third writes to the database: all of it is in journal and table."""
    ids = lay_stories(workspace, 60)
    context = get_context("spawn")
    desks = [
        context.Process(target=decide_many, args=(workspace.folder, editor, part))
        for editor, part in (("ann", ids[:30]), ("bob", ids[30:]))
    ]
    for process in desks:
        process.start()
    while any(process.is_alive() for process in desks):
        with workspace.database.writing() as connection:
            connection.execute("UPDATE articles SET language = 'en'")
    for process in desks:
        process.join()
    with workspace.database.reading() as connection:
        counts = connection.execute(
            "SELECT editor, count(DISTINCT article_id) FROM decisions GROUP BY ALL ORDER BY ALL"
        )
        assert counts.fetchall() == [("ann", 30), ("bob", 30)]
        states = connection.execute("SELECT state, count(*) FROM review GROUP BY ALL ORDER BY ALL").fetchall()
    assert states == [("picked", 30), ("skipped", 30)]


def wait_until(true, seconds: float = 20.0) -> None:
    import time

    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
