"""Recognize reports of two sites on one event, in other words or in another order. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from pipeline.feeds.summaries import amount, starts_of
from pipeline.feeds.titles import NEGATIONS, has_one_other_word, numbers_of

SHARED_IN_TITLES = 2  # words, at least
SHARED = 8  # words of title and summary that two articles do not share by chance
SHARE = 0.7  # of the words of the longer
COMMON_WORD = 30  # titles; a word of more of them finds no pair


@dataclass(frozen=True, slots=True)
class _Report:
    words: Sequence[str]  # of the title
    title: frozenset[str]  # its longer words, known by their first letters; of Chinese every two signs
    text: frozenset[str]  # those of title and summary
    numbers: frozenset[str]
    negations: frozenset[str]


def same_reports(titles: Sequence[Sequence[str]], summaries: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the articles, by index, that tell one story in nearly the same words.

    Parameters
    ----------
    titles : sequence of sequence of str
        The words of each article's title.
    summaries : sequence of str
        The words of each article's summary, joined by spaces; one without is compared with none.
    """
    by_word: dict[str, list[int]] = defaultdict(list)
    for index, words in enumerate(titles):
        for word in starts_of(words) if summaries[index] else ():
            by_word[word].append(index)
    shared = Counter(pair for found in by_word.values() if len(found) <= COMMON_WORD for pair in combinations(found, 2))

    @cache
    def report(index: int) -> _Report:
        words = [*titles[index], *summaries[index].split()]
        title = titles[index]
        negations = NEGATIONS.intersection(title)
        return _Report(title, starts_of(title), starts_of(words), frozenset(numbers_of(words)), negations)

    for (one, other), count in shared.items():
        if count >= SHARED_IN_TITLES and _is_one(report(one), report(other)):
            yield one, other


def _is_one(one: _Report, other: _Report) -> bool:
    """Return whether two reports share most words and their numbers, and one says all that the other's title says.

    So "Court allows the merger" stays apart from "Court blocks the merger", whatever background both of them repeat.
    """
    if one.negations != other.negations or has_one_other_word(one.words, other.words):
        return False
    if not (one.numbers <= other.numbers or other.numbers <= one.numbers):
        return False
    shared = amount(one.text & other.text)
    if shared < SHARED or shared < SHARE * max(amount(one.text), amount(other.text)):
        return False
    return one.title <= other.text or other.title <= one.text
