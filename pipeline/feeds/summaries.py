"""Compare summaries of articles: whether two are one text, or speak of one thing. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

from models.words import UNSPACED
from pipeline.core.types import Article
from pipeline.feeds.titles import CACHE_SIZE, n_letters, size_of, start_of, words_of

SURE_TITLE = 10  # words; two blogs do not both write it by chance
LONG_ENOUGH = 3  # words of a summary that can contradict a title
OWN_SUMMARY = 12  # words of a summary that two articles do not share by chance
SHARED_WORDS = 0.2  # of the shorter summary
COMMON = frozenset({  # of four letters and more
    "about", "their", "there", "these", "those", "which", "where", "would", "could", "after", "before", "other",
    "every",
    "being", "this", "that", "with", "from", "have", "been", "more", "than", "your", "what", "when", "will", "just",
    "like", "into", "they", "them", "then", "over", "also", "some",
})  # fmt: skip


def agree(one: Article, other: Article) -> bool:
    """Return whether the summaries of two articles speak of the same things, as far as they can be compared."""
    summaries = long_words(one, other)
    if not summaries or len(words_of(one.title)) >= SURE_TITLE:
        return True
    return amount(frozenset.intersection(*summaries)) >= max(2, SHARED_WORDS * min(map(amount, summaries)))


def long_words(one: Article, other: Article) -> list[frozenset[str]]:
    """Return the longer words of two summaries; nothing where one of them is too short to contradict a title."""
    words = [starts_of(words_of(article.summary)) for article in (one, other)]
    return words if min(map(amount, words)) >= LONG_ENOUGH else []


def starts_of(words: Sequence[str]) -> frozenset[str]:
    """Return the longer words of a text, known by their first letters; of Chinese every two signs."""
    return frozenset(chain.from_iterable(map(_starts_of, words)))


@lru_cache(CACHE_SIZE)
def _starts_of(word: str) -> Sequence[str]:
    signs = "" if word.isascii() else "".join(UNSPACED.findall(word))
    if signs:
        return [signs[n : n + 2] for n in range(len(signs) - 1)]
    return (start_of(word),) if n_letters(word) >= 4 and word not in COMMON and not word.isdigit() else ()


def amount(starts: frozenset[str]) -> float:
    """Return how many words `starts_of` found; two pairs of signs are one."""
    return sum(0.5 if UNSPACED.match(start) else 1 for start in starts)


def is_copy(one: str, other: str, title: Sequence[str] = ()) -> bool:
    """Return whether a summary is the other, either of them cut off or followed by a remark ("Read more").

    With the words of a title that they share it must be long enough to be no chance.
    """
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and size_of([*title, *short.split()]) >= OWN_SUMMARY


def is_about(summary: str, title: Sequence[str]) -> bool:
    """Return whether a summary speaks of a title: words that begin alike, or a title's compound with such a word."""
    text = summary.casefold()
    starts = {start_of(word) for word in words_of(text) if n_letters(word) >= 4 and word not in COMMON}
    for word in title:
        if n_letters(word) >= 4 and word not in COMMON and start_of(word) in starts:
            return True
        if len(word) >= 8 and any(word[n : n + 5] in text for n in range(1, len(word) - 4)):
            return True
    unspaced = "".join(UNSPACED.findall("".join(title)))
    return any(unspaced[n : n + 2] in text for n in range(len(unspaced) - 1))
