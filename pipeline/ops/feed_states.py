"""Which feeds answer, fail, bring nothing new any more, or are retired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pipeline.core.types import Feed
from pipeline.feeds.health import is_due
from pipeline.store.database import Connection

SILENT_DAYS = 21  # days without a new article after which a feed is silent …
SILENT_GAPS = 4  # … or after this many mean intervals, if longer


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """A feed that needs attention, and why."""

    url: str
    title: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class FeedStates:
    """The feeds of a workspace by their state; each is counted once, and `waiting` ones besides."""

    ok: int
    never_asked: int  # since they were followed, or since `triage feeds retry` if they have never answered
    failing: tuple[FeedTrouble, ...]
    silent: tuple[FeedTrouble, ...]
    retired: tuple[FeedTrouble, ...]
    waiting: int  # not due yet, whatever their state

    @property
    def active(self) -> int:
        """The number of feeds that are not retired."""
        return self.ok + self.never_asked + len(self.failing) + len(self.silent)

    @property
    def counts(self) -> dict[str, int]:
        """The number of feeds in each state."""
        return {
            "ok": self.ok,
            "never_asked": self.never_asked,
            "failing": len(self.failing),
            "silent": len(self.silent),
            "waiting": self.waiting,
            "retired": len(self.retired),
        }


def feed_states(feeds: Sequence[Feed], intervals: dict[str, timedelta], now: datetime) -> FeedStates:
    """Sort feeds by their state.

    Parameters
    ----------
    feeds : sequence of Feed
        Retired ones included.
    intervals : dict of str to timedelta
        As `mean_intervals` returns them.
    now : datetime
        In the newsletter's time zone.
    """
    active = [feed for feed in feeds if feed.retired_on is None]
    failing = tuple(FeedTrouble(feed.url, feed.title, _failure(feed)) for feed in active if feed.failures)
    silent = find_silent(active, intervals, now.date())
    retired = tuple(
        FeedTrouble(feed.url, feed.title, f"retired on {feed.retired_on}: {feed.last_error}")
        for feed in feeds
        if feed.retired_on
    )
    never_asked = sum(feed.last_success_on is None and not feed.failures for feed in active)
    return FeedStates(
        ok=len(active) - never_asked - len(failing) - len(silent),
        never_asked=never_asked,
        failing=failing,
        silent=silent,
        retired=retired,
        waiting=sum(not is_due(feed, now) for feed in active),
    )


def mean_intervals(connection: Connection) -> dict[str, timedelta]:
    """Return the mean time between the articles of each feed that has at least three."""
    rows = connection.execute(
        """
        SELECT feed_url, (max(first_seen_at) - min(first_seen_at)) / (count(*) - 1)
        FROM article_feeds JOIN articles ON id = article_id GROUP BY feed_url HAVING count(*) > 2
        """
    ).fetchall()
    return dict(rows)


def find_silent(feeds: Sequence[Feed], intervals: dict[str, timedelta], today: date) -> tuple[FeedTrouble, ...]:
    """Find feeds that answer but bring less than they used to."""
    silent = []
    for feed in feeds:
        if feed.failures or feed.last_new_on is None or feed.url not in intervals:
            continue
        days = (today - feed.last_new_on).days
        if days > max(SILENT_DAYS, SILENT_GAPS * intervals[feed.url].total_seconds() / 86400):
            silent.append(FeedTrouble(feed.url, feed.title, f"answers, but has had nothing new for {days} days"))
    return tuple(silent)


def _failure(feed: Feed) -> str:
    nights = f"{feed.failures} nights in a row" if feed.failures > 1 else "last night"
    return f"failed {nights}: {feed.last_error}"
