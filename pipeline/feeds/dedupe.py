"""Group articles about one story: equal titles, or embeddings nearly equal, within a few days. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.core.types import Article

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALIKE = 0.95  # cosine of two title views; measured in docs: below it, rewrites and follow-ups mix in
WINDOW = timedelta(days=4)
SHORTEST_TITLE = 4  # words; "Weekly links" is no story's name


def group_stories(articles: Sequence[Article], vectors: "NDArray[np.float32] | None" = None) -> list[int]:
    """Assign each article to a story.

    Parameters
    ----------
    articles : sequence of Article
        n of them, in any order.
    vectors : (n, d) array of float32, optional
        Their unit vectors, row by row. Without them only titles are compared.

    Returns
    -------
    list of int
        For each article the smallest index of an article of the same story.
    """
    story = list(range(len(articles)))

    def find(index: int) -> int:
        while story[index] != index:
            story[index] = story[story[index]]
            index = story[index]
        return index

    for a, b in (*_same_titles(articles), *_alike(vectors)):
        if abs(articles[a].first_seen_at - articles[b].first_seen_at) <= WINDOW:
            low, high = sorted((find(a), find(b)))
            story[high] = low
    return [find(index) for index in range(len(articles))]


def _same_titles(articles: Sequence[Article]) -> Iterator[tuple[int, int]]:
    last: dict[str, int] = {}
    for index in sorted(range(len(articles)), key=lambda i: (articles[i].first_seen_at, i)):
        words = re.findall(r"\w+", articles[index].title.casefold())
        title = " ".join(words)
        if len(words) >= SHORTEST_TITLE and title in last:
            yield last[title], index
        last[title] = index


def _alike(vectors: "NDArray[np.float32] | None", block: int = 1024) -> Iterator[tuple[int, int]]:
    for start in range(0, 0 if vectors is None else len(vectors), block):
        assert vectors is not None
        cosines = vectors[start : start + block] @ vectors[start:].T
        # of the flat array: ten times faster than nonzero
        for at in (cosines >= ALIKE).ravel().nonzero()[0].tolist():
            row, column = divmod(at, cosines.shape[1])
            if row < column:
                yield start + row, start + column
