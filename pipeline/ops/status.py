"""State of the workspace: last run, failing and silent feeds, next issue date, alerts."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from cronsim import CronSim

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.core.types import Feed
from pipeline.feeds.health import is_due
from pipeline.ops.readability import readability_alert, sample_titles
from pipeline.store.archive_counts import ArchiveCounts, count_coverage
from pipeline.store.database import Connection, Database
from pipeline.store.feeds import all_feeds

if TYPE_CHECKING:
    from models.embedder import Embedder

GRACE = timedelta(hours=6)  # a run this late does not count as missed
MAX_MISSED = 366  # counted at most
SILENT_DAYS = 21  # days without a new article after which a feed is silent …
WELL_COVERED = 0.8  # share of past picks
SILENT_GAPS = 4  # … or after this many mean intervals, if longer


@dataclass(frozen=True, slots=True)
class Night:
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


@dataclass(frozen=True, slots=True)
class FeedTrouble:
    """A feed that needs attention, and why."""

    url: str
    title: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """What `triage status` shows."""

    newsletter: str
    last_night: Night | None
    articles: int
    undecided: int
    feeds_ok: int
    failing: tuple[FeedTrouble, ...]
    silent: tuple[FeedTrouble, ...]
    next_issue: date
    last_model: datetime | None
    alerts: tuple[str, ...]  # for a monitor; empty: all is well
    issues: int = 0  # past, known
    picks: int = 0  # of them
    sections: int = 0  # with picks
    coverage: float | None = None  # share of past picks that today's feeds could have carried; None: not known
    hints: tuple[str, ...] = ()  # what would make the order better; no alarm
    nights: int = 0  # nightly runs kept in the log
    last_night_age_hours: float | None = None  # since it began; None: none yet
    nights_missed: int = 0  # scheduled runs since the last one that did not happen
    feeds_by_state: dict[str, int] = field(default_factory=dict)  # ok, never_asked, failing, silent, waiting, retired
    retired: tuple[FeedTrouble, ...] = ()
    never_asked: int = 0  # feeds, before the first night; one that is added later counts as ok until it is asked


def read_status(database: Database, newsletter: Newsletter, as_of: AsOf, embedder: "Embedder | None" = None) -> Status:
    """Read the tables and find what needs attention."""
    today = as_of.time.astimezone(newsletter.zone).date()
    with database.reading() as connection:
        night = last_night(connection, as_of.time)
        all_of_them = all_feeds(connection)
        feeds = [feed for feed in all_of_them if feed.retired_on is None]
        nights = _one(connection, "SELECT count(*) FROM runs WHERE step = 'nightly'")
        intervals = mean_intervals(connection)
        articles = _one(connection, "SELECT count(*) FROM articles")
        undecided = _one(connection, "SELECT count(*) FROM review WHERE state = 'new' AND rank IS NOT NULL")
        last_issue = _one(connection, "SELECT max(issue_date) FROM issues")
        last_model = _one(connection, "SELECT max(created_at) FROM model_cards WHERE active")
        archive, left = count_coverage(connection)
        titles = sample_titles(connection)
    failing = tuple(FeedTrouble(f.url, f.title, _failure(f)) for f in feeds if f.failures)
    silent = find_silent(feeds, intervals, today)
    retired = tuple(
        FeedTrouble(f.url, f.title, f"retired on {f.retired_on}: {f.last_error}") for f in all_of_them if f.retired_on
    )
    missed = missed_nights(newsletter, night.started_at, as_of.time) if night else []
    never_asked = 0 if night else sum(feed.last_success_on is None and not feed.failures for feed in feeds)
    states = {
        "ok": len(feeds) - never_asked - len(failing) - len(silent),
        "never_asked": never_asked,
        "failing": len(failing),
        "silent": len(silent),
        "waiting": sum(not is_due(feed, as_of.time) for feed in feeds),  # also counted in one of the above
        "retired": len(retired),
    }
    return Status(
        newsletter=newsletter.name,
        last_night=night,
        articles=articles,
        undecided=undecided,
        feeds_ok=states["ok"],
        failing=failing,
        silent=silent,
        next_issue=newsletter.next_issue_date(as_of.time, last_issue),
        last_model=last_model,
        alerts=tuple(find_alerts(newsletter, as_of.time, night, feeds)),
        issues=archive.issues,
        picks=archive.picks,
        sections=archive.sections,
        coverage=archive.coverage,
        hints=tuple(_hints(archive, left, titles, newsletter, embedder)),
        nights=nights,
        last_night_age_hours=round((as_of.time - night.started_at).total_seconds() / 3600, 2) if night else None,
        nights_missed=len(missed),
        feeds_by_state=states,
        retired=retired,
        never_asked=never_asked,
    )


def _hints(
    archive: ArchiveCounts,
    left: Counter[str],
    titles: Sequence[str],
    newsletter: Newsletter,
    embedder: "Embedder | None",
) -> Iterator[str]:
    if archive.sentence:
        yield archive.sentence
    if embedder and (alert := readability_alert(titles, embedder, newsletter.embedding_model)):
        yield alert
    if archive.coverage is not None and archive.coverage < WELL_COVERED and any(left):
        first = ", ".join(name for name, _ in left.most_common(4) if name)
        missing = f"{1 - archive.coverage:.0%} of past picks are of publications without a feed here ({first})"
        yield f"{missing}; see: triage feeds suggest"


def last_night(connection: Connection, now: datetime) -> Night | None:
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
    return Night(day, row[0], row[1], row[2], row[3], new, row[4], missed, is_outage)


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


def find_alerts(newsletter: Newsletter, now: datetime, night: Night | None, feeds: Sequence[Feed]) -> list[str]:
    """List the alerts for a monitor: missed runs, most feeds failing."""
    if night is None:
        return ["no night has run yet; run: triage nightly"]
    found = []
    if missed := missed_nights(newsletter, night.started_at, now):
        found.append(f"{counted(len(missed), 'night')} missed since {night.date}; run: triage nightly")
    if night.is_outage:
        found.append("no feed answered in the last night; look at the network, then run: triage nightly")
    failing = sum(feed.failures > 0 for feed in feeds)
    if feeds and failing * 2 > len(feeds):
        found.append(f"{failing} of {len(feeds)} feeds fail; look at the network, then run: triage pull")
    return found


def _failure(feed: Feed) -> str:
    nights = f"{feed.failures} nights in a row" if feed.failures > 1 else "last night"
    return f"failed {nights}: {feed.last_error}"


def _one(connection: Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
