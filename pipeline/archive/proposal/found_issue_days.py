"""Find the days of issues, as newsletter.toml writes them, in the dates of past issues. Dates in, text out."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import log
from statistics import mean

from pipeline.core.issue_days import issue_days, possible_days

ALIKE = 1.5  # times that the gap between issues may differ from that of the days named
WEEK = 7
LONG = 8  # of so many gaps the longest is a holiday
ANOTHER_DAY = 0.02  # chance of an issue on a day that is not named, to one that is
YEAR = (date(2024, 1, 1), date(2024, 12, 29))  # 52 weeks: any day of the week as often


def find_issue_days(dates: Sequence[date]) -> tuple[str, float]:
    """Return the days as newsletter.toml writes them, and the share of the issues that went out then.

    They come about as often as the issues (or each week or month, as not all issues may be there), and under them the
    days with and without an issue are likeliest.

    Parameters
    ----------
    dates : sequence of date
        Of issues, ascending; at least one.
    """
    days = set(dates)
    first, last = min(days), max(days)
    gaps = sorted((after - before).days for before, after in pairwise(sorted(days)))
    gap = mean(gaps[: len(gaps) - len(gaps) // LONG]) if gaps else WEEK
    best, likelihood, share = "", -float("inf"), 0.0
    for text in possible_days():
        usual = _gap(text)
        if not (gap / ALIKE <= usual <= gap * ALIKE or WEEK <= usual < gap):
            continue
        named = set(issue_days(text, first, last, anchor=last))
        n_met, n_others = len(days & named), len(days - named)
        n_without = (last - first).days + 1 - len(days | named)
        if not n_met:
            continue
        chance = n_met / len(named)
        found = _log_likelihood(n_met, len(named) - n_met, chance)
        found += _log_likelihood(n_others, n_without, ANOTHER_DAY * chance)
        if found > likelihood:
            best, likelihood, share = text, found, n_met / len(days)
    return best, share


def _log_likelihood(n_with: int, n_without: int, chance: float) -> float:
    """Return that of so many days with and without an issue; of none, 0."""
    return sum(n * log(p) for n, p in ((n_with, chance), (n_without, 1 - chance)) if n)


def _gap(text: str) -> float:
    """Return the mean days from one issue to the next."""
    first, last = YEAR
    return ((last - first).days + 1) / len(issue_days(text, first, last))
