"""Decide what a night's answer means for a feed. Pure: it only processes what it is given, the date included."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from pipeline.core.types import Feed, Fetched

GONE = 410
MOVED_NIGHTS = 3  # a permanent redirect is believed when it was seen on so many nights
FIRST_WAIT = timedelta(hours=1)
LONGEST_WAIT = timedelta(hours=20)  # shorter than a day, so every feed is asked again every night


def is_due(feed: Feed, now: datetime) -> bool:
    """Tell whether a feed may be asked now."""
    return feed.retired_on is None and (feed.retry_at is None or feed.retry_at <= now)


def after_success(feed: Feed, fetched: Fetched, night: date, *, title: str | None, brought_new: bool) -> Feed:
    """Return what is known of a feed that answered (200 or 304). To be stored together with its entries, or after."""
    unchanged = fetched.status == 304
    seen_again = fetched.moved_to == feed.moved_to
    nights = feed.moved_seen if seen_again and feed.moved_on == night else (feed.moved_seen if seen_again else 0) + 1
    return replace(
        feed,
        title=feed.title or title,
        etag=fetched.etag or (feed.etag if unchanged else None),
        last_modified=fetched.last_modified or (feed.last_modified if unchanged else None),
        last_success_on=night,
        last_new_on=night if brought_new else feed.last_new_on,
        failures=0,
        failed_on=None,
        last_error=None,
        retry_at=None,
        moved_to=fetched.moved_to,
        moved_seen=nights if fetched.moved_to else 0,
        moved_on=night if fetched.moved_to else None,
    )


def after_failure(feed: Feed, fetched: Fetched, why: str, night: date, now: datetime) -> Feed:
    """Return what is known of a feed that failed. A second failure in one night counts no more than the first."""
    again = feed.failed_on == night
    failures = feed.failures if again else feed.failures + 1
    waits = feed.retry_at if again else _backoff(failures, now)
    if fetched.retry_after_s is not None:
        waits = now + timedelta(seconds=fetched.retry_after_s)
    return replace(
        feed,
        failures=failures,
        failed_on=night,
        last_error=why,
        retry_at=waits,
        retired_on=night if fetched.status == GONE else None,
    )


def has_moved(feed: Feed) -> bool:
    """Tell whether a permanent redirect was seen often enough to believe it."""
    return feed.moved_to is not None and feed.moved_seen >= MOVED_NIGHTS


def _backoff(failures: int, now: datetime) -> datetime | None:
    """Wait longer with every failed night; not after the first, which may be a passing thing."""
    if failures < 2:
        return None
    return now + min(FIRST_WAIT * (1 << min(failures - 2, 10)), LONGEST_WAIT)
