"""Feeds are read in batches of whole hosts, whose order depends on nothing but the addresses."""

import asyncio
import threading

import pytest
from loopback import Loopback

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.types import Feed, Section
from pipeline.feeds import reader
from pipeline.feeds.reader import FeedReader, in_reading_order, split_by_host


@pytest.mark.parametrize("size", [1, 10, 40, None])
def test_work_is_split_by_host(size):
    """All feeds of a host are in one batch, every feed is in just one, and the batches follow the reading order."""
    feeds = in_reading_order([Feed(f"https://h{n % 7}.example/{n}") for n in range(100)])
    batches = split_by_host(feeds, size)
    hosts = [{feed.url.split("/")[2] for feed in batch} for batch in batches]
    assert sum(map(len, hosts)) == len(set.union(*hosts)) == 7
    assert [feed for batch in batches for feed in batch] == feeds


def test_order_of_two_feeds_does_not_depend_on_the_others():
    """A feed that is not due tonight does not change which of two others names their story."""
    feeds = [Feed(f"https://h{n % 7}.example/{n}") for n in range(100)]
    ordered = in_reading_order(feeds)
    assert in_reading_order(feeds[::-3]) == [feed for feed in ordered if feed in feeds[::-3]]


@pytest.mark.parametrize(("n", "batches"), [(0, 0), (40, 1), (500, 8), (20_000, 100)])
def test_thousands_of_feeds_are_larger_batches(n, batches):
    """A small newsletter is one batch; batches grow to two hundred feeds before there are more than 32."""
    feeds = [Feed(f"https://h{k}.example/") for k in range(n)]
    assert len(split_by_host(feeds)) == batches


def test_results_are_stored_while_the_next_feeds_are_read(monkeypatch):
    """The third feed answers only when the first two are stored."""
    monkeypatch.setattr(reader, "STORED_AT_ONCE", 2)
    is_stored, stored = threading.Event(), []

    async def answer_late(writer: asyncio.StreamWriter) -> None:
        while not is_stored.is_set():
            await asyncio.sleep(0.01)
        writer.write(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")

    def store(results):
        stored.append([result.feed.url for result in results])
        is_stored.set()

    letter = Newsletter("Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1",))

    async def read(feeds):
        async with FeedReader(letter, AsOf.now().time) as feed_reader:
            return await feed_reader.read(feeds, store)

    with Loopback({"/3": answer_late}) as server:
        urls = [server.url(f"/{n}") for n in (1, 2, 3)]
        results = asyncio.run(read([Feed(url) for url in urls]))
    assert stored == [urls[:2], urls[2:]]
    assert [result.fetched.status for result in results] == [404, 404, 410]
