"""A pull over real HTTP on loopback: entries are stored once, and one feed's trouble is its own."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits, Newsletter
from pipeline.core.types import Section, StepReport
from pipeline.core.urls import article_id
from pipeline.ops.distributed import read_batch
from pipeline.steps.pull import pull_feeds
from pipeline.store.database import Database

LIMITS = Limits(connections_per_host=16, timeout_seconds=30)


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A loopback server with one healthy feed of three entries."""
    with Loopback({"/feed": Answer(rss(item(1), item(2), item(3)), etag='"v1"')}) as server:
        yield server


def letter(web: Loopback, *paths: str) -> Newsletter:
    """Write a newsletter that follows the server's paths."""
    feeds = tuple(FeedEntry(web.url(path)) for path in paths)
    return Newsletter("Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=feeds, limits=LIMITS)


def pull(database: Database, newsletter: Newsletter, days: float = 0) -> StepReport:
    """Pull as if some days had passed."""
    return pull_feeds(database, newsletter, AsOf.now(NOW + timedelta(days=days)))


def checksum(database: Database) -> str:
    """Sum up all tables but `runs`."""
    with database.reading() as connection:
        names = sorted(n for (n,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall())
        rows = [connection.execute(f"SELECT * FROM {n} ORDER BY ALL").fetchall() for n in names if n != "runs"]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_entries_are_stored_and_the_second_night_asks_for_nothing_new(web: Loopback, database: Database) -> None:
    """Validators are kept: the second night moves no body."""
    first = pull(database, letter(web, "/feed"))
    moved = web.body_bytes
    second = pull(database, letter(web, "/feed"))
    assert first.details["feeds"][0] | {"seconds": 0} == {
        "url": web.url("/feed"), "status": 200, "entries": 3, "new": 3, "seconds": 0, "error": None, "reason": None,
        "malformed": None, "left_out": 0, "moved_to": None,
    }  # fmt: skip
    assert (second.details["feeds"][0]["status"], second.details["articles"]) == (304, 0)
    assert web.body_bytes == moved


def test_failing_feed_is_named_and_the_others_go_on(web: Loopback, database: Database) -> None:
    """A page, an error and silence beside a healthy feed."""
    web.answers["/page"] = Answer("<html><head><link rel=alternate type=application/rss+xml href=/feed></head></html>")
    report = pull(database, letter(web, "/page", "/missing", "/feed"))
    errors = {feed["url"]: feed["error"] for feed in report.details["feeds"]}
    assert (report.seen, report.done, report.failed, report.details["articles"]) == (3, 1, 2, 3)
    assert errors[web.url("/page")] == f"is a web page, not a feed; it names the feed {web.url('/feed')}"
    assert errors[web.url("/missing")] == "answers 404 Told"
    reasons = {feed["url"]: feed["reason"] for feed in report.details["feeds"]}
    assert (reasons[web.url("/page")], reasons[web.url("/missing")]) == ("web_page", "http_404")


def test_pulling_twice_leaves_the_same_tables(web: Loopback, database: Database) -> None:
    """No time of run stands in a table, and a failure counts once a night."""
    newsletter = letter(web, "/feed", "/missing")
    pull(database, newsletter)
    before = checksum(database)
    pull(database, newsletter, days=0.01)
    assert checksum(database) == before


def test_private_addresses_are_refused_unless_the_host_is_allowed(web: Loopback, database: Database) -> None:
    """The same feed, without allow_hosts."""
    report = pull(database, replace(letter(web, "/feed"), allow_hosts=()))
    assert "no public address" in report.details["feeds"][0]["error"]
    assert web.asked == []


def test_feeds_gone_from_the_file_are_no_longer_followed(web: Loopback, database: Database, tmp_path: Path) -> None:
    """The file decides; articles stay."""
    pull(database, letter(web, "/feed"))
    pull(database, letter(web))
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM feeds").fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) FROM articles").fetchall() == [(3,)]


@pytest.mark.parametrize("batch", [1, 3, 100])
@pytest.mark.parametrize("is_remote", [False, True])
def test_the_same_feed_names_a_story_wherever_a_batch_ends(
    database: Database, monkeypatch: pytest.MonkeyPatch, batch: int, is_remote: bool
) -> None:
    """Of nine feeds that carry one story under nine titles the first in the feeds' own order names it, however read."""
    monkeypatch.setattr("pipeline.steps.pull.BATCH", batch)
    result = {f"/{n}": Answer(rss(item(1, title=f"As feed {n} tells it"))) for n in range(9)}
    with Loopback(result) as server:
        newsletter, as_of = letter(server, *result), AsOf.now(NOW)
        remote_reader = lambda due: [read_batch([feed], newsletter, NOW) for feed in reversed(due)]  # noqa: E731
        pull_feeds(database, newsletter, as_of, remote_reader=remote_reader if is_remote else None)
        first = min(result, key=lambda path: article_id(server.url(path)))
    with database.reading() as connection:
        assert connection.execute("SELECT title FROM articles").fetchall() == [(f"As feed {first[1:]} tells it",)]
