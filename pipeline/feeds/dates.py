"""Parse the dates that feeds write: RFC 822, ISO 8601, and their usual misspellings in any large language. Pure.

feedparser and dateutil guess: they read 10-11-2026 as 2010 and ignore zones they do not know. Here a date is read
by one of a few patterns, or it is None.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from zoneinfo import ZoneInfo

from pipeline.core.written_days import LANGUAGES

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # that an entry may name
MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
FURTHER = ("hi", "bn", "fa", "th", "vi")  # languages whose months are read beside LANGUAGES
ZONES = {  # hours east of UTC; IST is India's, CST and EST are America's, BST is Britain's
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "MEZ": 1, "CEST": 2,
    "MEST": 2, "MESZ": 2, "EET": 2, "SAST": 2, "EEST": 3, "MSK": 3, "TRT": 3, "IRST": 3.5, "GST": 4, "PKT": 5,
    "IST": 5.5, "NPT": 5.75, "WIB": 7, "ICT": 7, "SGT": 8, "HKT": 8, "AWST": 8, "PHT": 8, "JST": 9, "KST": 9,
    "ACST": 9.5, "AEST": 10, "ACDT": 10.5, "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "ART": -3, "NST": -3.5,
    "NDT": -2.5, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10,
}  # fmt: skip
# a word or two in small letters may stand before the time: "at", "um", "a las", "kl."
CLOCK = (
    r"(?:[\s,T-]+(?:(?-i:[^\W\d_A-Z]{1,5})\.?\s){0,2}?(?:(?P<early>午前|上午|오전)|(?P<late>午後|下午|오후))?\s?"
    r"(?P<hour>\d{1,2})(?=[:h.時时시]\s?\d|[h時时시]|\s?[ap]\.?m)(?:[:h.時时시]\s?)?(?P<minute>\d{1,2})?"
    r"(?:(?:[:.]|[分분]\s?)(?P<second>\d{1,2})(?:[.,]\d{1,9})?)?[分분秒초]?"
    r"\s?(?P<half>[ap]\.?m\.?(?![a-z]))?)?\s*"
)
ZONE = (
    r"(?P<zone>[+-]\d{2}:?\d{2}|[+-]\d{1,2}|[A-Za-z]{2,10}/[A-Za-z_/]{2,30}|[A-Za-z]{1,5}(?:[+-]\d{1,2}(?::?\d{2})?)?)?"
    r"(?:\s*\([^()]{0,40}\))?"
)
CLOCK += ZONE
EPOCH = re.compile(r"(1\d{9})(\d{3})?")  # seconds or milliseconds; until 2033
WORD = r"[^\W\d_][^\s\d_.,'’()/:+-]{0,20}"  # not letters alone: vowel signs of Indic scripts are none
WEEKDAY = rf"(?:{WORD}\.?(?:[ -]{WORD})?\.?(?:\s*,\s*|\s+))?"  # in whatever language; "sexta-feira", "thứ ba"
DAY, YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º)?", r"(?P<year>\d{4}|\d{2})(?:\s?[гр]\.)?"
PATTERNS = [
    re.compile(pattern + r"\s*", re.I)
    for pattern in (
        r"(?P<year>\d{4})-?(?P<month>\d{2})-?(?P<day>\d{2})" + CLOCK,
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})" + ZONE,
        r"(?P<year>\d{4})(?P<between>[/.])(?P<month>\d{1,2})(?P=between)(?P<day>\d{1,2})" + CLOCK,
        r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]?(?:\s*[(（]\w{1,3}[)）])?"
        + CLOCK,
        rf"{WEEKDAY}{DAY}[\s.,-]+(?:de |d['’])?(?P<name>{WORD})[\s.,-]+(?:de )?{YEAR}{CLOCK}",
        rf"{WEEKDAY}(?P<name>{WORD})\.?\s+{DAY},?\s+{YEAR}{CLOCK}",
        rf"{WEEKDAY}(?P<name>{WORD})\s+{DAY}\s+(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)\s+"
        r"(?P<zone>[A-Z]{1,5}\s+|[+-]\d{4}\s+)?(?P<year>\d{4})",
        r"(?P<year>\d{4})\.\s?(?P<month>\d{1,2})\.\s?(?P<day>\d{1,2})\.?" + CLOCK,
        r"(?P<year>\d{4})(?:-(?P<month>\d\d))?",
        WEEKDAY
        + r"(?P<first>\d{1,2})(?P<between>[/.-])(?P<then>\d{1,2})(?P=between)(?P<year>\d{4}|(?<=\.)\d{2})"
        + CLOCK,
        rf"(?P<year>\d{{4}})[\s.,-]+(?P<name>{WORD})[\s.,-]+{DAY}\.?(?:,\s*{WORD})?{CLOCK}",  # Hungarian, logs
        rf"(?:{WORD}\s)?{DAY}\s(?P<name>{WORD}\s\d{{1,2}})(?:,?\s(?:{WORD}\s)?)(?P<year>\d{{4}}){CLOCK}",  # Vietnamese
    )
]


def parse_date(text: str | None) -> datetime | None:
    """Parse a date as aware UTC; None where it cannot be read, never a guess. Without a zone it is taken as UTC."""
    text = " ".join((text or "")[:100].split())
    if epoch := EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    try:  # the spelling of Atom and JSON Feed, and much the fastest
        return _in_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        pass
    for pattern in PATTERNS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return _from_parts(found.groupdict())
            except (ValueError, OverflowError, KeyError):
                continue
    return None


def plausible(when: datetime | None, seen_at: datetime) -> datetime | None:
    """Return a date of publication, None where it cannot be true: before EARLIEST, or a day after it was seen."""
    return when if when and EARLIEST <= when <= seen_at + timedelta(days=1) else None


def _from_parts(parts: dict[str, str | None]) -> datetime:
    if parts.get("first"):
        day, month = _day_and_month(int(parts["first"] or 0), int(parts["then"] or 0), parts["between"] or "")
    else:
        day = int(parts.get("day") or 1)
        name = parts.get("name")
        month = _months()[name.casefold()] if name else int(parts.get("month") or 1)
    year = int(parts["year"] or 0)
    if len(parts["year"] or "") == 2:  # as RFC 2822, 4.3
        year += 2000 if year < 50 else 1900
    hour, minute, second = (int(parts.get(unit) or 0) for unit in ("hour", "minute", "second"))
    half = (parts.get("half") or "").casefold()
    is_late = bool(parts.get("late")) or half.startswith("p")
    if is_late or half or parts.get("early"):
        hour = hour % 12 + 12 * is_late
    when = datetime(year, month, day, 0, minute, min(second, 59), tzinfo=UTC)
    if hour > 24:
        raise ValueError("hour")
    zone, when = (parts.get("zone") or "").strip(), when + timedelta(hours=hour)
    return when.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if "/" in zone else when - _offset(zone)


def _day_and_month(first: int, second: int, between: str) -> tuple[int, int]:
    """Tell 24/11 from 11/24; where both can be, only a slash is American."""
    if first > 12 or (second <= 12 and between != "/"):
        return first, second
    return second, first


def _offset(zone: str) -> timedelta:
    numeric = re.search(r"([+-])(\d{1,2}):?(\d{2})?$", zone)
    if numeric:
        hours, minutes = int(numeric[2]), int(numeric[3] or 0)
        if hours > 15 or minutes > 59:
            raise ValueError("zone")
        return timedelta(hours=hours, minutes=minutes) * (-1 if numeric[1] == "-" else 1)
    # a zone that is not known: the date is right to the half day
    return timedelta(hours=ZONES.get(zone.upper(), 0))


@cache
def _months() -> dict[str, int]:
    """Return the names and abbreviations of the months, from dateparser's tables (CLDR)."""
    months: dict[str, int] = {}
    for language in (*LANGUAGES, *FURTHER):
        names = import_module(f"dateparser.data.date_translation_data.{language}").info
        for number, month in enumerate(MONTHS, 1):
            for name in names[month]:
                months.setdefault(name.casefold().rstrip("."), number)
    return months


def _in_utc(when: datetime) -> datetime:
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
