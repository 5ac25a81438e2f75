"""Find the number of an issue in its front matter, title, file name or address."""

import re
from collections.abc import Mapping
from typing import Any

KEYS = ("number", "issue", "issue_number", "issuenumber", "issue_no", "edition", "secondary_id")
# words for "issue" before a number, in the big languages
WORDS = (
    r"issue|edition|ausgabe|folge|brief|num[ée]ro|n[úu]mero|num\.?|núm\.?|nr\.?|edição|edizione|edición|uitgave|выпуск|номер|"
    r"numer|wydanie|sayı|nummer|číslo|utgave|numéro|episode"
)
NAMED = re.compile(rf"(?<![^\W_])(?:{WORDS})[\s_#№-]*(?:n[°ºo]\.?\s*)?0*(\d{{1,5}})(?![\d%]|[.,]\d)", re.IGNORECASE)
SIGNED = re.compile(r"(?:\bNo\.|\bN[°º]|\bn[°º]|№)\s*0*(\d{1,5})\b")
EAST_ASIAN = re.compile(r"[第제]\s*0*(\d{1,5})\s*[期号號回호集]|(?<!\d)(\d{1,5})\s*호")
# a number sign counts at either end of a title or before a mark, not before a word: "Python is #1 language"
HASH = re.compile(r"#\s*0*(\d{1,5})(?=\s*(?:$|[-–—:：|/,，;(（\[.]))|^\W*#\s*0*(\d{1,5})\b")
LEADING = re.compile(r"^\W*0*(\d{1,4})\s*(?:[|–—:：]|-\s)")
TRAILING = re.compile(r"[^\W\d_]\W{0,3}\s#?0*(\d{1,5})\W*$")
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
    for pattern in (NAMED, SIGNED, EAST_ASIAN, HASH):
        match = pattern.search(title)
        if match:
            return int(next(filter(None, match.groups()), "0"))
    return None


def weak_title_number(title: str) -> int | None:
    """Return a number at the beginning or end of a title, which may be the issue's: `021 | …`, `Harbour Letter 51`."""
    match = LEADING.search(title) or TRAILING.search(title)
    number = int(match[1]) if match else None
    return None if number is None or 1900 <= number <= 2100 else number


def name_number(stem: str) -> int | None:
    """Return the number in a file's name: `issue-110`, `0083`, `2024-05-03-letter-12`; not a date."""
    match = NAMED.search(stem.replace("_", "-"))
    if match:
        return int(match[1])
    rest = DATE_AT_START.sub("", stem)
    if not rest or DATED_REST.fullmatch(rest) or re.fullmatch(r"\d{6}|\d{8}|\d{4}[-_.]\d{2}(?:[-_.]\d{2})?", rest):
        return None
    match = re.fullmatch(r"(?:\D*[-_ #.])?0*(\d{1,5})", rest)
    if not match or (rest != stem and not re.search(r"\D", rest) and len(rest) > 4):
        return None
    return int(match[1])


def address_number(url: str) -> int | None:
    """Return the number at the end of a permalink: /issues/110."""
    match = re.search(r"/(?:[\w-]*?(?:issue|edition|newsletter|archive)s?[-/])0*(\d{1,5})/?$", url, re.IGNORECASE)
    return int(match[1]) if match else None
