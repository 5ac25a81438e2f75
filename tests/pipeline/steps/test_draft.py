"""What was decided becomes a draft; what has run or has closed does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from helpers import NOW
from invented import lay_stories
from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.embedding_text import title_text
from pipeline.core.types import Decision, Issue, Pick, Verdict
from pipeline.drafts.calendar import upcoming_dates
from pipeline.drafts.draft import Draft
from pipeline.ops.workspace import Workspace
from pipeline.steps.draft import make_draft
from pipeline.store import decisions
from pipeline.store.embeddings import add_vectors
from pipeline.store.issues import add_issues

MOMENT = AsOf.now(NOW + timedelta(hours=1))


@pytest.fixture
def ids(workspace: Workspace) -> list[str]:
    """Twelve invented candidates."""
    return lay_stories(workspace, 12)


def say(workspace: Workspace, id: str, verdict: Verdict, section: str | None = None, text: str | None = None) -> None:
    """Write a decision."""
    decisions.record(workspace.journal, workspace.database, [Decision(id, verdict, "ed", NOW, section, text)])


def draft(workspace: Workspace, as_of: AsOf = MOMENT) -> Draft:
    """Make the draft without looking for what ran near."""
    return make_draft(workspace.database, workspace.newsletter, as_of)[0]


def entries(made: Draft) -> list[tuple[str | None, list[str], str]]:
    """Return section, ids and note of every entry."""
    return [(s.key, [story.id for story in e.stories], e.note) for s in made.sections for e in s.entries]


def publish(workspace: Workspace, pick: Pick, number: int = 83) -> None:
    """Store a past issue with one pick."""
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(number, NOW.date() - timedelta(days=7), picks=(pick,))])


def test_last_word_counts(workspace: Workspace, ids: list[str]) -> None:
    """Undone picks are out; the last note, section and group count."""
    for id in ids[:4]:
        say(workspace, id, "pick")
    say(workspace, ids[3], "undo")
    say(workspace, ids[0], "note", text="First")
    say(workspace, ids[0], "note", text="Last")
    say(workspace, ids[2], "section", section="teams")
    say(workspace, ids[2], "group", text=ids[0])
    sections = [s.key for s in workspace.newsletter.sections]
    assert entries(draft(workspace)) == [(sections[0], [ids[0], ids[2]], "Last"), (sections[1], [ids[1]], "")]


def test_what_has_run_is_not_drafted_again(workspace: Workspace, ids: list[str]) -> None:
    """A pick whose story an earlier issue ran stays out; the number follows the last issue's."""
    say(workspace, ids[0], "pick")
    publish(workspace, Pick("Teams", "x", "http://source0.example/story-0/", 1, 1))
    made = draft(workspace)
    assert (entries(made), made.number) == ([], 84)


def test_number_follows_the_house(workspace: Workspace, ids: list[str]) -> None:
    """One more than the last, or the day where issues are numbered by their days."""
    day = (NOW - timedelta(days=7)).date()
    publish(workspace, Pick("Teams", "x", "https://old.example/", 1, 1), int(f"{day:%Y%m%d}"))
    made = draft(workspace)
    assert made.number == int(f"{made.date:%Y%m%d}")


def test_issue_may_be_given_number_0(workspace: Workspace) -> None:
    """A pilot issue: the number that is given counts, whatever it is."""
    assert make_draft(workspace.database, workspace.newsletter, MOMENT, number=0)[0].number == 0


def test_desk_of_a_past_evening(workspace: Workspace, ids: list[str]) -> None:
    """Decisions of later days are not known."""
    say(workspace, ids[0], "pick")
    assert entries(draft(workspace, AsOf.before_issue(NOW.date()))) == []
    assert len(entries(draft(workspace, AsOf.before_issue(NOW.date() + timedelta(days=1))))) == 1


def test_closed_calls_are_left_out_and_closing_ones_marked(workspace: Workspace, ids: list[str]) -> None:
    """By the issue's own day; and both are in the calendar until their day."""
    day = workspace.newsletter.next_issue_date(NOW)
    soon = day + timedelta(days=3)
    for id, title in ((ids[0], "Call A, papers due 1 Nov 2026"), (ids[1], f"Call B, papers due {soon:%d %B %Y}")):
        with workspace.database.writing() as connection:
            connection.execute("UPDATE articles SET title = ? WHERE id = ?", [title, id])
        say(workspace, id, "pick", section="calls")
    made, closed = make_draft(workspace.database, workspace.newsletter, MOMENT)
    assert [story.id for story in closed] == [ids[0]]
    assert made.sections[0].entries[0].remarks == [f"closes on {soon}, before the next issue"]
    assert [
        (d.title[:6], d.deadline.day) for d in upcoming_dates(workspace.database, workspace.newsletter, MOMENT)
    ] == [("Call B", soon)]


def test_entry_says_what_ran_near(workspace: Workspace, ids: list[str]) -> None:
    """With the issue and the link, so that the editor can refer back."""
    embedder = HashingEmbedder()
    with workspace.database.reading() as connection:
        row = connection.execute("SELECT title FROM articles WHERE id = ?", [ids[0]]).fetchone()
    assert row is not None
    publish(workspace, Pick("Teams", row[0], "https://elsewhere.example/", 1, 1))
    with workspace.database.writing() as connection:
        texts = [title_text(row[0])]
        add_vectors(connection, embedder.identity, texts, embedder.embed(texts))
    say(workspace, ids[0], "pick")
    made, _ = make_draft(workspace.database, workspace.newsletter, MOMENT, embedder)
    assert made.sections[0].entries[0].remarks == [
        f"you ran something near in #83: {row[0]} (https://elsewhere.example/)"
    ]


def test_draft_of_a_friday_evening_in_los_angeles_is_fridays(workspace: Workspace) -> None:
    """17:00 there is Saturday in UTC; the issue day is the newsletter's."""
    letter = replace(workspace.newsletter, timezone="America/Los_Angeles")
    made, _ = make_draft(workspace.database, letter, AsOf.now(datetime(2026, 11, 28, 1, tzinfo=UTC)))
    assert made.date == date(2026, 11, 27)
