"""The last completed nightly run, and the scheduled ones since that did not happen."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from cronsim import CronSim

from pipeline.core.config import Newsletter
from pipeline.store.database import Connection

GRACE = timedelta(hours=6)  # a run this late does not count as missed
MAX_MISSED = 366  # counted at most


@dataclass(frozen=True, slots=True)
class LastNight:
    """The last completed nightly run."""

    date: date  # in the newsletter's time zone
    started_at: datetime
    seconds: float
    feeds: int
    failed: int
    new_articles: int
    ranked: int
    missed: int = 0  # scheduled runs before it that did not happen
    is_outage: bool = False  # feeds were asked and none answered


def last_night(connection: Connection, now: datetime) -> LastNight | None:
    """Return the last completed run, None if there is none. Runs dated in the future (a wrong clock) are ignored.

    A run as of a past day began at that day's end, for those who look from before it was run.
    """
    row = connection.execute(
        """
        SELECT if(started_at <= $now, started_at, least(started_at, as_of + INTERVAL '1 day' - INTERVAL '1 second'))
               AS began, seconds, seen, failed, done, details
        FROM runs WHERE step = 'nightly' AND began <= $now ORDER BY began DESC LIMIT 1
        """,
        {"now": now},
    ).fetchone()
    if row is None:
        return None
    details: dict[str, Any] = json.loads(row[5])
    day = date.fromisoformat(details["date"])
    new, missed, is_outage = details["new_articles"], details.get("missed", 0), details.get("outage", False)
    return LastNight(day, row[0], row[1], row[2], row[3], new, row[4], missed, is_outage)


def missed_nights(newsletter: Newsletter, after: datetime, now: datetime) -> list[date]:
    """Return the local dates after a run's on which a scheduled run should be over by now.

    By dates, not instants: schedulers disagree on an hour that does not exist when clocks change.
    """
    last = after.astimezone(newsletter.zone)
    missed: list[date] = []
    for instant in CronSim(newsletter.nightly, last):
        if instant + GRACE > now or len(missed) == MAX_MISSED:
            break
        if instant.date() > (missed[-1] if missed else last.date()):
            missed.append(instant.date())
    return missed
