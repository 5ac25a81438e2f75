"""The days on which issues go out, as newsletter.toml writes them. Text in, dates out.

"friday", "monday, thursday", "weekdays", "daily", "every second friday", "first monday", or a day of the month: "15".
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import combinations
from typing import Any

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SETS = {"weekdays": WEEKDAYS[:5], "daily": WEEKDAYS}
PLACES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
SECOND = "every second "
SHORTEST_MONTH, LONGEST_MONTH = 28, 31
FURTHEST = timedelta(days=2 * LONGEST_MONTH)  # no rule leaves a longer gap
EXAMPLES = '"friday", "monday, thursday", "weekdays", "daily", "every second friday", "first monday" or "15"'


def are_issue_days(text: str) -> bool:
    """Return whether a text names days as newsletter.toml may."""
    return _rule(text) is not None


def issue_days(text: str, first: date, last: date, anchor: date | None = None) -> list[date]:
    """Return the days of issues from `first` to `last`, both included.

    Parameters
    ----------
    text : str
        As newsletter.toml has it.
    anchor : date, optional
        A day in whose week an issue goes out: every second week is counted from it.

    Raises
    ------
    ValueError
        If the text names no days.
    """
    rule = _rule(text)
    if rule is None:
        raise ValueError(f"{text!r} names no days of issues")
    start = first
    if "interval" in rule:
        monday = (anchor or date.min) - timedelta(days=(anchor or date.min).weekday())
        start -= (first - monday) % timedelta(weeks=rule["interval"])
    found = rrule(dtstart=_midnight(start), until=_midnight(last), **rule)
    return [day.date() for day in found if day.date() >= first]


def next_issue_day(text: str, today: date, last_issue: date | None = None) -> date:
    """Return the first day of an issue from `today` on, behind the one that the last issue was for: the nearest.

    Raises
    ------
    ValueError
        If the text names no days.
    """
    days = issue_days(text, today - FURTHEST, max(today, last_issue or today) + FURTHEST, last_issue)
    served = min(days, key=lambda day: abs(day - last_issue)) if last_issue else None
    return next(day for day in days if day >= today and (served is None or day > served))


@lru_cache(maxsize=4096)
def end_of_period(text: str, day: date) -> date:
    """Return the day of the issue that what was saved on a day goes into.

    Raises
    ------
    ValueError
        If the text names no days.
    """
    return issue_days(text, day, day + FURTHEST)[0]


def possible_days() -> Iterator[str]:
    """Yield what newsletter.toml may say, but for four to six days of a week; the plainest first."""
    yield from WEEKDAYS
    yield from SETS
    for n in (2, 3):
        yield from map(", ".join, combinations(WEEKDAYS, n))
    yield from (SECOND + day for day in WEEKDAYS)
    yield from map(str, range(1, LONGEST_MONTH + 1))
    yield from (f"{place} {day}" for place in PLACES for day in WEEKDAYS)


def in_words(text: str) -> str:
    """Return the days behind "issues go out": "on Friday", "every second Friday", "on day 15 of the month"."""
    if text.isdigit():
        return f"on day {text} of the month"
    named = re.sub("|".join(WEEKDAYS), lambda day: day[0].title(), text)
    if text == "daily" or text.startswith(SECOND):
        return named
    if text.split()[0] in PLACES:
        return f"on the {named} of the month"
    others, _, last = named.rpartition(", ")
    return f"on {others} and {last}" if others else f"on {last}"


@lru_cache(maxsize=256)
def _rule(text: str) -> dict[str, Any] | None:
    """Return what dateutil's rrule (RFC 5545) calls the days; None if the text names none."""
    if re.fullmatch(r"\d{1,2}", text) and 1 <= int(text) <= LONGEST_MONTH:
        # of a month that is too short, its last day
        days = range(min(int(text), SHORTEST_MONTH), int(text) + 1)
        return {"freq": MONTHLY, "bymonthday": tuple(days), "bysetpos": -1}
    place, _, day = text.partition(" ")
    if place in PLACES and day in WEEKDAYS:
        return {"freq": MONTHLY, "byweekday": weekday(WEEKDAYS.index(day), PLACES[place])}
    every = {"interval": 2} if text.startswith(SECOND) else {}
    names = SETS.get(text) or tuple(re.split(r",\s*", text.removeprefix(SECOND)))
    if not set(names) <= set(WEEKDAYS):
        return None
    return {"freq": WEEKLY, "wkst": MO, "byweekday": tuple(map(WEEKDAYS.index, names)), **every}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
