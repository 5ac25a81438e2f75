"""Read the day of a value of front matter or of an export."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from dateutil import parser as dateutil_parser

from pipeline.archive.metadata.written_dates import YEARS, written_date

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]|$)")


def given_date(value: Any, zone: tzinfo | None = None, *, month_first: bool = False) -> date | None:
    """Return the day of a value of front matter or of an export, in the newsletter's time zone.

    A time with an offset is the editor's own clock; universal time is a machine's.
    """
    if isinstance(value, datetime):
        return (value.astimezone(zone) if zone and value.utcoffset() == timedelta(0) else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, bool) or value is None:
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d+)?", text):  # seconds or milliseconds of Unix time
        seconds = float(text[:10])
        return datetime.fromtimestamp(seconds, zone).date() if zone else datetime.utcfromtimestamp(seconds).date()
    return _parsed(text, zone, month_first) or written_date(text)


@lru_cache(maxsize=20_000)  # a table has a link a line and few days
def _parsed(text: str, zone: tzinfo | None, month_first: bool) -> date | None:
    if not re.search(r"\d{4}|\d{1,2}\D\d{1,2}\D\d{2}", text):
        return None
    try:
        when = _iso_time(text) or dateutil_parser.parse(text, dayfirst=not month_first and not re.match(r"\d{4}", text))
    except (ValueError, OverflowError):
        return None
    return given_date(when, zone) if when.year in YEARS else None


def _iso_time(text: str) -> datetime | None:
    """Read a time as exports write it, in a tenth of dateutil's time; of 24:16 o'clock the day."""
    if not ISO_DAY.match(text):
        return None
    for part in (text, text[:10]):
        with suppress(ValueError):
            return datetime.fromisoformat(part)
    return None
