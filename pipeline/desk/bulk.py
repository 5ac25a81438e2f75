"""Skip many stories at once: all below a probability, or all of a source. One undo reverts it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.remaining_picks import Remaining, remaining
from pipeline.core.errors import InputError
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.session import Desk
from pipeline.store.shortlist import Story

# Picks expected, together, among what the page offers to skip: one in twenty issues. Of 30 issues two would have lost
# one after 25 candidates were read, of a tail below 3 % seven (docs/judgement.md).
MAX_EXPECTED = 0.05
FEWEST = 5  # stories for which that is worth a line


@dataclass(frozen=True, slots=True)
class Tail:
    """The undecided stories below a probability, and how many picks are expected among them."""

    below: float
    left: Remaining
    is_all: bool  # nothing more probable is left


def tail_of(stories: Sequence[Story]) -> Tail | None:
    """Return the least probable of the undecided stories, as many as hold together at most MAX_EXPECTED picks.

    None where they are too few to offer. Stories of equal probability are in it together or not at all.
    """
    p = np.sort([story.relevance for story in stories if story.state == "new" and story.relevance is not None])
    n = int(np.searchsorted(np.cumsum(p), MAX_EXPECTED, side="right"))
    below = float(p[n]) if n < len(p) else 1.0
    low = p[p < below]
    return Tail(below, remaining(low.tolist()), len(low) == len(p)) if len(low) >= FEWEST else None


def undecided(desk: Desk, below: float | None, source: str | None) -> list[str]:
    """Return the ids of the undecided stories below a probability, or of a source, or both.

    Raises
    ------
    InputError
        If neither is given, or the probability is not between 0 and 1.
    """
    if below is None and not source:
        raise InputError("say what to skip: all below a probability (below), or all of a source (source)")
    if below is not None and not 0 < below <= 1:
        raise InputError(f"below is a probability above 0 and at most 1, not {below:g}")
    return [
        story.id
        for story in desk.stories()
        if story.state == "new"
        and (below is None or (story.relevance is not None and story.relevance < below))
        and (not source or source in (story.source, *story.sources))
    ]


def skip_undecided(
    desk: Desk, editor: str, below: float | None, source: str | None, request_id: str | None = None
) -> list[Decision]:
    """Skip undecided stories; asked again under the same id, the decisions made are returned. See `undecided`."""
    if known := desk.decided_under(request_id):
        return known
    ids = undecided(desk, below, source)
    made = commands.decide(ids, "skip", editor, desk.as_of.time, desk.workspace.newsletter)
    return desk.record(made, request_id=request_id) if made else []
