"""Find dates in titles, file names, paths and addresses, as the big languages and usual file names write them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Any

from dateutil import parser as dateutil_parser

from pipeline.archive.metadata.numbers import ascii_digits

LANGUAGES = [
    "en", "de", "fr", "es", "it", "pt", "nl", "ru", "pl", "sv", "da", "nb", "fi", "cs", "tr", "uk", "ro", "hu", "ar",
    "bg", "bn", "ca", "el", "et", "fa", "he", "hi", "hr", "id", "lt", "lv", "sk", "sl", "sr", "ta", "th", "vi",
]  # fmt: skip

YEARS = range(1990, 2100)
MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
# letters, and from \u0900 on the vowels of Indic scripts and Thai, which are no letters to Python
WORD = r"(?:[^\W\d_]|[\u0900-\u0e3a\u0e40-\u0e4e]){3,16}"
# a day, a month in words, a year, in either order, with the little words and ordinals of several languages between
WRITTEN = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|ère|[.ºª°])?\.?\s+(?:de\s+|of\s+|d['’])?{WORD}\.?,?\s+(?:de[l]?\s+)?\d{{4}}\b"
    rf"|\b{WORD}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}\b"
    rf"|\b\d{{1,2}}\s+tháng\s+\d{{1,2}},?\s+(?:năm\s+)?\d{{4}}\b|\b\d{{4}}\.\s+{WORD}\s+\d{{1,2}}(?!\d)",
)
THAI = re.compile(r"[\u0e01-\u0e3a]")
THAI_YEAR = re.compile(r"(?<!\d)2[56]\d\d(?!\d)")
MONTH_WRITTEN = re.compile(rf"\b{WORD}\.?,?\s+(?:de\s+)?\d{{4}}\b")
EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日일])?")
YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})([-_./ ]?)(\d{2}|(?<=[-_./ ])\d)\2(\d{2}|(?<=[-_./ ])\d)(?!\d)")
DOTTED = re.compile(r"(?<!\d)(\d{4})\. (\d{1,2})\. (\d{1,2})(?!\d)")  # as Koreans and Hungarians write it
WEEK = re.compile(r"(?<!\d)(\d{4})[-_ ]?(?:W|KW|week[-_ ]?)(\d{1,2})(?!\d)", re.IGNORECASE)
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-_./])(\d{1,2})\2(\d{4})(?!\d)")
NAMED_MONTH = re.compile(
    rf"(?:(?<![^\W_])(\d{{1,2}})[-_ ]?)?(?<![^\W\d_])({'|'.join(MONTHS)})[a-z]*[-_ ]?(\d{{1,2}}(?!\d))?"
    rf"(?:(?:st|nd|rd|th)?,?[-_ ]?(\d{{4}}))?",
    re.IGNORECASE,
)
YEAR_MONTH = re.compile(r"(?<!\d)(\d{4})[-_./](\d{2})(?![-_./]?\d)")
YEAR_BEFORE_MONTH = re.compile(
    rf"(?<!\d)(\d{{4}})[-_ ]?({'|'.join(MONTHS)})[a-z]*(?:[-_ ]?(\d{{1,2}}))?(?!\d)", re.IGNORECASE
)
# two days that an issue covers, with a sign or a word between
PERIOD = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})\s*(?:[^\w\s]{1,3}|[^\W\d_]{1,9})\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")
LONGEST_PERIOD = timedelta(days=35)
PLAIN_YEAR = re.compile(r"(?:19|20)\d{2}")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]|$)")
SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)")
FEWEST_SHORT = 3  # names with six digits from which these may be days
IN_LINK = re.compile(r"/(20\d{2})[/-](\d{2})[/-](\d{2})\b")


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
    """Read a time as exports write it, in a tenth of dateutil's time."""
    try:
        return datetime.fromisoformat(text) if ISO_DAY.match(text) else None
    except ValueError:
        return None


