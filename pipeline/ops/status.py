"""State of the workspace: last night, feeds, past issues, next issue, hints, and alerts for a monitor."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.ops.feed_states import FeedStates, FeedTrouble, feed_states, mean_intervals
from pipeline.ops.last_night import LastNight, last_night, missed_nights
from pipeline.ops.readability import readability_alert, sample_titles
from pipeline.store.archive_counts import ArchiveCounts, count_coverage
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, as_followed

if TYPE_CHECKING:
    from models.embedder import Embedder

WELL_COVERED = 0.8  # share of past picks
COUNTS = """
SELECT (SELECT count(*) FROM articles),
       (SELECT count(*) FROM review WHERE state = 'new' AND rank IS NOT NULL),
       (SELECT count(*) FROM runs WHERE step = 'nightly'),
       (SELECT max(issue_date) FROM issues),
       (SELECT max(created_at) FROM model_cards WHERE active)
"""


@dataclass(frozen=True, slots=True)
class Status:
    """What `triage status` shows."""

    newsletter: str
    last_night: LastNight | None
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
    never_asked: int = 0  # feeds


def read_status(database: Database, newsletter: Newsletter, as_of: AsOf, embedder: "Embedder | None" = None) -> Status:
    """Read the tables and find what needs attention."""
    now = as_of.time.astimezone(newsletter.zone)
    with database.reading() as connection:
        night = last_night(connection, now)
        feeds = as_followed(all_feeds(connection), newsletter.feeds)  # a night reads the file, and none may have run
        states = feed_states(feeds, mean_intervals(connection), now)
        archive, left = count_coverage(connection)
        titles = sample_titles(connection)
        articles, undecided, nights, last_issue, last_model = connection.execute(COUNTS).fetchall()[0]
    missed = len(missed_nights(newsletter, night.started_at, now)) if night else 0
    return Status(
        newsletter=newsletter.name,
        last_night=night,
        articles=articles,
        undecided=undecided,
        feeds_ok=states.ok,
        failing=states.failing,
        silent=states.silent,
        next_issue=newsletter.next_issue_date(now, last_issue),
        last_model=last_model,
        alerts=tuple(_alerts(night, missed, states)),
        issues=archive.issues,
        picks=archive.picks,
        sections=archive.sections,
        coverage=archive.coverage,
        hints=tuple(_hints(archive, left, titles, newsletter, embedder)),
        nights=nights,
        last_night_age_hours=round((now - night.started_at).total_seconds() / 3600, 2) if night else None,
        nights_missed=missed,
        feeds_by_state=states.counts,
        retired=states.retired,
        never_asked=states.never_asked,
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


def _alerts(night: LastNight | None, missed: int, states: FeedStates) -> Iterator[str]:
    """Yield the alerts for a monitor: missed runs, most feeds failing."""
    if night is None:
        yield "no night has run yet; run: triage nightly"
        return
    if missed:
        yield f"{counted(missed, 'night')} missed since {night.date}; run: triage nightly"
    if night.is_outage:
        yield "no feed answered in the last night; look at the network, then run: triage nightly"
    if len(states.failing) * 2 > states.active:
        yield f"{len(states.failing)} of {states.active} feeds fail; look at the network, then run: triage pull"
