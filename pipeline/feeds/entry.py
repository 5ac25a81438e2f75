"""The record that the XML and the JSON parser hand to `parse`."""

from dataclasses import dataclass
from datetime import datetime
from time import struct_time


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as the feed gives it, markup included."""

    link: str | None  # absolute
    guid: str | None
    title: str | None
    author: str | None
    summary: str | None
    content: str | None
    published: struct_time | datetime | None = None
    language: str | None = None