def written_date(text: str) -> date | None:
    """Find a full date in prose: `3. Mai 2024`, `May 3rd, 2024`, `2024年5月3日`; of "from … to …" the last day."""
    text = _common_era(ascii_digits(text))
    period = PERIOD.search(text)
    if period and (last := _day(*period.groups()[3:])) and (first := _day(*period.groups()[:3])):
        return last if timedelta(0) < last - first <= LONGEST_PERIOD else first
    match = EAST_ASIAN.search(text)
    if match and match[3]:
        return _day(match[1], match[2], match[3])
    for match in YEAR_FIRST.finditer(text):
        if match[2] and (day := _day(match[1], match[3], match[4])):
            return day
    if (dotted := DOTTED.search(text)) and (day := _day(*dotted.groups())):
        return day
    for match in WRITTEN.finditer(text):
        if day := _in_words(match[0]):
            return day
    return None


def _common_era(text: str) -> str:
    """Write the years of a Thai text as others do: 2567 is 2024."""
    return THAI_YEAR.sub(lambda year: str(int(year[0]) - 543), text) if THAI.search(text) else text


def written_month(text: str) -> date | None:
    """Find a month in prose, as its first day: `June 2024`, `2024年5月`, `2020-06`."""
    text = _common_era(ascii_digits(text))
    match = EAST_ASIAN.search(text)
    if match:
        return _day(match[1], match[2], "1")
    match = YEAR_MONTH.search(text)
    if match and (day := _day(match[1], match[2], "1")):
        return day
    for match in MONTH_WRITTEN.finditer(text):
        if day := _in_words(match[0]):
            return day
    return None


@lru_cache(maxsize=20_000)
def _in_words(text: str) -> date | None:
    """Parse a date with a month in words."""
    year = re.search(r"\d{4}", text)
    if not year or int(year[0]) not in YEARS:
        return None
    plain = re.sub(r"(?<=\d)[ºª°]", "", text).replace("1er ", "1 ")
    try:
        return dateutil_parser.parse(plain, default=datetime(2000, 1, 1)).date()
    except (ValueError, OverflowError):
        pass
    import dateparser  # takes a third of a second to import

    settings = {"DATE_ORDER": "DMY", "PREFER_DAY_OF_MONTH": "first", "REQUIRE_PARTS": ["month", "year"]}
    found = dateparser.parse(plain, languages=LANGUAGES, settings=settings)
    return found.date() if found else None


def name_date(
    name: str, folders: Sequence[str] = (), *, is_day: bool = False, month_first: bool = False
) -> date | None:
    """Find a date in a file's name, completed by its folders: `2024-W27`, `20240614`, `Dec-15`, `2020/06/12.md`.

    Parameters
    ----------
    name : str
        Without suffix.
    folders : sequence of str
        Names of the folders above, outermost first.
    is_day : bool
        In `Dec-15` the number is a day, not a year; a whole archive shows which.
    month_first : bool
        In `05-03-2024` the month comes first.
    """
    year = next((folder for folder in reversed(folders) if PLAIN_YEAR.fullmatch(folder)), None)
    parts = list(folders)
    for nth in range(folders.index(year) + 1 if year else len(folders), len(folders)):
        parts[nth] = f"{found:02d}" if (found := folder_month(folders[nth], year or "")) else folders[nth]
    path = "/".join([*[part for part in parts if re.fullmatch(r"\d{1,4}(?:[-_]\d{2})?", part)][-3:], name])
    for text in (name, path):
        if day := _in_digits(text, month_first):
            return day
    before = YEAR_BEFORE_MONTH.search(name)
    if before:
        return _day(before[1], MONTHS[before[2].lower()], before[3] or 1)
    if day := written_date(name.replace("-", " ").replace("_", " ")):
        return day
    named = NAMED_MONTH.search(name)
    if named and (day := _named(named, year, is_day)):
        return day
    month = YEAR_MONTH.search(name) or YEAR_MONTH.search(path)
    if month:
        return _day(month[1], month[2], 1)
    match = re.fullmatch(r"(\d{4})(\d{2})", name)
    return _day(match[1], match[2], 1) if match else written_month(name.replace("-", " ").replace("_", " "))


