"""Tell from the dates of a whole archive how it writes them."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from pipeline.archive.metadata.name_dates import NAMED_MONTH, SHORT_YEAR, short_year_day
from pipeline.archive.metadata.written_dates import YEAR_LAST, YEAR_MONTH, day_of
from pipeline.core.plain_text import ascii_digits

SHORT_YEAR_LAST = re.compile(r"(?<![\d-])(\d{1,2})([-_./])(\d{1,2})\2(\d{2})(?![\d-])")
SPACED = re.compile(r"(?<=\d)\s+([-_./])\s+(\d{1,2})\s+\1\s+(?=\d)")  # "08 - 15 - 2026"
MOST_WEEKS = 53  # of a year
FEWEST_SHORT = 3  # names with six digits from which these may be days


def plain_name(name: str, *, short_years: bool = False, weeks: bool = False) -> str:
    """Return a name with its date written without spaces, a whole year where years are short, and `W` before weeks."""
    name = SPACED.sub(r"\1\2\1", name)
    if weeks:
        return YEAR_MONTH.sub(r"\1-W\2", name)
    return SHORT_YEAR_LAST.sub(r"\1\2\3\g<2>20\4", name) if short_years else name


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
    return is_enough and all(map(short_year_day, found)) and not all(day_of(x[:4], x[4:], 1) for x in found)


def years_are_short(names: Sequence[str]) -> bool:
    """Is the last number of `07-25-26` a year, as it hardly differs between names, while the first two make days?"""
    found = [match for name in names if (match := SHORT_YEAR_LAST.search(name))]
    whole = [match[4][2:] for name in names if (match := YEAR_LAST.search(name))]
    firsts, lasts = {match[1] for match in found}, {match[4] for match in found}
    is_enough = len(found) >= FEWEST_SHORT or (bool(found) and lasts <= {*whole})
    return is_enough and 2 * len(lasts | {*whole}) <= len(found) + len(whole) and len(firsts) >= len(lasts)


def most_years_are_short(tops: Sequence[str]) -> bool:
    """Do most texts at the top of issues have a day with a short year, as "Issue #12 (…) 02/15/24"?"""
    found = [top for top in tops if SHORT_YEAR_LAST.search(top)]
    return 2 * len(found) > len(tops) and years_are_short(found)


def years_count_weeks(names: Sequence[str]) -> bool:
    """Is the number behind the year in `2020-25` a week's, as it is above 12 in some of the names?"""
    found = [int(match[2]) for name in names if (match := YEAR_MONTH.search(name))]
    return 2 * len(found) > len(names) and 12 < max(found) <= MOST_WEEKS


def has_year_last(texts: Iterable[str]) -> list[str]:
    """Return those of some texts that hold a date of digits with the year last."""
    return [text for text in map(ascii_digits, texts) if YEAR_LAST.search(text)]


def months_come_first(texts: Iterable[str]) -> bool:
    """Does `05-03-2024` begin with the month? Second numbers above 12 show it, or that the days are then in order.

    Parameters
    ----------
    texts : iterable of str
        Names, titles, lines or values in the order of the issues.
    """
    parts = [match for text in texts if (match := YEAR_LAST.search(text))]
    above = [sum(int(match[nth]) > 12 for match in parts) for nth in (1, 3)]
    if any(above):
        return above[1] > above[0]
    first = [(int(match[4]), int(match[1]), int(match[3])) for match in parts]
    last = [(year, day, month) for year, month, day in first]
    return sum(b > a for a, b in pairwise(first)) > sum(b > a for a, b in pairwise(last))
