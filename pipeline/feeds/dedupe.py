"""Group articles about one story: one title, one summary or one report, within days. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from pipeline.core.types import Article
from pipeline.core.urls import host_of
from pipeline.feeds.reports import same_reports
from pipeline.feeds.summaries import agree, is_about, is_copy, long_words
from pipeline.feeds.titles import (
    bare_titles,
    has_one_other_word,
    is_cut_off,
    is_one_title,
    is_relative,
    shared_words,
    size_of,
    words_of,
)

WINDOW = timedelta(days=4)
SHORTEST_TITLE = 4  # words without digits; "Weekly links" is no story's name
SHORTEST_RELATIVE_TITLE = 6  # "Things I learned this month" is not one either
START_OF_SUMMARY = 24  # characters by which copies of a summary are found
START_OF_TITLE = 20  # characters without spaces by which the rest of a title that is cut off is found


@dataclass(frozen=True, slots=True)
class _Texts:
    """The articles and what is compared of them, row by row."""

    articles: Sequence[Article]
    words: Sequence[list[str]]  # of the titles
    summaries: Sequence[str]  # their words


def group_stories(articles: Sequence[Article]) -> list[int]:
    """Assign each article to a story.

    Embeddings have no say: of the titles of one night that are near in one, most are parts of a series or tell of
    two things (docs/harvest.md).

    Parameters
    ----------
    articles : sequence of Article
        n of them, in any order.

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

    titles = [words_of(article.title) for article in articles]
    texts = _Texts(articles, titles, [" ".join(words_of(article.summary)) for article in articles])
    same = [*_same_titles(texts), *_same_summaries(texts), *_reports(texts)]
    for a, b in same:
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


def _same_titles(texts: _Texts) -> Iterator[tuple[int, int]]:
    """Yield articles with one title, each with the last before it, where the title is specific enough.

    A version ("v2.0.0-rc.1") is no title of a story, and a headline that two blogs may both use is one only where
    their summaries do not speak of different things. The order of its parts, a label before it, the site's name after
    it, and an end that is cut off do not count.
    """
    last: dict[str, int] = {}
    starts: dict[str, int] = {}
    order = sorted(range(len(texts.articles)), key=lambda i: (texts.articles[i].first_seen_at, i))
    for index in order:
        words = texts.words[index]
        for key in _keys(words):
            other = last.get(key, index)
            if other != index and _is_one(texts, other, index, words):
                yield other, index
            last[key] = index
        if size_of(words) >= SHORTEST_TITLE and not is_cut_off(texts.articles[index].title):
            starts["".join(words)[:START_OF_TITLE]] = index
    for index in order:
        for bare in bare_titles(texts.articles[index].title):
            for other in {last.get(key, index) for key in _keys(bare)} - {index}:
                if _is_one(texts, other, index, bare):
                    yield other, index
        whole = starts.get("".join(texts.words[index])[:START_OF_TITLE], index)
        if whole != index and _is_start(texts, index, whole):
            yield whole, index


def _keys(words: Sequence[str]) -> tuple[str, str]:
    """Return what two titles have in common that differ in spaces, and that differ in the order of their words."""
    return "".join(words), " ".join(sorted(words))


def _is_one(texts: _Texts, one: int, other: int, title: Sequence[str]) -> bool:
    """Return whether two articles of one title are of one story: it is specific, and their summaries agree.

    On two sites with one summary any title is.
    """
    if not is_one_title(texts.words[one], title):
        return False
    articles = texts.articles[one], texts.articles[other]
    is_elsewhere = host_of(articles[0].url) != host_of(articles[1].url)
    if is_elsewhere and is_copy(texts.summaries[one], texts.summaries[other], title):
        return True
    size = size_of(title)
    if (
        SHORTEST_TITLE <= size < SHORTEST_RELATIVE_TITLE
        and is_relative(articles[0].title)
        and not long_words(*articles)
    ):
        return False
    return size >= SHORTEST_TITLE and agree(*articles)


def _is_start(texts: _Texts, cut: int, whole: int) -> bool:
    """Return whether a title that is cut off is the beginning of another."""
    start = "".join(texts.words[cut])
    is_start = len(start) >= START_OF_TITLE and "".join(texts.words[whole]).startswith(start)
    return is_start and is_cut_off(texts.articles[cut].title) and agree(texts.articles[whole], texts.articles[cut])


def _same_summaries(texts: _Texts) -> Iterator[tuple[int, int]]:
    """Yield articles of two sites with one summary: copies whose headline was changed.

    It must not be one that a site repeats beneath other titles, and both titles must belong to it, or to each other by
    what they share.
    """
    by_start: dict[str, list[int]] = defaultdict(list)
    for index, summary in enumerate(texts.summaries):
        if summary:
            by_start[summary[:START_OF_SUMMARY]].append(index)
    for group in by_start.values():
        hosts = {n: host_of(texts.articles[n].url) for n in group}
        n_of_host = Counter(hosts.values())
        once = [n for n in group if len(n_of_host) > 1 == n_of_host[hosts[n]]]
        once.sort(key=lambda n: len(texts.summaries[n]))
        about = [n for n in once if is_about(texts.summaries[n], texts.words[n])]
        for one, other in pairwise(about):
            if is_copy(texts.summaries[one], texts.summaries[other]) and not _is_swapped(texts, one, other):
                yield one, other
        yield from (pair for pair in pairwise(once) if _is_reworded(texts, *pair))


def _is_swapped(texts: _Texts, one: int, other: int) -> bool:
    return has_one_other_word(texts.words[one], texts.words[other])


def _is_reworded(texts: _Texts, one: int, other: int) -> bool:
    shared = shared_words(texts.words[one], texts.words[other])
    return (
        not _is_swapped(texts, one, other)
        and size_of(shared) >= SHORTEST_TITLE
        and is_copy(texts.summaries[one], texts.summaries[other], shared)
    )


def _reports(texts: _Texts) -> Iterator[tuple[int, int]]:
    """Yield reports of two sites on one event."""
    for one, other in same_reports(texts.words, texts.summaries):
        if host_of(texts.articles[one].url) != host_of(texts.articles[other].url):
            yield one, other
