"""Step pull: fetch every feed that is due, parse it, store each article once. Writes feeds, articles, article_feeds.

Feeds are fetched side by side and read in worker processes while others are still being fetched; what was read is
stored in small batches, entries first and validators in the same transaction, so a killed night loses no entry.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.types import Article, Feed, Fetched, Progress, StepReport
from pipeline.core.urls import article_id
from pipeline.feeds import health
from pipeline.feeds.fetch import Client
from pipeline.feeds.http import guarded_client
from pipeline.feeds.parse import Parsed, parse_feed
from pipeline.feeds.sandbox import BrokenInputError, Workers
from pipeline.store.articles import add_articles
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, move_feed, save_feeds, sync_file

BATCH = 100  # feeds stored in one transaction
GATHER_S = 1.0  # how long a batch waits for more: each costs 60 ms, and a killed night loses one at most
READERS = 2  # processes that parse
AT_WORK = 256  # feeds between being asked and being stored; bounds memory

ReadElsewhere = Callable[[Sequence[Feed]], Iterable[Sequence["Outcome"]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one feed gave tonight."""

    feed: Feed
    fetched: Fetched
    articles: tuple[Article, ...] = ()
    title: str | None = None
    error: str | None = None
    malformed: str | None = None
    seconds: float = 0.0
    new: int = 0


def pull_feeds(
    database: Database,
    newsletter: Newsletter,
    as_of: AsOf,
    progress: Progress | None = None,
    elsewhere: ReadElsewhere | None = None,
) -> StepReport:
    """Ask every feed that is due and store what is new.

    Parameters
    ----------
    database, newsletter, moment
        The workspace's. Articles are first seen at `as_of.time`; failures and redirects count once per night.
    progress : callable, optional
        Called with (feeds done, feeds in total).
    elsewhere : callable, optional
        Reads the feeds that are due on other machines, and gives back what they gave in batches; stored here.

    Returns
    -------
    StepReport
        seen: feeds asked; done: feeds that answered; failed: those that did not.
        details: `triage pull --json`.
    """
    started = time.monotonic()
    feeds = _followed(database, newsletter)
    # in the order of their hash, so that feeds of one host do not queue behind each other
    due = sorted((f for f in feeds if health.is_due(f, as_of.time)), key=lambda f: article_id(f.url))
    if elsewhere:
        read = {outcome.feed.url: outcome for batch in elsewhere(due) for outcome in batch}
        batches = (_ready_in_order(read, due[n:]) for n in range(0, len(due), BATCH))
        outcomes = [o for batch in batches for o in store_outcomes(database, batch, as_of)]
    else:
        outcomes = asyncio.run(_Night(database, newsletter, as_of, progress).run(due)) if due else []
    failed = sum(outcome.error is not None for outcome in outcomes)
    details = {
        "feeds": [_told(outcome) for outcome in sorted(outcomes, key=lambda o: o.feed.url)],
        "articles": sum(outcome.new for outcome in outcomes),
        "waiting": [f.url for f in feeds if f.retired_on is None and f not in due],
        "retired": [f.url for f in feeds if f.retired_on is not None],
    }
    return StepReport("pull", len(due), len(due) - failed, failed, time.monotonic() - started, details)


def _followed(database: Database, newsletter: Newsletter) -> list[Feed]:
    """Bring the table up to newsletter.toml and return what is followed."""
    written = [Feed(f.url, f.title, f.fulltext, f.verify_tls) for f in newsletter.feeds]
    with database.writing() as connection:
        sync_file(connection, written)
        return all_feeds(connection)


