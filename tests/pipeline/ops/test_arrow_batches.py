"""What crosses processes as Arrow is what was read."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.types import Article, Feed, Fetched
from pipeline.feeds.reader import FeedResult
from pipeline.ops.arrow_batches import ResultBatch, pack_texts, pack_vectors, unpack_vectors

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
TIME = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
ARTICLES = st.builds(
    Article, id=TEXT, url=TEXT, title=TEXT, source=TEXT, first_seen_at=TIME, published_at=st.none() | TIME,
    author=st.none() | TEXT, summary=TEXT, text=TEXT, feed_url=st.none() | TEXT, guid=st.none() | TEXT,
    language=st.none() | TEXT, paywalled=st.none() | st.booleans(),
)  # fmt: skip
RESULTS = st.builds(
    FeedResult,
    feed=st.builds(Feed, url=TEXT),
    fetched=st.builds(Fetched, url=TEXT, final_url=TEXT, status=st.integers(0, 599)),
    articles=st.lists(ARTICLES, max_size=3).map(tuple),
    title=st.none() | TEXT,
    error=st.none() | TEXT,
)


@given(st.lists(RESULTS, max_size=4))
def test_results_come_back_as_they_were(results):
    """Every field of every article, feeds without any among them."""
    packed = ResultBatch.pack(results)
    assert packed.articles.num_rows == sum(len(result.articles) for result in results)
    assert not any(result.articles for result in packed.results)
    assert packed.unpack() == results


def test_times_of_other_zones_come_back_in_utc():
    """A time is the same instant, as the store writes it."""
    at = datetime(2026, 4, 1, 8, tzinfo=timezone(timedelta(hours=2)))
    result = FeedResult(Feed("u"), Fetched("u", "u", 200), (Article("i", "u", "T", "s", at),))
    (found,) = ResultBatch.pack([result]).unpack()
    assert found.articles[0].first_seen_at.isoformat() == "2026-04-01T06:00:00+00:00"


def test_texts_and_vectors_come_back_as_they_were():
    """None is added, none is rounded; none at all is none."""
    assert pack_texts(["a", "", "科学"]).to_pylist() == ["a", "", "科学"]
    for n in (3, 0):
        vectors = np.random.default_rng(0).standard_normal((n, 4), dtype=np.float32)
        found = unpack_vectors(pack_vectors(vectors))
        assert found.dtype == np.float32
        assert np.array_equal(found, vectors)
