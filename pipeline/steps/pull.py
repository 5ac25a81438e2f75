"""Step pull: fetch every feed that is due, parse it, store each article once. Writes feeds, articles, article_feeds.

Feeds are fetched concurrently and parsed in worker processes. Results are stored in small batches, the entries and the
validators (ETag, Last-Modified) in one transaction, so that a killed run loses no entry.
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
from pipeline.feeds.parse import ParsedFeed, parse_feed
from pipeline.feeds.sandbox import UnreadableInputError, Workers
from pipeline.store.articles import insert_articles
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, move_feed, save_feeds, sync_file

BATCH = 100  # feeds a transaction
BATCH_WAIT_S = 1.0  # how long a batch waits for more results: a transaction costs 60 ms
N_WORKERS = 2  # parser processes
MAX_IN_FLIGHT = 256  # feeds fetched and not yet stored; bounds memory

RemoteReader = Callable[[Sequence[Feed]], Iterable[Sequence["FeedResult"]]]


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What one feed returned in this run."""

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
    remote_reader: RemoteReader | None = None,
) -> StepReport:
    """Fetch every feed that is due and store what is new.

    Parameters
    ----------
    database, newsletter, as_of
        The workspace's. Articles are first seen at `as_of.time`; failures and redirects count once per night.
    progress : callable, optional
        Called with (feeds done, feeds in total).
    remote_reader : callable, optional
        Fetches and parses the given feeds on other machines and yields batches of results, which are stored here.

    Returns
    -------
    StepReport
        seen: feeds fetched; done: feeds that answered; failed: those that did not.
        details: `triage pull --json`; outage: no server answered.
    """
    started = time.monotonic()
    feeds = _followed(database, newsletter)
    # ordered by hash, so that feeds of one host are spread over the run
    due = sorted((f for f in feeds if health.is_due(f, as_of.time)), key=lambda f: article_id(f.url))
    if remote_reader:
        read = {result.feed.url: result for batch in remote_reader(due) for result in batch}
        batches = (_take_in_order(read, due[n:]) for n in range(0, len(due), BATCH))
        results = [o for batch in batches for o in store_results(database, batch, as_of)]
    else:
        results = asyncio.run(_LocalPull(database, newsletter, as_of, progress).run(due)) if due else []
    if is_outage := bool(results) and not any(result.fetched.status for result in results):
        _clear_backoff(database, results)
    failed = sum(result.error is not None for result in results)
    details = {
        "outage": is_outage,
        "feeds": [_as_json(result) for result in sorted(results, key=lambda o: o.feed.url)],
        "articles": sum(result.new for result in results),
        "waiting": [f.url for f in feeds if f.retired_on is None and f not in due],
        "retired": [f.url for f in feeds if f.retired_on is not None],
    }
    return StepReport("pull", len(due), len(due) - failed, failed, time.monotonic() - started, details)


def _followed(database: Database, newsletter: Newsletter) -> list[Feed]:
    """Update the table from newsletter.toml and return every followed feed."""
    written = [Feed(f.url, f.title, f.fulltext, f.verify_tls) for f in newsletter.feeds]
    with database.writing() as connection:
        sync_file(connection, written)
        return all_feeds(connection)


class _LocalPull:
    """One pull on this machine: the client, the parser processes, the writer, and the queue between them."""

    def __init__(self, database: Database, newsletter: Newsletter, as_of: AsOf, progress: Progress | None) -> None:
        self.database, self.newsletter, self.as_of, self.progress = database, newsletter, as_of, progress
        self.queue: asyncio.Queue[FeedResult] = asyncio.Queue()
        self.in_flight = asyncio.Semaphore(MAX_IN_FLIGHT)

    async def run(self, feeds: Sequence[Feed]) -> list[FeedResult]:
        try:
            workers = Workers(min(N_WORKERS, len(feeds)))
            async with guarded_client(self.newsletter) as client, workers, asyncio.TaskGroup() as group:
                writer = group.create_task(self._store_all(feeds))
                for feed in feeds:
                    group.create_task(self._read(feed, client, workers))
        except ExceptionGroup as several:
            raise several.exceptions[0] from several  # a store that cannot be written is one error
        return writer.result()

    async def _read(self, feed: Feed, client: Client, workers: Workers) -> None:
        async with self.in_flight:
            self.queue.put_nowait(await read_feed(feed, client, workers, self.as_of.time))

    async def _store_all(self, feeds: Sequence[Feed]) -> list[FeedResult]:
        """Store results in the order of the feeds, whichever came first.

        Of two feeds that carry one story the same one gives it its title in every run.
        """
        ready: dict[str, FeedResult] = {}
        stored: list[FeedResult] = []
        while len(stored) < len(feeds):
            if feeds[len(stored)].url not in ready:
                await self._gather(ready, len(feeds) - len(stored))
            if batch := _take_in_order(ready, feeds[len(stored) :]):
                stored += await asyncio.to_thread(store_results, self.database, batch, self.as_of)
                if self.progress:
                    self.progress(len(stored), len(feeds))
        return stored

    async def _gather(self, ready: dict[str, FeedResult], outstanding: int) -> None:
        """Collect results for BATCH_WAIT_S after the first, or until all have come."""
        until = None
        with suppress(TimeoutError):
            while len(ready) < outstanding:
                async with asyncio.timeout_at(until):
                    result = await self.queue.get()
                ready[result.feed.url] = result
                until = until or asyncio.get_running_loop().time() + BATCH_WAIT_S


