"""Find the number of an issue in its front matter, title, file name or address."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.plain_text import ascii_digits

KEYS = ("number", "issue", "issue_number", "issuenumber", "issue_no", "edition", "secondary_id")
# words for "issue" in the big languages
ISSUE_WORDS = (
    r"ausgabe|num[ée]ro|n[úu]mero|edição|edizione|edición|édition|uitgave|выпуск|номер|випуск|numer|wydanie|sayı|nummer|"
    r"číslo|vydání|vydanie|utgave|szám|številka|izdaja|broj|број|брой|numărul|ediția|edisi|số|τεύχος|גיליון|العدد|عدد|"
    r"شماره|अंक|ฉบับที่"
)
NAME_WORDS = "folge|brief|episode"  # a newsletter may have them in its name, too
WORDS = rf"issue|edition|num\.?|núm\.?|nr\.?|{ISSUE_WORDS}|{NAME_WORDS}"
NAMED = re.compile(rf"(?<![^\W_])(?:{WORDS})[\s_#№-]*(?:n[°ºo]\.?\s*)?0*(\d{{1,5}})(?![\d%]|[.,]\d)", re.IGNORECASE)
# "34. Ausgabe", "34th issue"; "3. Nr. 4" and "Vol 3. Issue 4" are numbers of something else
ORDINAL = re.compile(
    r"(?<![\w.,#])0*(\d{1,5})(?:(?:st|nd|rd|th)\s+(?:issue|edition|newsletter)(?!\s+of\b)|"
    rf"(?:\.|[.]?[ºª°]|-?(?:й|я|е|er|ère|e|ème|eme|os|as))\s*(?:{ISSUE_WORDS}|{NAME_WORDS}))(?![^\W_])",
    re.IGNORECASE,
)
SIGNED = re.compile(r"(?:\bNo\.|\b[Nn]\.?[°º]|№)\s*0*(\d{1,5})\b")
EAST_ASIAN = re.compile(r"[第제]\s*0*(\d{1,5})\s*[期号號回호集]|(?<!\d)(\d{1,5})\s*호")
COUNTED = re.compile(r"(?<![\d第.,-])0*(\d{1,5})\s*期(?=\s*(?:$|[-–—:：|(（]))")  # "周报 394 期（2021-06-09）"
# a number sign counts at either end of a title or before a mark, not before a word: "Python is #1 language"
HASH = re.compile(r"#\s*0*(\d{1,5})(?=\s*(?:$|[-–—:：|/,，;(（\[.]))|^\W*#\s*0*(\d{1,5})\b")
LEADING = re.compile(r"^\W*0*(\d{1,4})\s*(?:[|–—:：]|-\s)")
IN_TEXT = re.compile(r"(?<![\w#&/])#\s?0*(\d{1,5})\b(?![.,]\d)")
NAME_START = re.compile(r"0*(\d{1,5})\s*(?:[-–—_.:|]\s*)?(?=[^\W\d_])")
WORD_AND_NUMBER = re.compile(r"[^\W\d_]+0*(\d{1,5})", re.IGNORECASE)
PADDED = re.compile(r"^\W*0+(\d{1,4})\s*(?:[|–—:：]|-\s)")
NAME_AND_NUMBER = re.compile(r"^[^\W\d_][^\d:：|]{0,30}\s0*(\d{1,5})\s*(?:[:：|–—]|-\s)")
TRAILING = re.compile(r"[^\W\d_]\W{0,3}\s#?0*(\d{1,5})\W*$")
YEARS = range(1900, 2101)
DATE_AT_START = re.compile(r"^\d{4}[-_.]?\d{2}[-_.]?\d{2}[-_ ]*|^\d{4}[-_]\d{2}[-_ ]+(?=\D)")
DATED_REST = re.compile(r"\d{4}[-_]?W?\d{1,2}|W\d{1,2}", re.IGNORECASE)


def given_number(meta: Mapping[str, Any]) -> int | None:
    """Return the number that front matter or an export gives."""
    for key in KEYS:
        match = (
            re.fullmatch(r"\D{0,12}0*(\d{1,6})", str(meta.get(key, "")).strip()) if meta.get(key) is not None else None
        )
        if match:
            return int(match[1])
    return None


def title_number(title: str) -> int | None:
    """Return the number that a title says is the issue's."""
    title = ascii_digits(title)
    for pattern in (ORDINAL, NAMED, SIGNED, EAST_ASIAN, COUNTED, HASH, PADDED):
        match = pattern.search(title)
        if match:
            return int(next(filter(None, match.groups()), "0"))
    return None


def weak_title_number(title: str) -> int | None:
    """Return a number at either end of a title or of the name before a mark: `021 | …`, `Letter 51`, `Letter 51: …`."""
    title = ascii_digits(title)
    match = LEADING.search(title) or NAME_AND_NUMBER.search(title) or TRAILING.search(title)
    number = int(match[1]) if match else None
    return None if number is None or number in YEARS else number


def name_number(stem: str) -> int | None:
    """Return the number that a file's name says is the issue's: `issue-110`, `第411期`."""
    stem = ascii_digits(stem)
    for pattern in (ORDINAL, NAMED, EAST_ASIAN):
        if match := pattern.search(stem.replace("_", "-")):
            return int(next(filter(None, match.groups()), "0"))
    return None


def weak_name_number(stem: str) -> int | None:
    """Return a number in a file's name that may be the issue's: `0083`, `2024-05-03-letter-12`, `152 - Letter`."""
    stem = ascii_digits(stem)
    rest = DATE_AT_START.sub("", stem)
    if not rest or DATED_REST.fullmatch(rest) or re.fullmatch(r"\d{6}|\d{8}|\d{4}[-_.]\d{2}(?:[-_.]\d{2})?", rest):
        return None
    match = re.fullmatch(r"(?:\D*[-_ #.])?0*(\d{1,5})", rest)
    if match and (rest == stem or re.search(r"\D", rest) or len(rest) <= 4):
        return int(match[1])
    return None


def weakest_name_number(stem: str) -> int | None:
    """Return the number at the beginning of a file's name, or right after a word: `152 - Letter`, `Week200`."""
    stem = ascii_digits(stem)
    match = WORD_AND_NUMBER.fullmatch(stem) or NAME_START.match(stem)
    return int(match[1]) if match and int(match[1]) not in YEARS else None


def text_number(lines: Sequence[str]) -> int | None:
    """Return the first number that the text at the top says is the issue's: "Letter #410 is here"."""
    for line in lines:
        text = ascii_digits(line)
        for pattern in (ORDINAL, NAMED, SIGNED, EAST_ASIAN, IN_TEXT):
            if match := pattern.search(text):
                return int(next(filter(None, match.groups()), "0"))
    return None


def address_number(url: str) -> int | None:
    """Return the number at the end of a permalink: /issues/110."""
    match = re.search(r"/(?:[\w-]*?(?:issue|edition|newsletter|archive)s?[-/])0*(\d{1,5})/?$", url, re.IGNORECASE)
    return int(match[1]) if match else None
