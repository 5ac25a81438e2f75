"""Find an issue's number, date, title and subtitle in its front matter, its text, its file's name, its links."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from dateutil import parser as dates

from pipeline.archive.blocks import Block
from pipeline.archive.documents import Document
from pipeline.archive.extraction import day_number

NUMBER = re.compile(r"(?:#|\bissue\s+#?|\bno\.?\s*)\s*(\d{1,5})\b", re.IGNORECASE)
LAST_NUMBER = re.compile(r"\b(\d{1,5})\s*$")
WRITTEN_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}\b|\b[A-Z][a-z]{2,8}\.?\s+\d{1,2},?\s+\d{4}\b"
)
DATE_IN_LINK = re.compile(r"/(20\d{2})[/-](\d{2})[/-](\d{2})\b")
TEXT_LINES = 3  # blocks at the top that may hold the date


@dataclass(frozen=True)
class Facts:
    """What an issue says of itself, and what had to be guessed."""

    number: int | None
    day: date | None
    title: str
    subtitle: str
    guessed: str = ""  # a sentence; "" if nothing was


def find_facts(document: Document) -> Facts:
    """Find what identifies an issue. Front matter wins over the title, both over the file's name and the text."""
    meta = document.meta
    title = _first(meta, "title", "subject") or _heading(document.blocks)
    subtitle = _first(meta, "subtitle", "description")
    number = _number(document, title)
    day, guessed = _day(document, title)
    if number is None and day is not None:
        number = day_number(day)
    return Facts(number, day, title, subtitle, guessed)


def _first(meta: Mapping[str, Any], *keys: str) -> str:
    values = [meta.get(key) for key in keys]
    return next((" ".join(str(value).split()) for value in values if value), "")


def _heading(blocks: Sequence[Block]) -> str:
    return next((b.text for b in blocks[:TEXT_LINES] if b.kind == "heading" and b.level == 1), "")


def _number(document: Document, title: str) -> int | None:
    named = NUMBER.search(title)
    for text in (named[1] if named else "", _first(document.meta, "number", "issue", "secondary_id")):
        if text.isdigit():
            return int(text)
    stem = document.stem
    if WRITTEN_DATE.search(stem):
        in_name = re.search(r"issue[-_ ]*(\d{1,5})\b", stem, re.IGNORECASE)
        return int(in_name[1]) if in_name else None
    in_name = re.fullmatch(r"\D*?0*(\d{1,5})", stem)
    return int(in_name[1]) if in_name else None


def _day(document: Document, title: str) -> tuple[date | None, str]:
    for key in ("date", "publish_date", "post_date", "published", "email_sent_at"):
        given = document.meta.get(key)
        if isinstance(given, datetime):
            return given.date(), ""
        if isinstance(given, date):
            return given, ""
        if given and (day := _parse(str(given))):
            return day, ""
    top = [block.text for block in document.blocks[:TEXT_LINES]]
    for text in (title, document.stem, *top):
        written = WRITTEN_DATE.search(text)
        if written and (day := _parse(written[0])):
            return day, ""
    linked = [found for block in document.blocks for link in block.links if (found := _date_in_link(link.url or ""))]
    if linked:
        return max(linked), f"its date was taken from its newest link, {max(linked)}"
    return None, ""


def _date_in_link(url: str) -> date | None:
    match = DATE_IN_LINK.search(url)
    return _parse("-".join(match.groups())) if match else None


def _parse(text: str) -> date | None:
    try:
        return dates.parse(text.strip(" -–—"), dayfirst=not re.match(r"\d{4}", text.strip())).date()
    except (ValueError, OverflowError):
        return None
