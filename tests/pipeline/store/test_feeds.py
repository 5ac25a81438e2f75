"""What is counted of a feed's articles, and what becomes of them when its address changes or it is removed."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from helpers import NOW
from pipeline.core.config import FeedEntry
from pipeline.core.types import Article, Feed, Issue, Pick
from pipeline.core.urls import article_id
from pipeline.store.articles import add_articles
from pipeline.store.database import Connection, Database
from pipeline.store.feeds import (
    all_feeds,
    ask_again,
    feed_health,
    follow,
    move_feed,
    save_feeds,
    sync_file,
    unfollow,
)
from pipeline.store.issues import add_issues

A, B, C, D = (f"https://{name}.example/feed" for name in "abcd")
DAY = timedelta(days=1)
TODAY = datetime(2026, 11, 20, tzinfo=UTC)


def articles(feed: str, numbers: Iterable[int], site: str = "a.example") -> list[Article]:
    """Articles of a feed, seen now, by number."""
    urls = {n: f"https://stories.example/{n}" for n in numbers}
    return [Article(article_id(url), url, f"Story {n}", site, NOW, feed_url=feed) for n, url in urls.items()]


def carried(connection: Connection) -> set[tuple[str, str]]:
    """(feed, last letters of the article's address) of all that is known."""
    rows = connection.execute(
        "SELECT s.feed_url, split_part(a.url, '/', 4) FROM article_feeds s JOIN articles a ON a.id = s.article_id"
    )
    return {(feed, number) for feed, number in rows.fetchall()}


def test_articles_of_a_feed_are_counted(database: Database) -> None:
    """Twin and site need more than half of the feed's articles, and the most; one that is picked twice counts once."""
    with database.writing() as connection:
        save_feeds(connection, [Feed(D), Feed(C), Feed(B), Feed(A)])
        add_articles(connection, [*articles(A, range(5)), *articles(A, range(5, 8), "b.example")])
        add_articles(connection, [*articles(B, range(5)), *articles(B, range(20, 25), "b.example")])
        add_articles(connection, articles(D, range(6)))
        twice = [Pick("S", f"Story {n}", f"https://stories.example/{n}", n + 1, n + 1) for n in range(3)]
        add_issues(connection, [Issue(n, date(2026, 11, n), picks=tuple(twice)) for n in (6, 13)])
        a, b, c, d = feed_health(connection, NOW.date())
    names = ("url", "articles", "picked", "picks_per_100", "twin", "site")
    assert [a[name] for name in names] == [A, 8, 3, 37.5, D, "a.example"]
    assert [b[name] for name in names] == [B, 10, 3, 30.0, None, None]
    assert [c[name] for name in names] == [C, 0, 0, None, None, None]
    assert d["twin"] == A
    assert c["entries_per_week"] == 0


def test_entries_of_four_weeks_are_counted(database: Database) -> None:
    """By the day an article says, else by the day it was seen; what is 28 days old belongs to the weeks before."""
    four_weeks = TODAY - 28 * DAY
    published = [None, TODAY, four_weeks + DAY / 24, four_weeks, NOW - 400 * DAY]
    with database.writing() as connection:
        save_feeds(connection, [Feed(A)])
        urls = [f"https://stories.example/{n}" for n in range(6)]
        found = [
            Article(article_id(url), url, url, "a.example", NOW, published_at=at, feed_url=A)
            for url, at in zip(urls, published, strict=False)
        ]
        late = Article(article_id(urls[5]), urls[5], "Old", "a.example", NOW - 60 * DAY, feed_url=A)
        add_articles(connection, [*found, late])
        (row,) = feed_health(connection, NOW.date())
    assert (row["articles"], row["entries_per_week"]) == (6, 0.8)  # three of them


def test_articles_move_with_their_feed(database: Database) -> None:
    """One that the new address gave before, while it was followed, stays known once."""
    with database.writing() as connection:
        save_feeds(connection, [Feed(A, title="Mine", moved_to=B, moved_seen=3, moved_on=NOW.date()), Feed(C)])
        add_articles(connection, [*articles(A, (1, 2)), *articles(B, (2, 3)), *articles(C, (4,))])
        move_feed(connection, all_feeds(connection)[0], B)
        feeds = all_feeds(connection)
        assert carried(connection) == {(B, "1"), (B, "2"), (B, "3"), (C, "4")}
    assert feeds == [Feed(B, title="Mine", moved_from=A), Feed(C)]


def test_a_feed_that_moves_to_a_followed_one_is_retired(database: Database) -> None:
    """Both stay with what they carried, and the reason names the other."""
    with database.writing() as connection:
        save_feeds(connection, [Feed(A, moved_to=B, moved_on=NOW.date()), Feed(B, title="Ours")])
        add_articles(connection, articles(A, (1,)))
        move_feed(connection, all_feeds(connection)[0], B)
        a, b = all_feeds(connection)
        assert carried(connection) == {(A, "1")}
    assert (a.retired_on, b) == (NOW.date(), Feed(B, title="Ours"))
    assert a.last_error
    assert B in a.last_error


def test_a_moved_feed_is_followed_under_both_addresses(database: Database) -> None:
    """Nothing is followed twice, and what is known of a feed stays."""
    with database.writing() as connection:
        save_feeds(connection, [Feed(B, title="Mine", moved_from=A)])
        assert follow(connection, [Feed(A), Feed(B), Feed(C), Feed(C)]) == [C]
        assert all_feeds(connection) == [Feed(B, title="Mine", moved_from=A), Feed(C)]


def test_only_the_feed_that_is_meant_changes(database: Database) -> None:
    """Asking again, removing, and leaving newsletter.toml touch no other feed and no article."""
    failing = {"failures": 3, "last_error": "HTTP 500", "retry_at": NOW, "retired_on": NOW.date()}
    with database.writing() as connection:
        save_feeds(connection, [Feed(url, title="T", **failing) for url in (A, B)])  # type: ignore[arg-type]
        add_articles(connection, articles(A, (1,)))
        assert ask_again(connection, A)
        assert not ask_again(connection, C)
        assert all_feeds(connection) == [Feed(A, title="T"), Feed(B, title="T", **failing)]  # type: ignore[arg-type]
        assert unfollow(connection, A) == Feed(A, title="T")
        assert unfollow(connection, A) is None
        assert carried(connection) == {(A, "1")}
        sync_file(connection, [FeedEntry(B), FeedEntry(C)])
        sync_file(connection, [FeedEntry(C)])  # B stands in the file no longer
        assert [(feed.url, feed.in_file) for feed in all_feeds(connection)] == [(C, True)]
