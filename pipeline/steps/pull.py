"""The step `pull`: fetch every due feed, parse it, store each article once. Writes feeds, articles, article_feeds.

Feeds are read in batches of whole hosts. What is read is stored while the next feeds are read, the entries and the
validators (ETag, Last-Modified) of a feed in one transaction, so that a killed run loses no entry.
"""

import asyncio
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Newsletter
from pipeline.core.types import Feed, Progress, StepReport
from pipeline.feeds import health
from pipeline.feeds.reader import FeedReader, FeedResult, in_reading_order, split_by_host
from pipeline.store.articles import insert_articles
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, hide_addresses, move_feed, save_feeds, sync_file
from pipeline.store.url_keys import refresh_url_keys

BATCH = 100  # feeds a transaction, at most
BATCHES_AT_ONCE = 16

RemoteReader = Callable[[Sequence[Feed]], Iterable[Sequence[FeedResult]]]


class Pull:
    """One pull: the feeds that are due, in batches, and the writer that stores what they return.

    Parameters
    ----------
    database, newsletter, as_of
        The workspace's. Articles are first seen at `as_of.time`; failures and redirects count once per night.

    Attributes
    ----------
    batches : list of list of Feed
        The feeds that are due. All feeds of a host are in one batch.
    results : dict of str to FeedResult
        What was stored, by the feed's address.
    """

    def __init__(self, database: Database, newsletter: Newsletter, as_of: AsOf) -> None:
        self.database, self.newsletter, self.as_of = database, newsletter, as_of
        self.feeds = _followed(database, newsletter)
        self._due = in_reading_order([feed for feed in self.feeds if health.is_due(feed, as_of.time)])
        self.batches = split_by_host(self._due)
        self.results: dict[str, FeedResult] = {}
        self._started, self._lock = time.monotonic(), threading.Lock()
        self._ready: dict[str, FeedResult] = {}
        self._stored = 0  # of the feeds that are due, in order

    @property
    def n_due(self) -> int:
        """Number of feeds that are due."""
        return len(self._due)

    def store(self, results: Iterable[FeedResult]) -> None:
        """Store results in the order of the feeds, whichever came first; those of a retry at once.

        So of two feeds that carry one story the same one gives it its title in every run.
        """
        with self._lock:
            for result in results:
                self._ready[result.feed.url] = result
            again = [result for url, result in self._ready.items() if url in self.results]
            for batch in (*_chunks(again), *_chunks(self._in_order())):
                self.results |= {r.feed.url: r for r in store_results(self.database, batch, self.as_of)}
                for result in batch:
                    del self._ready[result.feed.url]

    def _in_order(self) -> list[FeedResult]:
        """Return the results of the first feeds not stored yet, up to the first that is not ready."""
        results = []
        while self._stored < len(self._due) and (result := self._ready.get(self._due[self._stored].url)):
            results.append(result)
            self._stored += 1
        return results

    def report(self) -> StepReport:
        """Return the step's report. After an outage, make its feeds due again.

        seen: feeds fetched; done: feeds that answered; failed: those that did not.
        details: `triage pull --json`; outage: no server answered.
        """
        results = [self.results[feed.url] for feed in self._due]
        if is_outage := bool(results) and not any(result.answered for result in results):
            _clear_backoff(self.database, results)
        failed = sum(result.error is not None for result in results)
        waiting = {feed.url for feed in self.feeds if feed.retired_on is None} - set(self.results)
        details = {
            "outage": is_outage,
            "feeds": [_as_json(result) for result in sorted(results, key=lambda result: result.feed.url)],
            "articles": sum(result.new for result in results),
            "waiting": sorted(waiting),
            "retired": [feed.url for feed in self.feeds if feed.retired_on is not None],
        }
        seconds = time.monotonic() - self._started
        return StepReport("pull", len(results), len(results) - failed, failed, seconds, details)


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
        As for `Pull`.
    progress : callable, optional
        Called with (feeds done, feeds in total).
    remote_reader : callable, optional
        Fetches and parses the given feeds on other machines and yields batches of results, which are stored here.

    Returns
    -------
    StepReport
        As `Pull.report` describes it.
    """
    pull = Pull(database, newsletter, as_of)
    if remote_reader:
        for results in remote_reader([feed for batch in pull.batches for feed in batch]):
            pull.store(results)
    elif pull.batches:
        asyncio.run(_read_here(pull, progress))
    return pull.report()


async def _read_here(pull: Pull, progress: Progress | None) -> None:
    """Read the batches on this machine, some at once, and store what is read."""
    slots = asyncio.Semaphore(BATCHES_AT_ONCE)

    def store(results: Sequence[FeedResult]) -> None:
        pull.store(results)
        if progress:
            progress(len(pull.results), pull.n_due)

    async def read(batch: Sequence[Feed], reader: FeedReader) -> None:
        async with slots:
            await reader.read(batch, store)

    try:
        async with FeedReader(pull.newsletter, pull.as_of.time) as reader, asyncio.TaskGroup() as group:
            for batch in pull.batches:
                group.create_task(read(batch, reader))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several  # a store that cannot be written is one error


def _followed(database: Database, newsletter: Newsletter) -> list[Feed]:
    """Update the table from newsletter.toml and return every followed feed."""
    access = {f.url: f for f in newsletter.feeds}
    with database.writing() as connection:
        hide_addresses(connection)
        refresh_url_keys(connection)
        sync_file(connection, newsletter.feeds)
        feeds = all_feeds(connection)
    return [_with_access(feed, access.get(feed.moved_from or "") or access.get(feed.url)) for feed in feeds]


def _with_access(feed: Feed, entry: FeedEntry | None) -> Feed:
    """Add the secrets of a feed in newsletter.toml, which are not stored."""
    if entry is None:
        return feed
    address = feed.address or (entry.address if feed.url == entry.url else None)
    return replace(feed, address=address, headers=entry.headers)


def _chunks(results: Sequence[FeedResult]) -> Iterator[Sequence[FeedResult]]:
    for start in range(0, len(results), BATCH):
        yield results[start : start + BATCH]


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
    return [replace(result, articles=(), entries=len(result.articles)) for result in counted]


def _updated_feed(result: FeedResult, as_of: AsOf) -> Feed:
    if result.error is not None:
        return health.after_failure(result.feed, result.fetched, result.error, as_of.run_date, as_of.time)
    return health.after_success(
        result.feed, result.fetched, as_of.run_date, title=result.title, brought_new=result.new > 0
    )


def _clear_backoff(database: Database, results: Sequence[FeedResult]) -> None:
    """Make feeds due again after an outage: no server answered, so the network is down here and no feed is at fault."""
    urls = {result.feed.url for result in results}
    with database.writing() as connection:
        save_feeds(connection, [replace(f, retry_at=None) for f in all_feeds(connection) if f.url in urls])


def _as_json(result: FeedResult) -> dict[str, Any]:
    return {
        "url": result.feed.url,
        "status": result.fetched.status,
        "entries": result.entries,
        "new": result.new,
        "seconds": round(result.seconds, 3),
        "error": result.error,
        "reason": result.reason,
        "malformed": result.malformed,
        "left_out": result.left_out,
        "moved_to": result.fetched.moved_to,
    }
