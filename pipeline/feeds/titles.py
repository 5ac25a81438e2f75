"""Compare titles of articles: their words, how much they tell, and whether two are one. Pure."""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from models.words import UNSPACED, simplified_characters, split_words

HANGUL = re.compile("[\uac00-\ud7a3]")
# a label before a title ("UPDATE:", "UPDATE 2-", "[Video]", "【速報】", "Opinion |"), a site's name or remark after it
LABEL = re.compile(
    r"^\W{0,5}(?:(?:\w{1,20}(?:\s\w{1,20})?\s?[:\]|]|[^\W\d_a-z]{3,20}[.:])\s{1,3}|\w{1,20}[】：]\s{0,3}"
    r"|[^\W\d_a-z]{3,20}\s?\d?-)(?=\S)"
)
SITE = re.compile(
    r"｜[^｜\d]{1,20}$|\s(?:[-–—|·]\s[^-–—|·\d]{1,40}|[(\[](?![ivxlc]+[)\]])[^()\[\]\d]{1,20}[)\]])$", re.I
)
# arXiv's number, which its own feeds, alerts and lists write before or behind a title
ARXIV = re.compile(r"^\[\d{4}\.\d{4,5}(?:v\d{1,2})?\]\s{1,3}|\s?\(arXiv:\d{4}\.\d{4,5}[^()]{0,40}\)$")
YEAR = re.compile(r"\s[(\[](?:19|20)\d\d[)\]]$")  # in which a text was written, as boards for links add it
ROMAN = re.compile("(?=.)c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
DIGITS = re.compile(r"\d+")
CUT_OFF = re.compile(r"(?:…|\.\.\.)\W*$")
CACHE_SIZE = 30_000  # words: texts are many, of few words
SAME_WORD = 0.75  # similarity of two spellings: "rises" and "rise" are one word, "opens" and "closes" are two


class _Plain(dict[int, str]):
    """Letters without accents and strokes; vowel signs and tone marks of Hindi, Thai or Japanese stay.

    Traditional Chinese characters become simplified ones.
    """

    def __missing__(self, code: int) -> str:
        if simplified := simplified_characters().get(code):
            return self.setdefault(code, simplified)
        name = unicodedata.name(chr(code), "").partition(" WITH STROKE")
        parts = unicodedata.normalize("NFD", unicodedata.lookup(name[0]) if name[1] else chr(code))
        self[code] = unicodedata.normalize("NFC", "".join(part for part in parts if not _is_accent(part)))
        return self[code]


def _is_accent(character: str) -> bool:
    """Return whether a mark is an accent of Latin, Greek, Cyrillic, Arabic or Hebrew, by its combining class."""
    place = unicodedata.combining(character)
    return 10 <= place <= 35 or place >= 200


PLAIN = _Plain({ord("ı"): "i", ord("æ"): "a", ord("œ"): "o"})


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: without case, punctuation, accents and umlauts.

    Some feeds escape a title twice, so "R&amp;D" is "R&D".
    """
    text = (html.unescape(text) if "&" in text else text).casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(PLAIN)  # also full-width letters
    for vowel in "aou":  # "ü" is "u" in one paper and "ue" in another
        text = text.replace(f"{vowel}e", vowel)
    return split_words(text)


NEGATIONS = frozenset(words_of(
    "not no never nicht kein keine ne pas jamais non não nao niet geen nie inte ikke ei ni не нет değil "
    "όχι δεν"
))  # fmt: skip
# words whose meaning depends on the author and the day: "What I read this week"
RELATIVE = frozenset(words_of(
    "i my we our us me you your this these today now here ich mein meine meinen wir unser unsere diese "
    "dieser diesem diesen dieses heute je j mon ma mes nous notre nos ce cet cette ces yo mi mis nuestro "
    "nuestra este esta hoy io mio mia noi nostro questo questa oggi eu meu minha nosso nossa neste nesta "
    "hoje ik mijn wij ons onze deze dit vandaag я мы мой мои наш этот этой этом сегодня"
))  # fmt: skip


def size_of(words: Sequence[str]) -> float:
    """Return how many words a title has that distinguish it from others: short ones count half, numbers nothing."""
    return sum(_size(word) for word in words if word not in RELATIVE)


@lru_cache(CACHE_SIZE)
def _size(word: str) -> float:
    if word.isascii():
        return 0 if DIGITS.search(word) else 1 if len(word) >= 4 else 0.5 if len(word) > 1 else 0
    n_unspaced = len(UNSPACED.findall(word))
    if n_unspaced:
        return n_unspaced / 2
    if DIGITS.search(word):
        return 0
    length = n_letters(word)
    return 1 if length >= 4 else 0.5 if length > 1 else 0


def n_letters(word: str) -> int:
    """Return the length of a word; a syllable of Korean counts as two letters."""
    return len(word) if word.isascii() else len(word) + len(HANGUL.findall(word))


def bare_titles(title: str) -> Iterator[list[str]]:
    """Yield the words of a title without the label before it, without the site's name after it, and without both.

    And without arXiv's number or the year of an older text.
    """
    unnumbered = YEAR.sub("", ARXIV.sub("", title))
    for bare in (unnumbered, LABEL.sub("", title), SITE.sub("", title), SITE.sub("", LABEL.sub("", title))):
        if bare != title:
            yield words_of(bare)


def is_relative(title: str) -> bool:
    """Return whether a title means another thing under another author's name, or on another day.

    "US" and "EU" are no such words, and "i" is one in English alone, where it is "I".
    """
    words = [word for word in split_words(title) if word != "i" and (len(word) == 1 or not word.isupper())]
    return not RELATIVE.isdisjoint(words_of(" ".join(words)))


def is_cut_off(title: str) -> bool:
    """Return whether a title ends in an ellipsis."""
    return bool(CUT_OFF.search(title))


def is_one_title(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether two titles are one: of the same letters, or with two neighbouring parts exchanged.

    "E-mail" is "email", "KDE4" is "KDE 4", and "After 212 years, the mill closes" is "The mill closes after 212 years".
    Who does what to whom is said by a word that stays between two parts: "Dog bites man" is no other order of "Man
    bites dog". Nor may numbers change places.
    """
    if "".join(first) == "".join(second):
        return numbers_of(first) == numbers_of(second)
    if sorted(first) != sorted(second):
        return False
    changed = [n for n, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    part, other = (list(words[changed[0] : changed[-1] + 1]) for words in (first, second))
    is_turned = any(part[n:] + part[:n] == other for n in range(1, len(part)))
    return is_turned and numbers_of(first) == numbers_of(second)


def numbers_of(words: Sequence[str]) -> list[str]:
    """Return the numbers in a title: "v2" and "2bn" are 2."""
    return [number for word in words for number in ([word] if ROMAN.fullmatch(word) else DIGITS.findall(word))]


def _has_alike(word: str, others: Sequence[str]) -> bool:
    # forms of one word differ at the end; one that begins otherwise, such as "unsafe" for "safe", is another
    return any(word[0] == other[0] and SequenceMatcher(None, word, other).ratio() >= SAME_WORD for other in others)


def shared_words(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """Return the words of a title that begin as one of another does; none where the numbers of the two differ."""
    starts = {start_of(word) for word in second}
    return [word for word in first if start_of(word) in starts] if numbers_of(first) == numbers_of(second) else []


def start_of(word: str) -> str:
    """Return the letters of a word that its forms and compounds have in common."""
    return word[:2] if HANGUL.match(word) else word[:4]


def has_one_other_word(first: Sequence[str], second: Sequence[str]) -> bool:
    """Return whether two titles are one but for a word that is another: "Night train to Rome" and "to Paris"."""
    if len(first) != len(second) or len(first) < 4:
        return False
    other = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    return len(other) == 1 and not _has_alike(other[0][0], [other[0][1]])
