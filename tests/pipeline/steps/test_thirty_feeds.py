"""Real feeds over three nights that change them: no article is renamed, lost or stored twice."""

import gzip
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from loopback import Answer, Loopback

from helpers import NOW, SHARED, needs_shared
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Newsletter
from pipeline.core.types import Section
from pipeline.core.urls import url_key
from pipeline.feeds.parse import parse_feed
from pipeline.steps.pull import pull_feeds
from pipeline.store.database import Database

ENTRY = re.compile(rb"<(item|entry)[ >].*?</\1>\s*", re.S)
GUID = re.compile(rb"(<(?:guid|id)\b[^>]*>)([^<]+)(?=<)")
N_FEEDS, N_ENTRIES = 30, 40


@pytest.fixture(scope="module")
def feeds() -> dict[str, tuple[bytes, list[bytes], bytes]]:
    """Heads, entries and ends of thirty feeds, by path."""
    bodies = [gzip.decompress(file.read_bytes()) for file in sorted((SHARED / "feeds").glob("*.gz"))]
    found = [(body, list(ENTRY.finditer(body))) for body in bodies]
    parts = [
        (body[: entries[0].start()], [entry[0] for entry in entries[:N_ENTRIES]], body[entries[-1].end() :])
        for body, entries in found
        if len(entries) >= 8
    ]
    return {f"/{n}": part for n, part in enumerate(parts[:N_FEEDS])}


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A server without a feed yet."""
    with Loopback() as server:
        yield server


def write(part: tuple[bytes, list[bytes], bytes], entries: list[bytes]) -> bytes:
    """Write a feed with other entries."""
    return part[0] + b"".join(entries) + part[2]


def new_guids(body: bytes) -> bytes:
    """Give every entry another id."""
    return GUID.sub(rb"\1\2-new", body)


def new_host(body: bytes, host: str) -> bytes:
    """Move the site, with its ids, to another host."""
    return re.sub(rb"//%s(?![\w.-])" % re.escape(host).encode(), b"//moved.example", body)


@needs_shared
def test_no_article_is_renamed_lost_or_doubled(
    web: Loopback, database: Database, feeds: dict[str, tuple[bytes, list[bytes], bytes]]
) -> None:
    """The newest three entries come on the second night, in another order; on the third ids or hosts are new."""
    letter = Newsletter(
        "L", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=tuple(FeedEntry(web.url(path)) for path in feeds)
    )
    shuffled = {path: random.Random(path).sample(part[1], len(part[1])) for path, part in feeds.items()}
    nights = [
        {path: write(part, part[1][3:]) for path, part in feeds.items()},
        {path: write(part, shuffled[path]) for path, part in feeds.items()},
    ]
    counts: list[Counter[str]] = []
    titles: dict[str, str] = {}
    for night in range(3):
        if night == 2:
            hosts = main_hosts(database)
            nights.append(
                {
                    path: new_guids(body) if n % 2 else new_host(body, hosts[web.url(path)])
                    for n, (path, body) in enumerate(nights[1].items())
                }
            )
        web.answers = {path: Answer(body) for path, body in nights[night].items()}
        report = pull_feeds(database, letter, AsOf.now(NOW + timedelta(days=night)))
        assert report.failed == 0
        with database.reading() as connection:
            rows = dict(connection.execute("SELECT id, title FROM articles").fetchall())
            carried = connection.execute("SELECT feed_url, count(*) FROM article_feeds GROUP BY feed_url").fetchall()
        assert {id: rows[id] for id in titles} == titles, "an article was renamed"
        titles = rows
        counts.append(Counter(dict(carried)))
    assert all(1 <= (counts[1] - counts[0])[web.url(path)] <= 3 for path in feeds)
    assert counts[2] == counts[1]
    assert counts[1] == Counter(read_alone(web, nights[1]))


def main_hosts(database: Database) -> dict[str, str]:
    """Return the host of most of a feed's articles, as it is written."""
    with database.reading() as connection:
        rows = connection.execute(
            "SELECT feed_url, mode(regexp_extract(url, '//([^/]+)', 1)) FROM articles "
            "JOIN article_feeds ON id = article_id GROUP BY feed_url"
        ).fetchall()
    return dict(rows)


def read_alone(web: Loopback, bodies: dict[str, bytes]) -> dict[str, int]:
    """Return how many stories each feed holds, read by itself."""
    parsed = {web.url(path): parse_feed(body, web.url(path), "", NOW) for path, body in bodies.items()}
    return {url: len({url_key(article.url) for article in feed.articles}) for url, feed in parsed.items()}
