"""The days on which issues go out: rules as newsletter.toml writes them, and the next day by each."""

from datetime import date

import pytest

from pipeline.core.issue_days import are_issue_days, end_of_period, in_words, issue_days, next_issue_day, possible_days


@pytest.mark.parametrize(
    ("text", "days", "words"),
    [
        ("friday", [(1, 2), (1, 9), (1, 16)], "on Friday"),
        ("monday, thursday", [(1, 1), (1, 5), (1, 8)], "on Monday and Thursday"),
        ("monday, friday, sunday", [(1, 2), (1, 4), (1, 5)], "on Monday, Friday and Sunday"),
        ("weekdays", [(1, 1), (1, 2), (1, 5)], "on weekdays"),
        ("daily", [(1, 1), (1, 2), (1, 3)], "daily"),
        ("every second friday", [(1, 9), (1, 23), (2, 6)], "every second Friday"),
        ("first monday", [(1, 5), (2, 2), (3, 2)], "on the first Monday of the month"),
        ("last sunday", [(1, 25), (2, 22), (3, 29)], "on the last Sunday of the month"),
        ("15", [(1, 15), (2, 15), (3, 15)], "on day 15 of the month"),
        ("31", [(1, 31), (2, 28), (3, 31)], "on day 31 of the month"),
    ],
)
def test_days_of_issues(text: str, days: list[tuple[int, int]], words: str) -> None:
    """A month that is too short has its last day; every second week is counted from that of the anchor."""
    found = issue_days(text, date(2026, 1, 1), date(2026, 3, 31), anchor=date(2026, 1, 7))
    assert [(day.month, day.day) for day in found[:3]] == days
    assert in_words(text) == words


def test_all_that_is_offered_can_be_read() -> None:
    """Nothing else is: no other word, no day that no month has."""
    assert all(map(are_issue_days, possible_days()))
    assert not any(map(are_issue_days, ["", "fry", "0", "32", "fifth monday", "every second", "friday,", "15."]))


@pytest.mark.parametrize(
    ("text", "today", "last_issue", "day"),
    [
        ("friday", (11, 20), None, (11, 20)),
        ("friday", (11, 20), (11, 20), (11, 27)),
        ("friday", (11, 19), (11, 19), (11, 27)),  # a day early
        ("friday", (11, 24), (11, 23), (11, 27)),  # three days late
        ("weekdays", (11, 20), (11, 19), (11, 20)),
        ("every second friday", (11, 20), (11, 12), (11, 27)),
        ("first monday", (11, 20), (11, 2), (12, 7)),
        ("1", (11, 30), (11, 30), (2027, 1, 1)),
        ("friday", (11, 20), (2020, 1, 1), (11, 20)),
        ("friday", (11, 20), (2028, 1, 1), (2028, 1, 7)),
    ],
)
def test_next_issue_is_behind_the_one_that_the_last_was_for(
    text: str, today: tuple[int, int], last_issue: tuple[int, ...] | None, day: tuple[int, ...]
) -> None:
    """One that is out a little early or late was for the nearest day."""

    def of(parts: tuple[int, ...]) -> date:
        return date(*(parts if len(parts) == 3 else (2026, *parts)))

    assert next_issue_day(text, of(today), last_issue and of(last_issue)) == of(day)


def test_what_was_saved_goes_into_the_next_issue() -> None:
    """That of the day itself included."""
    assert end_of_period("1", date(2026, 2, 1)) == date(2026, 2, 1)
    assert end_of_period("1", date(2026, 2, 2)) == date(2026, 3, 1)
