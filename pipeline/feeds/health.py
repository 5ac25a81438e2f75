"""Update a feed's state after a fetch: back-off, permanent redirects, retirement. Pure; the date is given."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from pipeline.core.types import Feed, Fetched

GONE = 410
NIGHTS_TO_MOVE = 3  # nights a permanent redirect is seen before the feed is moved
FIRST_WAIT = timedelta(hours=1)
MAX_WAIT = timedelta(hours=20)  # below a day, so that every feed is fetched every night
AHEAD = timedelta(days=1)  # longer than any wait or Retry-After: a later time was written by a wrong clock


def is_due(feed: Feed, now: datetime) -> bool:
    """Return whether a feed may be fetched now."""
    return feed.retired_on is None and not (feed.retry_at and now < feed.retry_at <= now + AHEAD)


def after_success(feed: Feed, fetched: Fetched, run_date: date, *, title: str | None, brought_new: bool) -> Feed:
    """Return the state of a feed that answered 200 or 304. Store it with its entries or after, never before."""
    unchanged = fetched.status == 304
    seen_again = fetched.moved_to == feed.moved_to
    nights = feed.moved_seen if seen_again and feed.moved_on == run_date else (feed.moved_seen if seen_again else 0) + 1
    return replace(
        feed,
        title=feed.title or title,
        etag=fetched.etag or (feed.etag if unchanged else None),
        last_modified=fetched.last_modified or (feed.last_modified if unchanged else None),
        last_success_on=run_date,
        last_new_on=run_date if brought_new else feed.last_new_on,
        failures=0,
        failed_on=None,
        last_error=None,
        retry_at=None,
        moved_to=fetched.moved_to,
        moved_seen=nights if fetched.moved_to else 0,
        moved_on=run_date if fetched.moved_to else None,
    )


def after_failure(feed: Feed, fetched: Fetched, why: str, run_date: date, now: datetime) -> Feed:
    """Return the state of a feed that failed. Failures are counted once a date."""
    again = feed.failed_on == run_date
    failures = feed.failures if again else feed.failures + 1
    waits = feed.retry_at if again else _backoff(failures, now)
    if fetched.retry_after_s is not None:
        waits = now + timedelta(seconds=fetched.retry_after_s)
    return replace(
        feed,
        failures=failures,
        failed_on=run_date,
        last_error=why,
        retry_at=waits,
        retired_on=run_date if fetched.status == GONE else None,
    )


def has_moved(feed: Feed) -> bool:
    """Return whether a permanent redirect was seen on enough nights to move the feed."""
    return feed.moved_to is not None and feed.moved_seen >= NIGHTS_TO_MOVE


def _backoff(failures: int, now: datetime) -> datetime | None:
    """Exponential back-off from the second failed night on; the first may be transient."""
    if failures < 2:
        return None
    return now + min(FIRST_WAIT * (1 << min(failures - 2, 10)), MAX_WAIT)
