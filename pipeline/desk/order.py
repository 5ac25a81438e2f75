"""The order of the undecided stories: by relevance, with places for exploration. Pure functions over a reranker."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from pipeline.core.types import Article
from pipeline.store.shortlist import Story

EXPLORATION_EVERY = 20


class Reranker(Protocol):
    """Scores stories again after each decision."""

    def relevance(self, stories: Sequence[Story]) -> tuple[dict[str, float], dict[str, float]]:
        """Return P(picked) and uncertainty of the stories it knows, by id, given the decisions made."""

    def read(self, article: Article) -> Story:
        """Score an article that was found by hand, and know it from now on."""

    def stories_to_rate(self, n: int) -> list[str]:
        """Return the ids of the `n` stories whose ratings teach most; the same whatever is decided or added."""


def ranked(reranker: Reranker, stories: Sequence[Story], hidden: Collection[str]) -> list[Story]:
    """Return the undecided stories that the reranker knows, by relevance, with one place in twenty for exploration.

    Hidden (muted) stories have no place.
    """
    relevance, doubt = reranker.relevance(stories)
    best = sorted(
        (s for s in stories if s.state == "new" and s.id in relevance and s.id not in hidden),
        key=lambda story: (-relevance[story.id], story.id),
    )
    found = _with_exploration([story.id for story in best], doubt)
    by_id = {story.id: story for story in best}
    return [by_id[id].moved(rank, relevance[id], exploration) for rank, (id, exploration) in enumerate(found, 1)]


def _with_exploration(ids: Sequence[str], doubt: Mapping[str, float]) -> list[tuple[str, bool]]:
    """Give the last place of every twenty to the most uncertain story further down."""
    placed: dict[str, bool] = {}
    doubted = iter(sorted((id for id in ids if id in doubt), key=lambda id: (-doubt[id], id)))
    for id in ids:
        if id in placed:
            continue
        placed[id] = False
        if len(placed) % EXPLORATION_EVERY == EXPLORATION_EVERY - 1:
            found = next((other for other in doubted if other not in placed), None)
            placed |= {found: True} if found else {}
    return list(placed.items())
