"""The records that the XML and the JSON parser hand to `parse`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, its texts as plain text: the parser knows in which format the feed wrote them."""

    link: str | None  # absolute, as written
    guid: str | None
    title: str
    author: str
    summary: str
    content: str
    published: datetime | None = None  # aware UTC
    language: str | None = None


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as a parser reads it."""

    title: str
    entries: Sequence[Entry]
    home: str | None = None  # the address of the site, as the feed gives it
    malformed: str | None = None  # what is wrong with it, though it was read
