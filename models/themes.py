"""Phrases of titles that may name a theme, and which past titles share them."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from models.features import CACHE_SIZE
from models.words import LONG_WORD, SYLLABIC, fold, letters_of, title_words

MAX_WORDS = 3  # of a phrase
MAX_PAIRS = 5  # of a phrase in a script without spaces, whose words are overlapping pairs of letters: six letters
MIN_LETTERS = 4  # of the first and the last word of a phrase, unless in capitals: shorter ones are seldom nouns
GAP = re.compile(r"[\s\-‐‑/&]*")  # what may stand between two words of a phrase

Key = tuple[str, ...]  # the words of a phrase, folded, as `title_words` splits them


class Phrase(NamedTuple):  # a record of a slower kind takes a tenth of the time of reading its title
    """Adjacent words of a title: those from `start` up to `end`, as `title_words` splits it."""

    text: str  # as it stands in the title
    key: Key
    start: int
    end: int

    @property
    def n_words(self) -> int:
        """Number of words; of pairs of letters in scripts without spaces."""
        return len(self.key)


class PhraseIndex:
    """Which of n past titles have some phrases.

    Parameters
    ----------
    titles : sequence of str
        Oldest first; of equal titles only the last one counts.
    keys : collection of Key
        The phrases to look for.
    """

    def __init__(self, titles: Sequence[str], keys: Collection[Key]) -> None:
        self.positions = {fold(title): n for n, title in enumerate(titles)}
        self._found: dict[Key, list[int]] = {}
        lengths = {len(key) for key in keys}
        for n in sorted(self.positions.values()):
            words = tuple(_about(word)[0] for word in title_words(titles[n]))
            of_title = {words[at : at + size] for size in lengths for at in range(len(words) - size + 1)}
            for key in of_title.intersection(keys):
                self._found.setdefault(key, []).append(n)

    def __contains__(self, key: Key) -> bool:
        return key in self._found

    def beside(self, phrase: Phrase, title: str) -> tuple[int, int | None]:
        """Return how many titles have a phrase, and the position of the latest; the title it is of does not count."""
        found = self._found.get(phrase.key)
        if found is None:
            return 0, None
        own = self.positions.get(fold(title), -1)
        at = bisect_left(found, own)
        if at == len(found) or found[at] != own:
            return len(found), found[-1]
        others = len(found) - 1
        return others, found[-2 if at == others else -1] if others else None


def phrases(title: str) -> list[Phrase]:
    """Return the words of a title that can be nouns, and its phrases of two or three words that begin and end with one.

    No punctuation stands inside a phrase. In scripts without spaces, and in Korean, phrases have three to six letters.
    """
    placed = list(_placed_words(title))
    folded, are_pairs, are_nouns = zip(*(_about(word) for word, _ in placed), strict=True) if placed else ((), (), ())
    gaps = [title[at + len(word) : then] for (word, at), (_, then) in pairwise(placed)]
    are_joined = [gap == " " or GAP.fullmatch(gap) is not None for gap in gaps]
    found = []
    for start in range(len(placed)):
        if not are_nouns[start]:
            continue
        longest = MAX_PAIRS if are_pairs[start] else MAX_WORDS
        for last in range(start, min(len(placed), start + longest)):
            if last > start and not (are_joined[last - 1] and are_pairs[last] == are_pairs[start]):
                break
            if are_nouns[last]:
                text = title[placed[start][1] : placed[last][1] + len(placed[last][0])]
                found.append(Phrase(text, folded[start : last + 1], start, last + 1))
    return found


def _placed_words(title: str) -> Iterator[tuple[str, int]]:
    """Yield the words of a title, and where each begins; pairs of letters overlap."""
    if title.isascii():
        yield from ((match[0], match.start()) for match in LONG_WORD.finditer(title))
        return
    at = 0
    for word in title_words(title):
        begins = title.index(word, at)
        at = begins + len(letters_of(word)[0] if _is_pair(word) else word)
        yield word, begins


@lru_cache(CACHE_SIZE)
def _about(word: str) -> tuple[str, bool, bool]:
    """Return a word as it is compared, whether it is a pair of letters, and whether it may be a noun."""
    is_pair = _is_pair(word)
    return fold(word), is_pair, is_pair or _may_be_noun(word)


def _is_pair(word: str) -> bool:
    return not word.isascii() and len(word) > 1 and SYLLABIC.match(word) is not None


def _may_be_noun(word: str) -> bool:
    is_short = len(word) < MIN_LETTERS and not (word.isupper() and word.isalpha())
    return not (is_short or word[0].isdigit() or word.lower() in ENGLISH_STOP_WORDS)
