"""What a call says about days is read as a person reads it."""

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar

from helpers import SHARED, needs_shared
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.core.deadlines import closes_before, find_deadlines, lapsed
from pipeline.drafts.calendar import DatedEntry, to_ics
from pipeline.ops.workspace import Workspace

ISSUE = date(2021, 7, 16)


def found(text: str, reference: date = ISSUE) -> list[str]:
    """Spell the days of a text as the labels do."""
    return [
        f"{d.kind} {d.day}{f'/{d.until}' if d.until else ''}{f' {d.zone}' if d.zone else ''}"
        for d in find_deadlines(text, reference)
    ]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "23-26 Feb, Submission 14 Sept for contributed lecture, 1 Oct for Proceedings",
            ["event 2022-02-23/2022-02-26", "due 2021-09-14", "due 2021-10-01"],
        ),
        ("Papers due 4 Feb", ["due 2022-02-04"]),
        ("29 May - 2 June, Town, papers due Nov 29th", ["event 2022-05-29/2022-06-02", "due 2021-11-29"]),
        ("Registration closes 3 Aug 23:59 AoE", ["due 2021-08-03 AoE"]),
        ("Deadline 2021-09-01 (anywhere on Earth)", ["due 2021-09-01 AoE"]),
        ("Posters due 3 or 10 August", ["due 2021-08-03", "due 2021-08-10"]),
        ("Proposals due 1 Sept - 15 Oct", ["due 2021-09-01/2021-10-15"]),
        ("4 August", ["due 2021-08-04"]),
        ("10 July, applications close", ["due 2021-07-10"]),
        ("31 June, version 3 of 12 may help", []),
        ("", []),
    ],
)
def test_days_of_a_call(text: str, days: list[str]) -> None:
    """Spans are events, days with a word of ending are due; without a year the next such day is meant."""
    assert found(text) == days


@pytest.mark.parametrize("text", ["1-" * 50_000, "1 - 1 or " * 9_000, " " * 100_000 + "due"])
def test_hostile_text_is_read_in_bounds(text: str) -> None:
    """No text keeps the reader busy; unbounded, the first of these took a minute."""
    assert find_deadlines(text, ISSUE) == ()


def test_day_just_past_is_not_next_years() -> None:
    """A call found a week late has lapsed; it is not due in a year."""
    assert found("Papers due 10 July") == ["due 2021-07-10"]
    assert lapsed(find_deadlines("Papers due 10 July", ISSUE), ISSUE)
    assert not lapsed(find_deadlines("Workshop 20 July", ISSUE), date(2022, 1, 1))


def test_what_closes_before_the_next_issue() -> None:
    """From this issue's day up to the next one's."""
    deadlines = find_deadlines("Abstracts due 20 July, papers due 23 July", ISSUE)
    assert [d.day.day for d in closes_before(deadlines, ISSUE, date(2021, 7, 23))] == [20]


def test_calendar_is_read_by_others_and_the_same_each_time() -> None:
    """A deadline anywhere on Earth ends at noon UTC of the next day; an event lasts all its days."""
    days = find_deadlines("2-4 Sept, papers due 1 Aug AoE", ISSUE)
    entries = [DatedEntry("A, call; with\nodd words", "https://a.example/c", day, ISSUE) for day in days]
    ics = to_ics(entries, "Letter")
    events = {str(e["summary"])[:3]: e for e in Calendar.from_ical(ics).walk("VEVENT")}
    assert events["Due"]["dtstart"].dt.isoformat() == "2021-08-02T12:00:00+00:00"
    assert (events["Eve"]["dtstart"].dt, events["Eve"]["dtend"].dt) == (date(2021, 9, 2), date(2021, 9, 5))
    assert ics == to_ics(reversed(entries), "Letter")


@needs_shared
def test_fifty_labelled_calls(workspace: Workspace) -> None:
    """Precision and recall over every day of fifty real calls stay at 0.97 and more."""
    spec = importlib.util.spec_from_file_location("labels", Path(__file__).with_name("deadline_labels.py"))
    assert spec is not None
    assert spec.loader is not None
    labels = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(labels)
    reading = read_archive(read_files(SHARED / "newsletter" / "issues"), workspace.newsletter)
    right = said = true = 0
    for issue in reading.issues:
        for pick in issue.picks:
            if (issue.number, pick.position) in labels.LABELS:
                wanted = labels.days(labels.LABELS[issue.number, pick.position])
                got = {(d.kind, d.day, d.until) for d in find_deadlines(f"{pick.title}: {pick.byline}", issue.date)}
                right, said, true = right + len(wanted & got), said + len(got), true + len(wanted)
    assert right / said >= 0.97
    assert right / true >= 0.97
