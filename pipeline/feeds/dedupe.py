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
SHORTEST_TITLE = 4  # words without digits; "Weekly links" is no story's name
SURE_TITLE = 8  # words; two blogs do not both write it by chance
LONG_ENOUGH = 6  # words of a summary that can contradict a title
SHARED_WORDS = 0.2  # of the shorter summary
SHARED_PAIRS = 0.25  # of the pairs of characters in two titles
SHARED_PAIRS_OTHER_SCRIPTS = 0.5
WORD = re.compile(r"\w+")


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

    pairs = (*_same_titles(articles), *((a, b) for a, b in _alike(vectors) if _titles_agree(articles[a], articles[b])))
    for a, b in pairs:
        if _days_apart(articles[a], articles[b]) <= WINDOW:
            low, high = sorted((find(a), find(b)))
            story[high] = low
    return [find(index) for index in range(len(articles))]


def _days_apart(one: Article, other: Article) -> timedelta:
    """Return the time between two publications; between first sights where a date is missing.

    By first sight alone all posts of a new feed are of one day, and a series over years is one story.
    """
    if one.published_at and other.published_at:
        return abs(one.published_at - other.published_at)
    return abs(one.first_seen_at - other.first_seen_at)


def _same_titles(articles: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """Yield articles with one title, each with the last before it, where the title is specific enough.

    A version ("v2.0.0-rc.1") is no title of a story, and a headline that two blogs may both use is one only where
    their summaries do not speak of different things.
    """
    last: dict[str, int] = {}
    for index in sorted(range(len(articles)), key=lambda i: (articles[i].first_seen_at, i)):
        words = WORD.findall(articles[index].title.casefold())
        title = " ".join(words)
        specific = sum(len(word) > 1 and not any(c.isdigit() for c in word) for word in words)
        if specific >= SHORTEST_TITLE and title in last and _summaries_agree(articles[last[title]], articles[index]):
            yield last[title], index
        last[title] = index


def _summaries_agree(one: Article, other: Article) -> bool:
    first, second = (set(WORD.findall(a.summary.casefold())) for a in (one, other))
    if min(len(first), len(second)) < LONG_ENOUGH or len(WORD.findall(one.title)) >= SURE_TITLE:
        return True
    return len(first & second) >= SHARED_WORDS * min(len(first), len(second))


def _titles_agree(one: Article, other: Article) -> bool:
    """Return whether two titles that embed alike may name one story.

    Numbers that differ, and one set of words in two orders, are two stories. And some of the characters must be the
    same: an embedder gives all words of a script that it cannot read one vector.
    """
    first, second = (WORD.findall(a.title.casefold()) for a in (one, other))
    if first == second:
        return len(first) > 0
    numbers = [{word for word in words if any(c.isdigit() for c in word)} for words in (first, second)]
    if sorted(first) == sorted(second) or (all(numbers) and numbers[0] != numbers[1]):
        return False
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (" ".join(first), " ".join(second))]
    share = len(pairs[0] & pairs[1]) / max(len(pairs[0] | pairs[1]), 1)
    return share >= (SHARED_PAIRS if "".join(first).isascii() else SHARED_PAIRS_OTHER_SCRIPTS)


def _alike(vectors: "NDArray[np.float32] | None", block: int = 1024) -> Iterator[tuple[int, int]]:
    for start in range(0, 0 if vectors is None else len(vectors), block):
        assert vectors is not None
        cosines = vectors[start : start + block] @ vectors[start:].T
        # of the flat array: ten times faster than nonzero
        for at in (cosines >= ALIKE).ravel().nonzero()[0].tolist():
            row, column = divmod(at, cosines.shape[1])
            if row < column:
                yield start + row, start + column
