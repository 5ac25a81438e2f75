"""What many nights make of a feed: moved, gone, asked to wait, failing, and back again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits, Newsletter
from pipeline.core.types import Feed, Section, StepReport
from pipeline.steps.pull import pull_feeds
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, feed_health, follow

LIMITS = Limits(connections_per_host=16, timeout_seconds=30)


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A loopback server with one healthy feed of two entries."""
    with Loopback({"/feed": Answer(rss(item(1), item(2)))}) as server:
        yield server


def letter(web: Loopback, *paths: str) -> Newsletter:
    """Write a newsletter that follows the server's paths."""
    feeds = tuple(FeedEntry(web.url(path)) for path in paths)
    return Newsletter("Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1",), feeds=feeds, limits=LIMITS)


def pull(database: Database, newsletter: Newsletter, days: float = 0) -> StepReport:
    """Pull as if some days had passed."""
    return pull_feeds(database, newsletter, AsOf.now(NOW + timedelta(days=days)))


def feeds(database: Database) -> dict[str, Feed]:
    """Return what is known of the feeds, by path."""
    with database.reading() as connection:
        return {"/" + feed.url.split("/", 3)[3]: feed for feed in all_feeds(connection)}


def asked(web: Loopback, path: str) -> int:
    """Count how often a path was asked for."""
    return sum(request.path == path for request in web.asked)


def test_permanent_redirect_moves_a_feed_after_three_nights(web: Loopback, database: Database) -> None:
    """Twice in a night counts once; history goes along, and newsletter.toml may keep the old address."""
    web.answers["/old"] = Answer(status=301, headers={"Location": "/feed"})
    newsletter = letter(web, "/old")
    for days in (0, 0.1, 1):
        pull(database, newsletter, days)
    assert list(feeds(database)) == ["/old"]
    for days in (2, 3):
        pull(database, newsletter, days)
    assert list(feeds(database)) == ["/feed"]
    assert asked(web, "/old") == 4
    with database.reading() as connection:
        assert connection.execute("SELECT DISTINCT feed_url FROM article_feeds").fetchall() == [(web.url("/feed"),)]


def test_temporary_redirect_moves_nothing(web: Loopback, database: Database) -> None:
    """302 is followed every night anew."""
    web.answers["/old"] = Answer(status=302, headers={"Location": "/feed"})
    for days in range(5):
        pull(database, letter(web, "/old"), days)
    assert list(feeds(database)) == ["/old"]


def test_feed_that_moves_onto_a_followed_one_is_retired(web: Loopback, database: Database) -> None:
    """The duplicate is reported, and not asked again."""
    web.answers["/old"] = Answer(status=308, headers={"Location": "/feed"})
    for days in range(4):
        pull(database, letter(web, "/old", "/feed"), days)
    known = feeds(database)
    assert known["/old"].last_error == f"moved to {web.url('/feed')}, which is followed already"
    assert (known["/old"].retired_on is not None, asked(web, "/old")) == (True, 3)
    assert known["/feed"].retired_on is None


def test_gone_feed_is_retired_and_its_history_kept(web: Loopback, database: Database) -> None:
    """410 is believed at once."""
    pull(database, letter(web, "/feed"))
    web.answers["/feed"] = Answer(status=410)
    pull(database, letter(web, "/feed"), 1)
    report = pull(database, letter(web, "/feed"), 2)
    assert (report.seen, report.details["retired"]) == (0, [web.url("/feed")])
    with database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM article_feeds").fetchall() == [(2,)]


@pytest.mark.parametrize("status", [429, 503])
def test_feed_that_asks_for_time_gets_it(web: Loopback, database: Database, status: int) -> None:
    """One request in the window, and the next after it."""
    web.answers["/feed"] = Answer(status=status, headers={"Retry-After": "7200"})
    newsletter = letter(web, "/feed")
    first = pull(database, newsletter)
    waiting = pull(database, newsletter, 1 / 24)
    assert (first.failed, waiting.seen, waiting.details["waiting"]) == (1, 0, [web.url("/feed")])
    pull(database, newsletter, 2.1 / 24)
    assert asked(web, "/feed") == 2


def test_failing_feed_is_never_given_up(web: Loopback, database: Database) -> None:
    """Refused for thirty nights it is asked every night, waits in between, and is back on the day it is."""
    newsletter, healthy = letter(web, "/feed"), web.answers["/feed"]
    web.answers["/feed"] = Answer(status=500)
    for night in range(30):
        assert pull(database, newsletter, night).seen == 1
    assert feeds(database)["/feed"].failures == 30
    assert pull(database, newsletter, 29.5).seen == 0
    web.answers["/feed"] = healthy
    assert pull(database, newsletter, 30).details["articles"] == 2
    assert feeds(database)["/feed"].failures == 0