def folder_month(folder: str, year: str) -> int | None:
    """Return the month that a folder inside one of a year names, in any language: `Sep`, `09-September`, `Mai`."""
    match = re.fullmatch(rf"(?:(\d{{1,2}})[-_. ]+)?({WORD})", folder)
    found = _in_words(f"{match[2]} {year}") if match and year else None
    return found.month if found and found.year == int(year) else None


def _in_digits(text: str, month_first: bool) -> date | None:
    for full in YEAR_FIRST.finditer(text):
        if day := _day(full[1], full[3], full[4]):
            return day
    week = WEEK.search(text)
    if week:
        return _week(week[1], week[2])
    last = YEAR_LAST.search(text)
    if last is None:
        return None
    month, day_of_month = (last[1], last[3]) if month_first else (last[3], last[1])
    return _day(last[4], month, day_of_month) or _day(last[4], day_of_month, month)


def _named(match: re.Match[str], year: str | None, is_day: bool) -> date | None:
    before, month, after, full = match[1], MONTHS[match[2].lower()], match[3], match[4]
    if full:
        return _day(full, month, before or after or 1)
    if year:
        return _day(year, month, before or after or 1)
    if after and before:
        return _day(2000 + int(after), month, before)
    if after and not is_day and len(after) == 2:
        return _day(2000 + int(after), month, 1)
    return None


def link_date(url: str) -> date | None:
    """Return the day that an address names: /2024/05/03/."""
    match = IN_LINK.search(url)
    return _day(*match.groups()) if match else None


def numbers_are_days(names: Iterable[str]) -> bool:
    """Are the numbers of `Dec-08, Dec-15` days? They are where one month has several, not year after year."""
    by_month: dict[str, list[int]] = {}
    for name in names:
        match = NAMED_MONTH.search(name)
        if match and match[3] and not match[4]:
            by_month.setdefault(match[2].lower(), []).append(int(match[3]))
    gaps = [b - a for days in by_month.values() for a, b in zip(sorted(days), sorted(days)[1:], strict=False)]
    return bool(gaps) and sum(gap > 4 for gap in gaps) > len(gaps) / 2


def six_digits_are_days(names: Sequence[str]) -> bool:
    """Are the six digits of `240503` a day, in most names and never wrong? They are no months: `202405`."""
    found = [match[0] for name in names if (match := SHORT_YEAR.search(name))]
    is_enough = len(found) >= FEWEST_SHORT and 2 * len(found) > len(names)
    return is_enough and all(map(short_year_day, found)) and not all(_day(x[:4], x[4:], 1) for x in found)


def short_year_day(name: str) -> date | None:
    """Return the day that six digits of a name are, the year first."""
    match = SHORT_YEAR.search(name)
    return _day(2000 + int(match[1]), match[2], match[3]) if match else None


def has_year_last(texts: Iterable[str]) -> list[str]:
    """Return those of some texts that hold a date of digits with the year last."""
    return [text for text in map(ascii_digits, texts) if YEAR_LAST.search(text)]


def months_come_first(texts: Iterable[str]) -> bool:
    """Does `05-03-2024` begin with the month? A second number above 12 shows it, or that the days are then in order.

    Parameters
    ----------
    texts : iterable of str
        Names, titles, lines or values in the order of the issues.
    """
    parts = [match for text in texts if (match := YEAR_LAST.search(text))]
    if any(int(match[1]) > 12 for match in parts):
        return False
    if any(int(match[3]) > 12 for match in parts):
        return True
    first = [(int(match[4]), int(match[1]), int(match[3])) for match in parts]
    last = [(year, day, month) for year, month, day in first]
    return sum(b > a for a, b in pairwise(first)) > sum(b > a for a, b in pairwise(last))


def numeric_date(text: str, *, month_first: bool = False) -> date | None:
    """Find a day in digits with the year last in prose: `13/01/2017`."""
    match = YEAR_LAST.search(ascii_digits(text))
    return _in_digits(match[0], month_first) if match else None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _week(year: str, week: str) -> date | None:
    try:
        return date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