def _take_in_order(ready: dict[str, FeedResult], feeds: Sequence[Feed]) -> list[FeedResult]:
    """Remove and return the results of the first feeds, up to the first that is not ready."""
    batch: list[FeedResult] = []
    for feed in feeds[:BATCH]:
        if feed.url not in ready:
            break
        batch.append(ready.pop(feed.url))
    return batch


async def read_feed(feed: Feed, client: Client, workers: Workers, seen_at: datetime) -> FeedResult:
    """Fetch and parse one feed; failures are in `FeedResult.error`. Touches no database."""
    fetched = await client.get(feed.url, etag=feed.etag, last_modified=feed.last_modified, verify_tls=feed.verify_tls)
    return await _parsed(feed, fetched, workers, seen_at)


async def _parsed(feed: Feed, fetched: Fetched, workers: Workers, seen_at: datetime) -> FeedResult:
    if fetched.error is not None or fetched.status == 304:
        return FeedResult(feed, fetched, error=fetched.error, seconds=fetched.seconds)
    try:
        parsed: ParsedFeed = await workers.call(
            parse_feed, fetched.body, fetched.final_url, fetched.content_type, seen_at, feed.url
        )
    except UnreadableInputError as error:
        return FeedResult(feed, replace(fetched, body=b""), error=str(error), seconds=fetched.seconds)
    return FeedResult(
        feed,
        replace(fetched, body=b""),
        parsed.articles,
        parsed.title,
        parsed.problem,
        parsed.malformed,
        seconds=fetched.seconds + parsed.seconds,
    )


def store_results(database: Database, batch: Sequence[FeedResult], as_of: AsOf) -> list[FeedResult]:
    """Store the entries and the state of some feeds in one transaction.

    In the order given: the first of several feeds that carry a story names it, wherever a batch ends.
    """
    with database.writing() as connection:
        articles = [(result.feed.url, article) for result in batch for article in result.articles]
        new = insert_articles(connection, [article for _, article in articles])
        news = Counter(articles[position][0] for position in new)  # an article of two feeds counts for the first
        counted = [replace(result, new=news[result.feed.url]) for result in batch]
        known = [_updated_feed(result, as_of) for result in counted]
        save_feeds(connection, known)
        for feed in filter(health.has_moved, known):
            move_feed(connection, feed, feed.moved_to or feed.url)
    return counted


def _updated_feed(result: FeedResult, as_of: AsOf) -> Feed:
    if result.error is not None:
        return health.after_failure(result.feed, result.fetched, result.error, as_of.run_date, as_of.time)
    return health.after_success(
        result.feed, result.fetched, as_of.run_date, title=result.title, brought_new=result.new > 0
    )


def _reason(result: FeedResult) -> str | None:
    """Return a stable code for the error: that of the fetch, or how its body was no feed."""
    if result.error is None or result.fetched.reason:
        return result.fetched.reason
    codes = {"is empty": "empty", "is a web page": "web_page", "is not a feed": "not_a_feed"}
    return next((code for start, code in codes.items() if result.error.startswith(start)), "unreadable")


def _clear_backoff(database: Database, results: Sequence[FeedResult]) -> None:
    """Make feeds due again after an outage: no server answered, so the network is down here and no feed is at fault."""
    urls = {result.feed.url for result in results}
    with database.writing() as connection:
        save_feeds(connection, [replace(f, retry_at=None) for f in all_feeds(connection) if f.url in urls])


def _as_json(result: FeedResult) -> dict[str, Any]:
    return {
        "url": result.feed.url,
        "status": result.fetched.status,
        "entries": len(result.articles),
        "new": result.new,
        "seconds": round(result.seconds, 3),
        "error": result.error,
        "reason": _reason(result),
        "malformed": result.malformed,
        "moved_to": result.fetched.moved_to,
    }
