"""Compare titles and summaries of articles: whether two that are not equal may be of one story. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from models.scripts import MARKS

WORD = re.compile(rf"\w[\w{MARKS}]*")
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")  # Thai to Chinese
HANGUL = re.compile("[\uac00-\ud7a3]")
# a label before a title ("UPDATE:", "[Video]", "Opinion |"), and a site's name or a remark after it
LABEL = re.compile(r"^\W{0,5}(?:\w{1,20}(?:\s\w{1,20})?\s?[:\]|]|[^\W\d_a-z]{3,20}[.:])\s{1,3}(?=\S)")
SITE = re.compile(r"\s(?:[-–—|·]\s[^-–—|·\d]{1,40}|\((?![ivxlc]+\))[^()\d]{1,20}\))$", re.I)
ROMAN = re.compile("(?=.)c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
CUT_OFF = re.compile(r"(?:…|\.\.\.)\W*$")
SHARED_PAIRS = 0.25  # of the pairs of characters in two titles
SHARED_PAIRS_OTHER_SCRIPTS = 0.5
SAME_WORD = 0.75  # similarity of two spellings: "rises" and "rise" are one word, "opens" and "closes" are two
NEGATIONS = frozenset({
    "not", "no", "never", "nicht", "kein", "keine", "ne", "pas", "jamais", "non", "não", "nao", "niet", "geen", "nie",
    "inte", "ikke", "ei", "ni", "не", "нет", "değil", "όχι", "δεν",
})  # fmt: skip
# words whose meaning depends on the author and the day: "What I read this week"
RELATIVE = frozenset({
    "i", "my", "we", "our", "us", "me", "you", "your", "this", "these", "today", "now", "here",
    "ich", "mein", "meine", "meinen", "wir", "unser", "unsere", "diese", "dieser", "diesem", "diesen", "dieses",
    "heute", "je", "j", "mon", "ma", "mes", "nous", "notre", "nos", "ce", "cet", "cette", "ces", "yo", "mi", "mis",
    "nuestro", "nuestra", "este", "esta", "hoy", "io", "mio", "mia", "noi", "nostro", "questo", "questa", "oggi", "eu",
    "meu", "minha", "nosso", "nossa", "neste", "nesta", "hoje", "ik", "mijn", "wij", "ons", "onze", "deze", "dit",
    "vandaag", "я", "мы", "мой", "мои", "наш", "этот", "этой", "этом", "сегодня",
})  # fmt: skip
COMMON = frozenset({  # of four letters and more
    "about", "their", "there", "these", "those", "which", "where", "would", "could", "after", "before", "other",
    "every",
    "being", "this", "that", "with", "from", "have", "been", "more", "than", "your", "what", "when", "will", "just",
    "like", "into", "they", "them", "then", "over", "also", "some",
})  # fmt: skip


def words_of(text: str) -> list[str]:
    """Return the words of a text, without case and punctuation."""
    return WORD.findall(text.casefold())


def size_of(words: Sequence[str]) -> float:
    """Return how many words a title has that distinguish it from others: short ones count half, numbers nothing."""
    return sum(_size(word) for word in words if word not in RELATIVE and not any(c.isdigit() for c in word))


def _size(word: str) -> float:
    if word.isascii():
        return 1 if len(word) >= 4 else 0.5 if len(word) > 1 else 0
    n_unspaced = len(UNSPACED.findall(word))
    if n_unspaced:
        return n_unspaced / 2
    n_letters = _n_letters(word)
    return 1 if n_letters >= 4 else 0.5 if n_letters > 1 else 0


def _n_letters(word: str) -> int:
    """Return the length of a word; a syllable of Korean counts as two letters."""
    return len(word) + len(HANGUL.findall(word))


def bare_titles(title: str) -> Iterator[list[str]]:
    """Yield the words of a title without the label before it, without the site's name after it, and without both.

    And in another order: "After 212 years, the mill closes" is "The mill closes after 212 years".
    """
    first, _, rest = title.partition(", ")
    if rest:
        yield words_of(rest) + words_of(first)
    for bare in (LABEL.sub("", title), SITE.sub("", title), SITE.sub("", LABEL.sub("", title))):
        if bare != title:
            yield words_of(bare)


def is_relative(words: Sequence[str]) -> bool:
    """Return whether a title means another thing under another author's name, or on another day."""
    return not RELATIVE.isdisjoint(words)


def is_cut_off(title: str) -> bool:
    """Return whether a title ends in an ellipsis."""
    return bool(CUT_OFF.search(title))


def may_be_one(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether two unequal titles that embed alike may name one story.

    Numbers that differ, one set of words in two orders, a negation and a word for another are two stories. And some of
    the characters must be the same: an embedder gives all words of a script that it cannot read one vector.
    """
    numbers = [set(filter(_is_number, words)) for words in (first, second)]
    if sorted(first) == sorted(second) or (all(numbers) and numbers[0] != numbers[1]):
        return False
    if NEGATIONS & (set(first) ^ set(second)) or _has_another_word(first, second):
        return False
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (" ".join(first), " ".join(second))]
    share = len(pairs[0] & pairs[1]) / max(len(pairs[0] | pairs[1]), 1)
    return share >= (SHARED_PAIRS if "".join(first).isascii() else SHARED_PAIRS_OTHER_SCRIPTS)


def _is_number(word: str) -> bool:
    return any(c.isdigit() for c in word) or bool(ROMAN.fullmatch(word))


def _has_another_word(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether a word of one title stands where the other has an unlike one, or stands elsewhere in the other."""
    changes = [c for c in SequenceMatcher(None, first, second, autojunk=False).get_opcodes() if c[0] != "equal"]
    for kind, a, b, c, d in changes:
        removed, added = ([word for word in words if _n_letters(word) >= 3] for words in (first[a:b], second[c:d]))
        if kind == "replace" and added and any(not _has_alike(word, added) for word in removed):
            return True
    removed = [word for kind, a, b, _, _ in changes if kind == "delete" for word in first[a:b] if _n_letters(word) > 3]
    added = [word for kind, _, _, c, d in changes if kind == "insert" for word in second[c:d]]
    return any(_has_alike(word, added) for word in removed)


def _has_alike(word: str, others: Sequence[str]) -> bool:
    # forms of one word differ at the end; one that begins otherwise, such as "unsafe" for "safe", is another
    return any(word[0] == other[0] and SequenceMatcher(None, word, other).ratio() >= SAME_WORD for other in others)


def is_about(summary: str, title: Sequence[str]) -> bool:
    """Return whether a summary speaks of a title: words that begin alike, or a title's compound with such a word."""
    text = summary.casefold()
    starts = {_start(word) for word in words_of(text) if _n_letters(word) >= 4 and word not in COMMON}
    for word in title:
        if _n_letters(word) >= 4 and word not in COMMON and _start(word) in starts:
            return True
        if len(word) >= 8 and any(word[n : n + 5] in text for n in range(1, len(word) - 4)):
            return True
    unspaced = "".join(UNSPACED.findall("".join(title)))
    return any(unspaced[n : n + 2] in text for n in range(len(unspaced) - 1))


def _start(word: str) -> str:
    return word[:2] if HANGUL.match(word) else word[:4]
