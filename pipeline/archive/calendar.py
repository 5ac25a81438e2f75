"""Write deadlines and events as an iCalendar file. Records in, bytes out."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event

from pipeline.archive.deadlines import EARTHS_END, Deadline

AOE_OFFSET = timedelta(hours=12)  # where a day ends last it ends at noon UTC of the next


@dataclass(frozen=True, slots=True)
class Dated:
    """A call or an event, one of its days, and the day on which we learned of it."""

    title: str
    url: str
    deadline: Deadline
    told_on: date


def to_ics(entries: Iterable[Dated], name: str) -> bytes:
    """Return a calendar: a deadline is its last day, an event its days. The same entries give the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Triage//article-triage//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in sorted(entries, key=lambda e: (e.deadline.day, e.title, e.url)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Dated) -> Event:
    deadline = entry.deadline
    event = Event()
    identity = f"{entry.url} {deadline.kind} {deadline.day}"
    event.add("uid", f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}@article-triage")
    event.add("dtstamp", datetime.combine(entry.told_on, time.min, UTC))
    event.add("summary", f"{'Due' if deadline.is_due else 'Event'}: {entry.title}")
    event.add("url", entry.url)
    event.add("description", f"{deadline.text}\n{entry.url}")
    first = deadline.last_day if deadline.is_due else deadline.day
    if deadline.is_due and deadline.zone == EARTHS_END:
        event.add("dtstart", datetime.combine(first + timedelta(days=1), time.min, UTC) + AOE_OFFSET)
    else:
        event.add("dtstart", first)
        event.add("dtend", deadline.last_day + timedelta(days=1))
    return event
