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
YEAR_THEN_MONTH = re.compile(r"(\d{4})(\d{2})")
PLAIN_YEAR = re.compile(r"(?:19|20)\d{2}")
WEEK_OF_MONTH = re.compile(r"(?<![^\W_])(\d{0,2})week[-_ ]?([1-5])(?!\d)", re.IGNORECASE)  # in the folder of a month
SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})(\d{2})(\d{2})(?!\d)")
IN_LINK = re.compile(r"/(20\d{2})[/-](\d{2})[/-](\d{2})\b")


def name_date(name: str, folders: Sequence[str] = (), *, month_first: bool = False) -> date | None:
    """Find a day in a file's name, completed by its folders: `2024-W27`, `20240614`, `2020/Dec-15`, `2020/06/12.md`.

    Parameters
    ----------
    name : str
        Without suffix.
    folders : sequence of str
        Names of the folders above, outermost first.
    month_first : bool
        In `05-03-2024` the month comes first.
    """
    year, parts = _year_and_parts(folders)
    if year and (week := WEEK_OF_MONTH.search(name)):
        month = week[1] if parts[-1] == year else parts[-1]
        if day := day_of(year, month, 7 * int(week[2]) - 6):
            return day
    for text in (name, _dated_path(parts, name)):
        if day := _in_digits(text, month_first):
            return day
    before = YEAR_BEFORE_MONTH.search(name)
    if before and before[3]:
        return day_of(before[1], MONTHS[before[2].lower()], before[3])
    if day := written_date(_spaced(name)):
        return day
    named = NAMED_MONTH.search(name)
    return _named_day(named, year) if named else None


def name_month(name: str, folders: Sequence[str] = (), *, is_day: bool = False) -> date | None:
    """Find a month in a file's name, completed by its folders, as its first day: `2020-06`, `Dec-15`, `2020/06`.

    Parameters
    ----------
    name, folders
        As for `name_date`, which finds days.
    is_day : bool
        In `Dec-15` the number is a day, not a year; a whole archive shows which.
    """
    year, parts = _year_and_parts(folders)
    if before := YEAR_BEFORE_MONTH.search(name):
        return day_of(before[1], MONTHS[before[2].lower()], 1)
    named = NAMED_MONTH.search(name)
    if named and (month := _named_month(named, year, is_day)):
        return month
    digits = YEAR_MONTH.search(name) or YEAR_MONTH.search(_dated_path(parts, name)) or YEAR_THEN_MONTH.fullmatch(name)
    return day_of(digits[1], digits[2], 1) if digits else written_month(_spaced(name))


def _year_and_parts(folders: Sequence[str]) -> tuple[str | None, list[str]]:
    """Return the innermost folder that is a year, and the folders with the months below it in digits."""
    year = next((folder for folder in reversed(folders) if PLAIN_YEAR.fullmatch(folder)), None)
    parts = list(folders)
    for nth in range(folders.index(year) + 1 if year else len(folders), len(folders)):
        parts[nth] = f"{found:02d}" if (found := folder_month(folders[nth], year or "")) else folders[nth]
    return year, parts


def _dated_path(parts: Sequence[str], name: str) -> str:
    return "/".join([*[part for part in parts if re.fullmatch(r"\d{1,4}(?:[-_]\d{2})?", part)][-3:], name])


def _spaced(name: str) -> str:
    return name.replace("-", " ").replace("_", " ")


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


def _named_day(match: re.Match[str], year: str | None) -> date | None:
    """Return the day beside a month in words, if there is one and a year."""
    before, month, after, full = match[1], MONTHS[match[2].lower()], match[3], match[4]
    if full or year:
        return day_of(full or year or "", month, before or after) if before or after else None
    return day_of(2000 + int(after), month, before) if after and before else None


def _named_month(match: re.Match[str], year: str | None, is_day: bool) -> date | None:
    """Return the month in words, with its year: after it, of a folder, or two digits."""
    month, after, full = MONTHS[match[2].lower()], match[3], match[4]
    if full or year:
        return day_of(full or year or "", month, 1)
    return day_of(2000 + int(after), month, 1) if after and not is_day and len(after) == 2 else None


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
