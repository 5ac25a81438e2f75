"""Group articles about one story: one title, one summary, or embeddings nearly equal, within a few days. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.core.types import Article
from pipeline.core.urls import host_of
from pipeline.feeds.titles import bare_titles, is_about, is_cut_off, is_relative, may_be_one, size_of, words_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ALIKE = 0.95  # cosine of two title views; measured in docs: below it, rewrites and follow-ups mix in
WINDOW = timedelta(days=4)
SHORTEST_TITLE = 4  # words without digits; "Weekly links" is no story's name
SHORTEST_RELATIVE_TITLE = 6  # "Things I learned this month" is not one either
SURE_TITLE = 10  # words; two blogs do not both write it by chance
LONG_ENOUGH = 4  # longer words of a summary that can contradict a title
OWN_SUMMARY = 12  # words of a summary that two articles do not share by chance
START_OF_SUMMARY = 24  # characters by which copies of a summary are found
SHARED_WORDS = 0.2  # of the shorter summary
FIRST_WORDS = 5  # by which the rest of a title that is cut off is found


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

    words = [words_of(article.title) for article in articles]
    summaries = [" ".join(words_of(article.summary)) for article in articles]
    pairs = (
        *_same_titles(articles, words, summaries),
        *_same_summaries(articles, words, summaries),
        *_alike_titles(articles, words, vectors),
    )
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


def _same_titles(
    articles: Sequence[Article], words: Sequence[list[str]], summaries: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield articles with one title, each with the last before it, where the title is specific enough.

    A version ("v2.0.0-rc.1") is no title of a story, and a headline that two blogs may both use is one only where
    their summaries do not speak of different things. A label before the title, the site's name after it, and an end
    that is cut off do not count.
    """
    last: dict[str, int] = {}
    starts: dict[str, int] = {}
    order = sorted(range(len(articles)), key=lambda i: (articles[i].first_seen_at, i))
    for index in order:
        title = " ".join(words[index])
        before = last.get(title, index)
        if before != index and (
            _is_copied(articles, summaries, before, index) or _is_one(articles[before], articles[index], words[index])
        ):
            yield before, index
        if size_of(words[index]) >= SHORTEST_TITLE and not is_cut_off(articles[index].title):
            starts[_start(words[index])] = index
        last[title] = index
    for index in order:
        for bare in bare_titles(articles[index].title):
            other = last.get(" ".join(bare), index)
            if other != index and _is_one(articles[other], articles[index], bare):
                yield other, index
        whole = starts.get(_start(words[index]), index) if is_cut_off(articles[index].title) else index
        is_start = whole != index and words[whole][: max(len(words[index]), FIRST_WORDS + 1)] == words[index]
        if is_start and _summaries_agree(articles[whole], articles[index]):
            yield whole, index


def _is_copied(articles: Sequence[Article], summaries: Sequence[str], one: int, other: int) -> bool:
    """Return whether two articles of one title, on two sites, have one summary: any title is a story's name then."""
    is_elsewhere = host_of(articles[one].url) != host_of(articles[other].url)
    return is_elsewhere and _is_copy(summaries[one], summaries[other], articles[one].title)


def _start(words: Sequence[str]) -> str:
    return " ".join(words[:FIRST_WORDS])


def _is_long(word: str) -> bool:
    return len(word) >= 4 or not word.isascii()


def _is_one(one: Article, other: Article, title: Sequence[str]) -> bool:
    """Return whether two articles with one title are of one story: it is specific, and their summaries agree."""
    size = size_of(title)
    if SHORTEST_TITLE <= size < SHORTEST_RELATIVE_TITLE and is_relative(title) and not _long_words(one, other):
        return False
    return size >= SHORTEST_TITLE and _summaries_agree(one, other)


def _summaries_agree(one: Article, other: Article) -> bool:
    summaries = _long_words(one, other)
    if not summaries or len(words_of(one.title)) >= SURE_TITLE:
        return True
    return len(set.intersection(*summaries)) >= SHARED_WORDS * min(map(len, summaries))


def _long_words(one: Article, other: Article) -> list[set[str]]:
    """Return the longer words of two summaries; nothing where one of them is too short to contradict a title."""
    words = [set(filter(_is_long, words_of(article.summary))) for article in (one, other)]
    return words if min(map(len, words)) >= LONG_ENOUGH else []


def _same_summaries(
    articles: Sequence[Article], words: Sequence[list[str]], summaries: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Yield articles of two sites with one summary: copies whose headline was changed.

    Both titles must belong to that summary, and it must not be one that a site repeats beneath other titles.
    """
    by_start: dict[str, list[int]] = defaultdict(list)
    for index, summary in enumerate(summaries):
        if summary:
            by_start[summary[:START_OF_SUMMARY]].append(index)
    for group in by_start.values():
        hosts = {n: host_of(articles[n].url) for n in group}
        n_of_host = Counter(hosts.values())
        about = [n for n in group if len(n_of_host) > 1 == n_of_host[hosts[n]] and is_about(summaries[n], words[n])]
        about.sort(key=lambda n: len(summaries[n]))
        yield from ((one, other) for one, other in pairwise(about) if _is_copy(summaries[one], summaries[other]))


def _is_copy(one: str, other: str, title: str = "") -> bool:
    """Return whether a summary is the other, either of them cut off or followed by a remark ("Read more")."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and size_of([*title.split(), *short.split()]) >= OWN_SUMMARY


def _alike_titles(
    articles: Sequence[Article], words: Sequence[list[str]], vectors: "NDArray[np.float32] | None"
) -> Iterator[tuple[int, int]]:
    for a, b in _alike(vectors):
        if words[a] == words[b]:  # `_same_titles` has judged them
            continue
        if may_be_one(words[a], words[b]) and _summaries_agree(articles[a], articles[b]):
            yield a, b


def _alike(vectors: "NDArray[np.float32] | None", block: int = 1024) -> Iterator[tuple[int, int]]:
    for start in range(0, 0 if vectors is None else len(vectors), block):
        assert vectors is not None
        cosines = vectors[start : start + block] @ vectors[start:].T
        # of the flat array: ten times faster than nonzero
        for at in (cosines >= ALIKE).ravel().nonzero()[0].tolist():
            row, column = divmod(at, cosines.shape[1])
            if row < column:
                yield start + row, start + column
