"""Say what is known when: real time, or the desk of a past evening (`--as-of`)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True)
class Moment:
    """The instant a command speaks of, and the edges of what may be known at it.

    `--as-of D` is the desk on the evening before the issue of D goes out: articles first seen up to and including D,
    issues and decisions dated before D, nothing else.
    """

    now: datetime  # stamped on what is pulled, decided, imported
    articles_until: datetime  # first seen before this instant
    issues_before: date  # known issues and decisions are dated before this day

    @classmethod
    def live(cls, now: datetime | None = None) -> "Moment":
        """Real time: all that is stored is known."""
        now = now or datetime.now(UTC)
        return cls(now, now + timedelta(seconds=1), now.date() + timedelta(days=1))

    @classmethod
    def as_of(cls, day: date) -> "Moment":
        """Return the evening before the issue of `day`."""
        midnight = datetime.combine(day, time.min, UTC)
        return cls(midnight - timedelta(seconds=1), midnight + timedelta(days=1), day)

    @property
    def night(self) -> date:
        """The date under which a night's work is counted once."""
        return self.now.date()
