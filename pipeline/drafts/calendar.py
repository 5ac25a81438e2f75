"""Collect deadlines and event dates that have not passed, and write them as an iCalendar file."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.deadlines import ANYWHERE_ON_EARTH, Deadline, find_deadlines
from pipeline.drafts.selection import picked_stories
from pipeline.store.database import Database
from pipeline.store.issues import known_issues

AOE_OFFSET = timedelta(hours=12)  # an anywhere-on-Earth day ends at noon UTC of the next


@dataclass(frozen=True, slots=True)
class DatedEntry:
    """A call or an event with one of its dates."""

    title: str
    url: str
    deadline: Deadline
    learned_on: date  # date of the issue that ran it; today for a story of the next issue


def upcoming_dates(database: Database, newsletter: Newsletter, as_of: AsOf) -> list[DatedEntry]:
    """Return each date once, soonest first; of a call that two issues ran, the later issue's text counts."""
    with database.reading() as connection:
        issues = known_issues(connection, as_of.issues_before)
    today = as_of.time.date()
    dated = [
        DatedEntry(pick.title, pick.url, deadline, issue.date)
        for issue in issues
        for pick in issue.picks
        if pick.section in newsletter.dated_sections and pick.url
        for deadline in find_deadlines(f"{pick.title}: {pick.byline or ''}", issue.date)
    ]
    dated += [
        DatedEntry(story.title, story.url, deadline, today)
        for story in picked_stories(database, newsletter, as_of)
        if story.section in newsletter.dated_sections
        for deadline in story.deadlines
    ]
    latest = {(d.url, d.deadline.kind, d.deadline.day): d for d in dated if d.deadline.last_day >= today}
    return sorted(latest.values(), key=lambda d: (d.deadline.day, d.title, d.url))


def to_ics(entries: Iterable[DatedEntry], name: str) -> bytes:
    """Return a calendar: a deadline is its last day, an event its days. The same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Triage//article-triage//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in sorted(entries, key=lambda e: (e.deadline.day, e.title, e.url)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: DatedEntry) -> Event:
    deadline = entry.deadline
    event = Event()
    identity = f"{entry.url} {deadline.kind} {deadline.day}"
    event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@article-triage")
    event.add("dtstamp", datetime.combine(entry.learned_on, time.min, UTC))
    event.add("summary", f"{'Due' if deadline.is_due else 'Event'}: {entry.title}")
    event.add("url", entry.url)
    event.add("description", f"{deadline.text}\n{entry.url}")
    first = deadline.last_day if deadline.is_due else deadline.day
    if deadline.is_due and deadline.zone == ANYWHERE_ON_EARTH:
        event.add("dtstart", datetime.combine(first + timedelta(days=1), time.min, UTC) + AOE_OFFSET)
    else:
        event.add("dtstart", first)
        event.add("dtend", deadline.last_day + timedelta(days=1))
    return event