class _Night:
    """One pull: the client, the workers and the writer, and the queue between them."""

    def __init__(self, database: Database, newsletter: Newsletter, as_of: AsOf, progress: Progress | None) -> None:
        self.database, self.newsletter, self.as_of, self.progress = database, newsletter, as_of, progress
        self.queue: asyncio.Queue[Outcome] = asyncio.Queue()
        self.at_work = asyncio.Semaphore(AT_WORK)

    async def run(self, feeds: Sequence[Feed]) -> list[Outcome]:
        try:
            workers = Workers(min(READERS, len(feeds)))
            async with guarded_client(self.newsletter) as client, workers, asyncio.TaskGroup() as group:
                writer = group.create_task(self._store_all(feeds))
                for feed in feeds:
                    group.create_task(self._read(feed, client, workers))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several  # a store that cannot be written is told in one sentence
        return writer.result()

    async def _read(self, feed: Feed, client: Client, workers: Workers) -> None:
        async with self.at_work:
            self.queue.put_nowait(await read_feed(feed, client, workers, self.as_of.time))

    async def _store_all(self, feeds: Sequence[Feed]) -> list[Outcome]:
        """Store outcomes in the feeds' own order, whichever came first.

        Of two feeds that carry one story the same gives it its title every night, a killed and repeated one included.
        """
        ready: dict[str, Outcome] = {}
        stored: list[Outcome] = []
        while len(stored) < len(feeds):
            if feeds[len(stored)].url not in ready:
                await self._gather(ready, len(feeds) - len(stored))
            if batch := _ready_in_order(ready, feeds[len(stored) :]):
                stored += await asyncio.to_thread(store_outcomes, self.database, batch, self.as_of)
                if self.progress:
                    self.progress(len(stored), len(feeds))
        return stored

    async def _gather(self, ready: dict[str, Outcome], outstanding: int) -> None:
        """Take what comes, for a while after the first, or until all have come."""
        until = None
        with suppress(TimeoutError):
            while len(ready) < outstanding:
                async with asyncio.timeout_at(until):
                    outcome = await self.queue.get()
                ready[outcome.feed.url] = outcome
                until = until or asyncio.get_running_loop().time() + GATHER_S


def _ready_in_order(ready: dict[str, Outcome], feeds: Sequence[Feed]) -> list[Outcome]:
    """Take out the outcomes of the first feeds, up to the first that is not there yet."""
    batch: list[Outcome] = []
    for feed in feeds[:BATCH]:
        if feed.url not in ready:
            break
        batch.append(ready.pop(feed.url))
    return batch


async def read_feed(feed: Feed, client: Client, workers: Workers, seen_at: datetime) -> Outcome:
    """Ask one feed and read what came; trouble is told in the outcome. Touches no database."""
    fetched = await client.get(feed.url, etag=feed.etag, last_modified=feed.last_modified, verify_tls=feed.verify_tls)
    return await _parsed(feed, fetched, workers, seen_at)


async def _parsed(feed: Feed, fetched: Fetched, workers: Workers, seen_at: datetime) -> Outcome:
    if fetched.error is not None or fetched.status == 304:
        return Outcome(feed, fetched, error=fetched.error, seconds=fetched.seconds)
    try:
        parsed: Parsed = await workers.call(
            parse_feed, fetched.body, fetched.final_url, fetched.content_type, seen_at, feed.url
        )
    except BrokenInputError as error:
        return Outcome(feed, replace(fetched, body=b""), error=str(error), seconds=fetched.seconds)
    return Outcome(
        feed,
        replace(fetched, body=b""),
        parsed.articles,
        parsed.title,
        parsed.problem,
        parsed.malformed,
        seconds=fetched.seconds + parsed.seconds,
    )


def store_outcomes(database: Database, batch: Sequence[Outcome], as_of: AsOf) -> list[Outcome]:
    """Store what some feeds gave: their entries, and then what is known of them, all or nothing.

    In the order given, the feeds' own: the first of several that carry a story names it, wherever a batch ends.
    """
    with database.writing() as connection:
        fresh = set(add_articles(connection, [article for outcome in batch for article in outcome.articles]))
        news = Counter[str]()
        for outcome in batch:
            own = {article.id for article in outcome.articles} & fresh
            news[outcome.feed.url], fresh = len(own), fresh - own  # an article of two feeds counts for the first
        counted = [replace(outcome, new=news[outcome.feed.url]) for outcome in batch]
        known = [_learned(outcome, as_of) for outcome in counted]
        save_feeds(connection, known)
        for feed in filter(health.has_moved, known):
            move_feed(connection, feed, feed.moved_to or feed.url)
    return counted


def _learned(outcome: Outcome, as_of: AsOf) -> Feed:
    if outcome.error is not None:
        return health.after_failure(outcome.feed, outcome.fetched, outcome.error, as_of.run_date, as_of.time)
    return health.after_success(
        outcome.feed, outcome.fetched, as_of.run_date, title=outcome.title, brought_new=outcome.new > 0
    )


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "url": outcome.feed.url,
        "status": outcome.fetched.status,
        "entries": len(outcome.articles),
        "new": outcome.new,
        "seconds": round(outcome.seconds, 3),
        "error": outcome.error,
        "malformed": outcome.malformed,
        "moved_to": outcome.fetched.moved_to,
    }
