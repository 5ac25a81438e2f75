"""Feeds are read in batches of whole hosts, whose order depends on nothing but the addresses."""

import pytest

from pipeline.core.types import Feed
from pipeline.feeds.reader import in_reading_order, split_by_host


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
