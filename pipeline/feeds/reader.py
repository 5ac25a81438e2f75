"""Read feeds: fetch and parse them concurrently, batch by batch. Feeds in, results out; touches no database."""

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zlib import crc32

from pipeline.core.config import Newsletter
from pipeline.core.secret_urls import hide_in_text, is_hidden, secrets_of, secrets_of_header, without_secrets
from pipeline.core.types import Article, Feed, Fetched
from pipeline.core.urls import article_id, host_of
from pipeline.feeds.fetch import Client
from pipeline.feeds.http import guarded_client
from pipeline.feeds.parse import ParsedFeed, parse_feed
from pipeline.feeds.sandbox import UnreadableInputError, Workers

N_WORKERS = 2  # parser processes
MAX_IN_FLIGHT = 256  # feeds asked and not yet parsed; bounds memory
MAX_OF_A_BATCH = 64  # of them, so that one slow host cannot hold up all others
SMALL_BATCH, LARGE_BATCH = 64, 200  # feeds in a batch: of few feeds, and of thousands
STORED_AT_ONCE = 100  # feeds
BATCHES = 32  # from so many on, batches become larger instead of more


@dataclass(frozen=True, slots=True)
class FeedResult:
    """What one feed returned in this run."""

    feed: Feed
    fetched: Fetched
    articles: tuple[Article, ...] = ()
    title: str | None = None
    error: str | None = None
    malformed: str | None = None
    left_out: int = 0  # entries without title, text and address
    no_feed: str | None = None  # a stable code for how the body was no feed
    seconds: float = 0.0
    new: int = 0  # articles, once stored
    entries: int = 0  # once stored, when `articles` are dropped: they are most of a night's memory

    @property
    def answered(self) -> bool:
        """Whether a server answered, be it with an error."""
        return self.fetched.status > 0

    @property
    def reason(self) -> str | None:
        """A stable code for the error: that of the fetch, or how the body was no feed."""
        if self.error is None or self.fetched.reason:
            return self.fetched.reason
        return self.no_feed or "unreadable"


class FeedReader:
    """The HTTP client and the parser processes of one run, shared by its batches.

    Parameters
    ----------
    newsletter : Newsletter
        Its limits apply to the run as a whole.
    seen_at : datetime
        When its articles are first seen.
    n_workers : int
        Number of parser processes.
    """

    def __init__(self, newsletter: Newsletter, seen_at: datetime, n_workers: int = N_WORKERS) -> None:
        self.seen_at = seen_at
        self._client, self._workers = guarded_client(newsletter), Workers(n_workers)
        self._in_flight = asyncio.Semaphore(MAX_IN_FLIGHT)

    async def __aenter__(self) -> "FeedReader":
        await self._client.__aenter__()
        await self._workers.__aenter__()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self._workers.__aexit__()
        await self._client.__aexit__()

    async def read(
        self, feeds: Sequence[Feed], store: Callable[[Sequence[FeedResult]], None] | None = None
    ) -> list[FeedResult]:
        """Read a batch of feeds, in any order; return their results in the order given.

        `store` is called in a thread, with a hundred of them at most, while the next are read.
        """
        of_batch = asyncio.Semaphore(MAX_OF_A_BATCH)

        async def read_one(feed: Feed) -> FeedResult:
            async with of_batch, self._in_flight:
                return await read_feed(feed, self._client, self._workers, self.seen_at)

        reads = [asyncio.ensure_future(read_one(feed)) for feed in feeds]
        results: list[FeedResult] = []
        try:
            for start in range(0, len(reads), STORED_AT_ONCE):
                read = await asyncio.gather(*reads[start : start + STORED_AT_ONCE])
                if store:
                    await asyncio.to_thread(store, read)
                results += read
        finally:
            for each in reads:
                each.cancel()
        return results


async def read_feed(feed: Feed, client: Client, workers: Workers, seen_at: datetime) -> FeedResult:
    """Fetch and parse one feed; failures are in `FeedResult.error`."""
    if why := _lacks_secret(feed):
        return FeedResult(feed, Fetched(feed.url, feed.url, 0, error=why, reason="no_secret"), error=why)
    headers = {name: os.environ[variable] for name, variable in feed.headers}
    fetched = await client.get(
        feed.address or feed.url,
        etag=feed.etag,
        last_modified=feed.last_modified,
        verify_tls=feed.verify_tls,
        headers=headers,
    )
    secrets = secrets_of(feed.address, feed.url) + secrets_of(fetched.final_url)
    secrets += tuple(secret for value in headers.values() for secret in secrets_of_header(value))
    if fetched.error is not None or fetched.status == 304:
        error = fetched.error and hide_in_text(fetched.error, secrets)
        return FeedResult(feed, fetched, error=error, seconds=fetched.seconds)
    try:
        parsed: ParsedFeed = await workers.call(
            parse_feed,
            fetched.body,
            without_secrets(fetched.final_url, secrets),
            fetched.content_type,
            seen_at,
            feed.url,
            secrets,
        )
    except UnreadableInputError as error:
        why = hide_in_text(str(error), secrets)
        return FeedResult(feed, replace(fetched, body=b""), error=why, seconds=fetched.seconds)
    return FeedResult(
        feed,
        replace(fetched, body=b""),
        parsed.articles,
        parsed.title,
        parsed.problem,
        parsed.malformed,
        parsed.left_out,
        parsed.reason,
        seconds=fetched.seconds + parsed.seconds,
    )


def _lacks_secret(feed: Feed) -> str | None:
    """Say what a private feed needs and is not here."""
    for _, variable in feed.headers:
        if not os.environ.get(variable):
            return f"needs the environment variable {variable}, which is not set"
    if is_hidden(feed.url) and not feed.address:
        return "is known here without the secret of its address; add it again with its whole address"
    return None


def in_reading_order(feeds: Sequence[Feed]) -> list[Feed]:
    """Order feeds by hash of the host, then of the address: hosts are spread, and the order is the same every run."""
    return sorted(feeds, key=lambda feed: (crc32(host_of(feed.url).encode()), host_of(feed.url), article_id(feed.url)))


def split_by_host(feeds: Sequence[Feed], size: int | None = None) -> list[list[Feed]]:
    """Cut ordered feeds into batches of about `size`; all feeds of a host are in one, so that its rate limit holds.

    Parameters
    ----------
    feeds : sequence of Feed
        As `in_reading_order` returns them; the batches follow that order.
    size : int, optional
        Default: 64, and up to 200 where there are thousands of feeds.
    """
    wanted = size or min(max(SMALL_BATCH, len(feeds) // BATCHES), LARGE_BATCH)
    batches: list[list[Feed]] = []
    for of_host in _by_host(feeds):
        if not batches or len(batches[-1]) + len(of_host) > wanted:
            batches.append([])
        batches[-1] += of_host
    return batches


def _by_host(feeds: Sequence[Feed]) -> Iterator[list[Feed]]:
    for _, of_host in groupby(feeds, key=lambda feed: host_of(feed.url)):
        yield list(of_host)
