"""Refuse to overrule silently what another editor has decided since a page was rendered."""

from collections.abc import Iterable, Sequence

from pipeline.core.errors import TriageError
from pipeline.core.types import Decision
from pipeline.desk.history import HistoryEntry
from pipeline.store import decisions
from pipeline.store.shortlist import Story


class OverruledError(TriageError):
    """Another editor has decided on the story since the page was rendered."""


def refuse_overruling(made: Iterable[tuple[Decision, Story | None]], since: Sequence[HistoryEntry], seen: int) -> None:
    """Raise OverruledError if another editor has decided otherwise.

    Parameters
    ----------
    made : iterable of (Decision, Story or None)
        The new decisions, each with its story on the shortlist.
    since : sequence of HistoryEntry
        What was decided after the page was rendered.
    seen : int
        The last journal entry that the page knew.
    """
    for decision, story in made:
        if story is None:
            continue
        if decision.verdict == "note":
            _refuse_overwriting(story, decision, since)
        elif story.seq > seen and story.editor != decision.editor and decision.verdict in decisions.STATES:
            raise OverruledError(
                f"{story.editor} has marked “{story.title}” as {story.state} meanwhile; decide again to overrule"
            )


def refuse_undoing(entries: Iterable[tuple[HistoryEntry, Story | None]], editor: str) -> None:
    """Raise OverruledError if another editor has decided on a story after the decision to be undone."""
    for entry, story in entries:
        if story and story.seq > entry.decision.seq and story.editor != editor:
            raise OverruledError(f"{story.editor} has decided on “{story.title}” since; decide on it again")


def _refuse_overwriting(story: Story, note: Decision, since: Sequence[HistoryEntry]) -> None:
    for entry in reversed(since):
        other = entry.decision
        if other.verdict == "note" and other.article_id == story.id and other.editor != note.editor:
            raise OverruledError(
                f"{other.editor} has written a blurb for “{story.title}” meanwhile: “{story.note}”; save again to "
                "replace it"
            )
