"""The days of issues found in the dates of past ones, of regular and irregular newsletters."""

import random
from datetime import date, timedelta

import pytest

from pipeline.archive.proposal.found_issue_days import find_issue_days
from pipeline.core.issue_days import WEEKDAYS, issue_days, possible_days

START, END = date(2023, 3, 1), date(2026, 3, 1)


@pytest.mark.parametrize("n", [5, 24])
def test_regular_days_are_found(n: int) -> None:
    """Each that newsletter.toml may name, from few issues too."""
    for text in possible_days():
        assert find_issue_days(issue_days(text, START, END, START)[:n]) == (text, 1.0)


@pytest.mark.parametrize("text", ["friday", "first tuesday", "15"])
def test_issues_may_move_and_be_missing(text: str) -> None:
    """A third is a day early or late, an eighth did not go out."""
    draw = random.Random(5)
    days = [day + timedelta(draw.choice((0, 0, 0, 0, -1, 1))) for day in issue_days(text, START, END)[:27]]
    found, share = find_issue_days(days[:5] + days[6:14] + days[15:])
    assert found == text
    assert 0.5 < share < 1


@pytest.mark.parametrize("text", [*WEEKDAYS, "every second monday", "1"])
def test_part_of_an_archive_tells_its_days(text: str) -> None:
    """Issues far apart are not monthly for that: all are on one day of the week."""
    days = issue_days(text, START, END)
    assert find_issue_days(sorted(random.Random(3).sample(days, 20)))[0] == text


def test_few_issues_of_many_years_tell_their_commonest_day() -> None:
    """Where days are guessed, as those of an archive without dates are, no day is regular."""
    days = [date(2018, 1, 5) + timedelta(days=91 * n + (n * n) % 5) for n in range(24)]
    found, share = find_issue_days(days)
    assert share > 0.2, found


def test_single_issue_has_a_weekday() -> None:
    """No more can be known."""
    assert find_issue_days([date(2024, 5, 3)]) == ("friday", 1.0)
