"""The as-of time: what a command may know, either now or before a past issue (`--as-of`)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time


@dataclass(frozen=True)
class AsOf:
    """The time a command runs as of, and the limits of what it may know.

    `--as-of D` is the evening before the issue of D goes out: articles first seen up to and including D, issues and
    decisions dated before D, nothing else.
    """

    time: datetime  # stamped on what is pulled, decided, imported
    articles_until: datetime  # first seen before this time
    issues_before: date  # known issues are dated before this day
    decisions_before: date  # so are decisions; of now all are known, also those that a wrong clock dated ahead

    @classmethod
    def now(cls, time: datetime | None = None) -> "AsOf":
        """Return the current time: everything stored is known."""
        time = time or datetime.now(UTC)
        return cls(time, time + timedelta(seconds=1), time.date() + timedelta(days=1), date.max)

    @classmethod
    def before_issue(cls, day: date) -> "AsOf":
        """Return the evening before the issue of `day`."""
        midnight = start_of_day(day)
        return cls(midnight - timedelta(seconds=1), midnight + timedelta(days=1), day, day)

    @property
    def run_date(self) -> date:
        """The UTC date of the run: work counted once a night is counted under it."""
        return self.time.date()


def start_of_day(day: date) -> datetime:
    """Return midnight UTC, the first instant of a day."""
    return datetime.combine(day, clock_time.min, UTC)
