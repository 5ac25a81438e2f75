"""Numbers of issues, and of those without a number, which are numbered by their day. Pure."""

from datetime import date

MOST_OF_A_DAY = 100  # issues without number


def day_number(day: date) -> int:
    """Number an issue by its day (20210503), where the newsletter has no numbers: importing again finds the same."""
    return day.year * 10_000 + day.month * 100 + day.day


def is_day_number(number: int, day: date) -> bool:
    """Is it the number of an issue without number, or of a second one of that day (2021050302)?"""
    return number == day_number(day) or number // MOST_OF_A_DAY == day_number(day)


def issue_name(number: int) -> str:
    """Return how an issue is called: "#96", or by its day "2021-05-03" and, a second one, "2021-05-03 (2)"."""
    name, nth = str(number), ""
    if len(name) == 10:
        name, nth = name[:8], f" ({number % MOST_OF_A_DAY})"
    try:
        return date.fromisoformat(name).isoformat() + nth if len(name) == 8 else f"#{number}"
    except ValueError:  # a number of a newsletter's own that is no day
        return f"#{number}"


def in_issue(number: int) -> str:
    """Return where a story ran, as part of a sentence: "in #96", or "on 2021-05-03"."""
    name = issue_name(number)
    return f"in {name}" if name.startswith("#") else f"on {name}"
