"""Find the date in the name of a file, its folders, or an address."""

import re
from collections.abc import Sequence
from datetime import date

from pipeline.archive.metadata.written_dates import (
    WORD,
    YEAR_FIRST,
    YEAR_MONTH,
    day_of,
    in_words,
    numeric_date,
    written_date,
    written_month,
)

MONTHS = {
    name: n
    for n, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
WEEK = re.compile(r"(?<!\d)(\d{4})[-_ ]?(?:W|KW|week[-_ ]?)(\d{1,2})(?!\d)", re.IGNORECASE)
NAMED_MONTH = re.compile(
    rf"(?:(?<![^\W_])(\d{{1,2}})[-_ ]?)?(?<![^\W\d_])({'|'.join(MONTHS)})[a-z]*[-_ ]?(\d{{1,2}}(?!\d))?"
    rf"(?:(?:st|nd|rd|th)?,?[-_ ]?(\d{{4}}))?",
    re.IGNORECASE,
)
YEAR_BEFORE_MONTH = re.compile(
    rf"(?<!\d)(\d{{4}})[-_ ]?({'|'.join(MONTHS)})[a-z]*(?:[-_ ]?(\d{{1,2}}))?(?!\d)", re.IGNORECASE
)
MONTH = re.compile(r"[01]?\d")
DAY = re.compile(r"[0-3]?\d(?:\.\w+)?")  # with the end of a file's name
PLAIN_YEAR = re.compile(r"(?:19|20)\d{2}")
WEEK_OF_MONTH = re.compile(r"(?<![^\W_])(\d{0,2})week[-_ ]?([1-5])(?!\d)", re.IGNORECASE)  # in the folder of a month
SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)")
IN_LINK = re.compile(r"/(20\d{2})[/-](\d{2})[/-](\d{2})\b")


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
    if year and (week := WEEK_OF_MONTH.search(name)):
        month = week[1] if parts[-1] == year else parts[-1]
        if day := day_of(year, month, 7 * int(week[2]) - 6):
            return day
    for text in (name, path):
        if day := _in_digits(text, month_first):
            return day
    before = YEAR_BEFORE_MONTH.search(name)
    if before:
        return day_of(before[1], MONTHS[before[2].lower()], before[3] or 1)
    if day := written_date(name.replace("-", " ").replace("_", " ")):
        return day
    named = NAMED_MONTH.search(name)
    if named and (day := _named(named, year, is_day)):
        return day
    month = YEAR_MONTH.search(name) or YEAR_MONTH.search(path)
    if month:
        return day_of(month[1], month[2], 1)
    match = re.fullmatch(r"(\d{4})(\d{2})", name)
    return day_of(match[1], match[2], 1) if match else written_month(name.replace("-", " ").replace("_", " "))


def is_day_of_folders(path: str) -> bool:
    """Is the name of a file or folder a day, and those above it its month and year: `2022/Dec/05`, `2022/12/05.md`?"""
    year, month, name = ("", "", *path.split("/"))[-3:]
    is_month = bool(PLAIN_YEAR.fullmatch(year)) and bool(MONTH.fullmatch(month) or folder_month(month, year))
    return is_month and DAY.fullmatch(name) is not None


def folder_month(folder: str, year: str) -> int | None:
    """Return the month that a folder inside one of a year names, in any language: `Sep`, `09-September`, `Mai`."""
    match = re.fullmatch(rf"(?:(\d{{1,2}})[-_. ]+)?({WORD})", folder)
    found = in_words(f"{match[2]} {year}") if match and year else None
    return found.month if found and found.year == int(year) else None


def _in_digits(text: str, month_first: bool) -> date | None:
    for full in YEAR_FIRST.finditer(text):
        if day := day_of(full[1], full[3], full[4]):
            return day
    week = WEEK.search(text)
    if week:
        return week_day(week[1], week[2])
    return numeric_date(text, month_first=month_first)


def _named(match: re.Match[str], year: str | None, is_day: bool) -> date | None:
    before, month, after, full = match[1], MONTHS[match[2].lower()], match[3], match[4]
    if full:
        return day_of(full, month, before or after or 1)
    if year:
        return day_of(year, month, before or after or 1)
    if after and before:
        return day_of(2000 + int(after), month, before)
    if after and not is_day and len(after) == 2:
        return day_of(2000 + int(after), month, 1)
    return None


def link_date(url: str) -> date | None:
    """Return the day that an address names: /2024/05/03/."""
    match = IN_LINK.search(url)
    return day_of(*match.groups()) if match else None


def short_year_day(name: str) -> date | None:
    """Return the day that six digits of a name are, the year first."""
    match = SHORT_YEAR.search(name)
    return day_of(2000 + int(match[1]), match[2], match[3]) if match else None


def week_day(year: str, week: str) -> date | None:
    """Return the Monday of a week as ISO 8601 counts them, None if the year has none such."""
    try:
        return date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        return None