def test_failure_counts_once_a_night(web: Loopback, database: Database) -> None:
    """However often it is asked in that night."""
    web.answers["/feed"] = Answer(status=404)
    for _ in range(3):
        pull(database, letter(web, "/feed"))
    assert feeds(database)["/feed"].failures == 1


def test_page_in_a_feeds_place_keeps_the_last_good_state(web: Loopback, database: Database) -> None:
    """No entry is written, nothing is forgotten, and validators of the page are not kept."""
    newsletter = letter(web, "/feed")
    pull(database, newsletter)
    web.answers["/feed"] = Answer("<!doctype html><title>Sorry</title><p>An <item> of trouble", etag='"page"')
    report = pull(database, newsletter, 1)
    assert (report.failed, report.details["articles"]) == (1, 0)
    assert (feeds(database)["/feed"].etag, feeds(database)["/feed"].last_success_on) == (None, NOW.date())


def test_feed_that_breaks_its_reader_is_a_counted_failure(
    web: Loopback, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that read it is replaced; the others go on."""
    monkeypatch.setattr("pipeline.feeds.reader.parse_feed", _parse_or_die)
    web.answers["/deadly"] = Answer(rss(item(9), title="die"))
    report = pull(database, letter(web, "/deadly", "/feed"))
    errors = {f["url"]: f["error"] for f in report.details["feeds"]}
    assert errors == {web.url("/deadly"): "kills its reader", web.url("/feed"): None}


def _parse_or_die(body: bytes, *rest: object) -> object:
    import os

    from pipeline.feeds.parse import parse_feed

    if b"die" in body:
        os._exit(9)
    return parse_feed(body, *rest)  # type: ignore[arg-type]


def test_care_tells_which_feeds_earn_their_place(web: Loopback, database: Database) -> None:
    """Entries a week, picks per 100 articles, and a twin that carries the same."""
    web.answers["/twin"] = web.answers["/feed"]
    pull(database, letter(web, "/feed", "/twin"))
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO picks (issue, position, entry, section_name, title, url_key, kind) "
            "VALUES (1, 1, 1, 'S', 'T', 'stories.example/1', 'title')"
        )
        care = {row["url"]: row for row in feed_health(connection, NOW.date())}
    row = care[web.url("/feed")]
    assert (row["articles"], row["entries_per_week"], row["picks_per_100"]) == (2, 0.5, 50.0)
    assert row["twin"] == web.url("/twin")


def test_feeds_followed_by_hand_stay(web: Loopback, database: Database) -> None:
    """The file rules only what stood in it, and says what it wants of a feed that was there."""
    with database.writing() as connection:
        follow(connection, [Feed(web.url("/feed"))])
    newsletter = letter(web)
    pull(database, newsletter)
    assert list(feeds(database)) == ["/feed"]
    pull(database, replace(newsletter, feeds=(FeedEntry(web.url("/feed"), "Mine", "short"),)))
    assert (feeds(database)["/feed"].title, feeds(database)["/feed"].fulltext) == ("Mine", "short")


def test_an_outage_makes_no_feed_wait(web: Loopback, database: Database) -> None:
    """On the second night without network a retry fetches every feed again, and the report says that all failed."""
    dead = Newsletter("Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1",), limits=LIMITS,
                      feeds=tuple(FeedEntry(f"http://127.0.0.1:9/{n}") for n in range(3)))  # fmt: skip
    pull(database, dead)
    for days in (1, 1.01, 1.02):
        report = pull(database, dead, days)
        assert (report.seen, report.failed, report.details["outage"]) == (3, 3, True)
    assert {feed.failures for feed in feeds(database).values()} == {2}


def test_a_dead_feed_beside_a_healthy_one_is_no_outage(web: Loopback, database: Database) -> None:
    """Where one server answers, a failing feed backs off from its second night on."""
    newsletter = letter(web, "/feed")
    newsletter = replace(newsletter, feeds=(*newsletter.feeds, FeedEntry("http://127.0.0.1:9/dead")))
    pull(database, newsletter)
    assert pull(database, newsletter, 1).details["outage"] is False
    assert pull(database, newsletter, 1.01).seen == 1
