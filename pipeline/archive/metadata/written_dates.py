"""Find dates in titles and prose, as the big languages write them."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from dateutil import parser as dateutil_parser

from pipeline.core.plain_text import ascii_digits

LANGUAGES = [
    "en", "de", "fr", "es", "it", "pt", "nl", "ru", "pl", "sv", "da", "nb", "fi", "cs", "tr", "uk", "ro", "hu", "ar",
    "bg", "bn", "ca", "el", "et", "fa", "he", "hi", "hr", "id", "lt", "lv", "sk", "sl", "sr", "ta", "th", "vi",
]  # fmt: skip

YEARS = range(1990, 2100)
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
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-_./])(\d{1,2})\2(\d{4})(?!\d)")
DOTTED = re.compile(r"(?<!\d)(\d{4})\. (\d{1,2})\. (\d{1,2})(?!\d)")  # as Koreans and Hungarians write it
YEAR_MONTH = re.compile(r"(?<!\d)(\d{4})[-_./](\d{2})(?![-_./]?\d)")
# the third week of a month: "2023/06 3週目", "2024년 4월 3주차", "2024年5月第3周"
WEEK_OF_MONTH = re.compile(
    r"(?<!\d)(\d{4})\s*[-/.年년]\s*(\d{1,2})\s*[月월]?\s*[第제]?\s*([1-5])\s*(?:週目|週|周目?|주차|주(?!\w))"
)
# two days that an issue covers, with a sign or a word between, the second perhaps without its year
PERIOD = re.compile(
    r"(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})\s*(?:[^\w\s]{1,3}|[^\W\d_]{1,9})\s*"
    r"(?:(\d{4})\2)?(\d{1,2})\2(\d{1,2})(?!\d)"
)
LONGEST_PERIOD = timedelta(days=35)


def written_date(text: str) -> date | None:
    """Find a full date in prose: `3. Mai 2024`, `May 3rd, 2024`, `2024年5月3日`.

    Of "from … to …" it is the last day, of the third week of a month its 15th.
    """
    text = _common_era(ascii_digits(text))
    if day := _last_of_period(text):
        return day
    if (week := WEEK_OF_MONTH.search(text)) and (day := day_of(week[1], week[2], 7 * int(week[3]) - 6)):
        return day
    match = EAST_ASIAN.search(text)
    if match and match[3]:
        return day_of(match[1], match[2], match[3])
    for match in YEAR_FIRST.finditer(text):
        if match[2] and (day := day_of(match[1], match[3], match[4])):
            return day
    if (dotted := DOTTED.search(text)) and (day := day_of(*dotted.groups())):
        return day
    for match in WRITTEN.finditer(text):
        if day := in_words(match[0]):
            return day
    return None


def _last_of_period(text: str) -> date | None:
    period = PERIOD.search(text)
    first = day_of(period[1], period[3], period[4]) if period else None
    if period is None or first is None:
        return None
    years = [int(period[5])] if period[5] else [first.year, first.year + 1]
    days = [day for year in years if (day := day_of(year, period[6], period[7]))]
    return next((day for day in days if timedelta(0) < day - first <= LONGEST_PERIOD), first if days else None)


def _common_era(text: str) -> str:
    """Write the years of a Thai text as others do: 2567 is 2024."""
    return THAI_YEAR.sub(lambda year: str(int(year[0]) - 543), text) if THAI.search(text) else text


def written_month(text: str) -> date | None:
    """Find a month in prose, as its first day: `June 2024`, `2024年5月`, `2020-06`."""
    text = _common_era(ascii_digits(text))
    match = EAST_ASIAN.search(text)
    if match:
        return day_of(match[1], match[2], "1")
    match = YEAR_MONTH.search(text)
    if match and (day := day_of(match[1], match[2], "1")):
        return day
    for match in MONTH_WRITTEN.finditer(text):
        if day := in_words(match[0]):
            return day
    return None


@lru_cache(maxsize=20_000)
def in_words(text: str) -> date | None:
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


def numeric_date(text: str, *, month_first: bool = False) -> date | None:
    """Find a day in digits with the year last: `13/01/2017`; the other order is tried where the asked one is no day."""
    match = YEAR_LAST.search(ascii_digits(text))
    if match is None:
        return None
    month, day = (match[1], match[3]) if month_first else (match[3], match[1])
    return day_of(match[4], month, day) or day_of(match[4], day, month)


def day_of(year: str | int, month: str | int, day: str | int) -> date | None:
    """Return this day, None if the calendar has none such or its year is not in `YEARS`."""
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in YEARS else None
