"""Refuse to overrule silently what another editor has decided since a page was rendered."""

from collections.abc import Iterable, Sequence

from pipeline.core.errors import TriageError
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.history import HistoryEntry
from pipeline.store import decisions
from pipeline.store.shortlist import Story

WRITTEN = {"note": "a blurb", "title": "a title", "byline": "a byline", "intro": "an introduction"}


class OverruledError(TriageError):
    """Another editor has decided on the story since the page was rendered."""


def refuse_overruling(made: Iterable[tuple[Decision, Story | None]], since: Sequence[HistoryEntry]) -> None:
    """Raise OverruledError if another editor has decided the same of a story, its state for instance, meanwhile.

    Parameters
    ----------
    made : iterable of (Decision, Story or None)
        The new decisions, each with its story on the shortlist.
    since : sequence of HistoryEntry
        What was decided after the page was rendered, oldest first.
    """
    latest = _latest(since)
    for decision, story in made:
        other = latest.get((story.id if story else None, _kind(decision)))
        if other and other.editor != decision.editor:
            raise OverruledError(_sentence(other, story))


def refuse_undoing(entries: Sequence[HistoryEntry], since: Sequence[HistoryEntry], editor: str) -> None:
    """Raise OverruledError if another editor has decided the same of a story after a decision to be undone."""
    latest = _latest(since)
    for entry in entries:
        other = latest.get((_story_id(entry), _kind(entry.decision)))
        if other and other.editor != editor:
            what = f"“{entry.before.title}”" if entry.before else "it"
            raise OverruledError(f"since then {other.editor} has decided on {what}; decide on it again")


def _latest(since: Sequence[HistoryEntry]) -> dict[tuple[str | None, str], Decision]:
    return {(_story_id(entry), _kind(entry.decision)): entry.decision for entry in since}


def _story_id(entry: HistoryEntry) -> str | None:
    return entry.before.id if entry.before else None


def _kind(decision: Decision) -> str:
    """Return what a decision is about: a story's state, its section, its blurb, …, or the source that is muted."""
    if decision.verdict in ("mute", "unmute"):
        return decision.text or ""
    return "state" if decision.verdict in decisions.STATES else decision.verdict


def _sentence(other: Decision, story: Story | None) -> str:
    """Say what the other has decided. It does not begin with the name, to which a page would give a capital."""
    of = f" for “{story.title}”" if story else ""
    if other.verdict in commands.TEXTS:
        what = f"{WRITTEN[other.verdict]}{of}"
        return f"meanwhile {other.editor} has written {what}: “{other.text}”; save again to replace it"
    if other.verdict in decisions.STATES and story:
        return f"meanwhile {other.editor} has marked “{story.title}” as {story.state}; decide again to overrule"
    return f"meanwhile {other.editor} has decided on the {other.verdict}{of}; decide again to overrule"
