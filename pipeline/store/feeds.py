"""Table `feeds`: what the workspace follows, and the state of each feed."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from operator import attrgetter
from typing import Any

import pyarrow as pa

from pipeline.core.config import FeedEntry
from pipeline.core.secret_urls import hide_in_text, is_hidden, split_address
from pipeline.core.types import Feed
from pipeline.store.database import Connection, incoming

NAMES = [f.name for f in fields(Feed) if f.name != "headers"]
COLUMNS = ", ".join(NAMES)

HEALTH = """
WITH carried AS (
    SELECT s.feed_url, count(*) AS articles,
           count(*) FILTER (coalesce(a.published_at, a.first_seen_at) > $run_date::DATE - INTERVAL 28 DAY) AS recent,
           count(*) FILTER (a.url_key IN (SELECT url_key FROM picks)) AS picked
    FROM article_feeds s JOIN articles a ON a.id = s.article_id GROUP BY s.feed_url
), sites AS (
    SELECT feed_url, arg_max(source, n) AS site, max(n) AS n FROM (
        SELECT s.feed_url, a.source, count(*) AS n FROM article_feeds s JOIN articles a ON a.id = s.article_id
        GROUP BY ALL
    ) GROUP BY feed_url
), shared AS (
    SELECT s.feed_url, t.feed_url AS twin, count(*) AS shares
    FROM article_feeds s JOIN article_feeds t ON t.article_id = s.article_id AND t.feed_url <> s.feed_url GROUP BY ALL
), twins AS (
    SELECT feed_url, arg_max(twin, shares) AS twin FROM shared JOIN carried USING (feed_url)
    WHERE shares > articles / 2 GROUP BY feed_url
)
SELECT f.url, f.title, f.in_file, f.last_success_on, f.last_new_on, f.failures, f.last_error, f.retry_at, f.moved_to,
       f.retired_on, coalesce(c.articles, 0) AS articles, round(coalesce(c.recent, 0) / 4, 1) AS entries_per_week,
       coalesce(c.picked, 0) AS picked, round(100 * c.picked / c.articles, 1) AS picks_per_100, t.twin,
       CASE WHEN s.n > c.articles / 2 THEN s.site END AS site
FROM feeds f LEFT JOIN carried c ON c.feed_url = f.url LEFT JOIN twins t ON t.feed_url = f.url
LEFT JOIN sites s ON s.feed_url = f.url ORDER BY f.url
"""


def all_feeds(connection: Connection) -> list[Feed]:
    """Return every feed that is followed, ordered by address."""
    return [Feed(*row) for row in connection.execute(f"SELECT {COLUMNS} FROM feeds ORDER BY url").fetchall()]  # noqa: S608


def save_feeds(connection: Connection, feeds: Sequence[Feed]) -> None:
    """Insert or replace the state of feeds."""
    if not feeds:
        return
    updates = ", ".join(f"{name} = excluded.{name}" for name in NAMES if name != "url")
    with incoming(connection, _as_table(feeds)):
        connection.execute(
            f"INSERT INTO feeds ({COLUMNS}) SELECT {COLUMNS} FROM incoming "  # noqa: S608 (constants)
            f"ON CONFLICT DO UPDATE SET {updates}"
        )


def follow(connection: Connection, feeds: Iterable[Feed]) -> list[str]:
    """Follow feeds. Returns the addresses that were not followed before; the others stay as they are."""
    known = {address for feed in all_feeds(connection) for address in (feed.url, feed.moved_from)}
    new = {feed.url: feed for feed in feeds if feed.url not in known}
    save_feeds(connection, list(new.values()))
    return list(new)


def hide_addresses(connection: Connection) -> None:
    """Replace addresses that were stored with their secret, by an earlier version, by their public ones."""
    for feed in all_feeds(connection):
        url, address = split_address(feed.url if is_hidden(feed.url) else feed.address or feed.url)
        if url in ("", feed.url):
            continue
        moved_from = feed.moved_from and split_address(feed.moved_from)[0]
        error = feed.last_error and hide_in_text(feed.last_error)
        _rename(connection, feed.url, replace(feed, url=url, address=address, moved_from=moved_from, last_error=error))


def unfollow(connection: Connection, url: str) -> Feed | None:
    """Delete a feed; its articles stay. Returns it as it was, None if it was not followed."""
    deleted = connection.execute(f"DELETE FROM feeds WHERE url = ? RETURNING {COLUMNS}", [url]).fetchone()  # noqa: S608
    return Feed(*deleted) if deleted else None


def ask_again(connection: Connection, url: str) -> bool:
    """Let the next pull ask a feed that waits after failures, or that was retired. Returns whether it is followed."""
    query = "UPDATE feeds SET retry_at = NULL, failures = 0, last_error = NULL, retired_on = NULL WHERE url = ?"
    return bool(connection.execute(f"{query} RETURNING url", [url]).fetchall())


def as_followed(feeds: Sequence[Feed], entries: Sequence[FeedEntry]) -> list[Feed]:
    """Return the stored feeds as newsletter.toml has them now: those new in it added, those gone from it left out.

    Feeds that were added or imported by hand stay. The state of a feed is kept. Ordered by address.
    """
    kept = {address: feed for feed in feeds for address in (feed.url, feed.moved_from) if address}
    written = [_as_written(entry, kept.get(entry.url)) for entry in entries]
    by_hand = {feed.url: feed for feed in feeds if not feed.in_file}
    return sorted({**by_hand, **{feed.url: feed for feed in written}}.values(), key=attrgetter("url"))


def sync_file(connection: Connection, entries: Sequence[FeedEntry]) -> None:
    """Update the table from newsletter.toml, as `as_followed` returns it; writes nothing where that is stored."""
    stored = {feed.url: feed for feed in all_feeds(connection)}
    feeds = as_followed([*stored.values()], entries)
    save_feeds(connection, [feed for feed in feeds if feed != stored.get(feed.url)])
    gone = sorted(stored.keys() - {feed.url for feed in feeds})
    if gone:
        connection.execute("DELETE FROM feeds WHERE url IN (SELECT unnest(?::VARCHAR[]))", [gone])


def move_feed(connection: Connection, feed: Feed, url: str) -> None:
    """Change a feed's address, its articles included. If the new one is followed already, retire the old feed."""
    if connection.execute("SELECT 1 FROM feeds WHERE url = ?", [url]).fetchall():
        why = f"moved to {url}, which is followed already"
        save_feeds(connection, [replace(feed, retired_on=feed.moved_on, last_error=why)])
        return
    moved = replace(feed, url=url, moved_to=None, moved_seen=0, moved_on=None, moved_from=feed.moved_from or feed.url)
    _rename(connection, feed.url, moved)


def _rename(connection: Connection, old: str, feed: Feed) -> None:
    connection.execute("DELETE FROM feeds WHERE url = ?", [old])
    save_feeds(connection, [feed])
    connection.execute(
        "INSERT INTO article_feeds SELECT * REPLACE (? AS feed_url) FROM article_feeds WHERE feed_url = ? "
        "ON CONFLICT DO NOTHING",
        [feed.url, old],
    )
    connection.execute("DELETE FROM article_feeds WHERE feed_url = ?", [old])


def feed_health(connection: Connection, run_date: date) -> list[dict[str, Any]]:
    """Return for each feed its state, entries a week (of the last four), and picks per 100 articles.

    `picked` counts the feed's articles that an issue ran; `twin` is a feed that carries most of the same articles;
    `site` is the source of more than half of its articles, None where there is none, as for a planet.
    """
    cursor = connection.execute(HEALTH, {"run_date": run_date})
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _as_written(entry: FeedEntry, known: Feed | None) -> Feed:
    if known is None:
        return Feed(entry.url, entry.title, entry.fulltext, entry.verify_tls, in_file=True)
    return replace(
        known,
        title=entry.title or known.title,
        fulltext=entry.fulltext,
        verify_tls=entry.verify_tls,
        in_file=True,
    )


def _as_table(feeds: Sequence[Feed]) -> pa.Table:
    schema = pa.schema([(name, _kind(name)) for name in NAMES])
    # the secret of a feed in newsletter.toml stays in that file
    feeds = [replace(feed, address=None) if feed.in_file else feed for feed in feeds]
    return pa.table({name: [getattr(feed, name) for feed in feeds] for name in NAMES}, schema=schema)


def _kind(name: str) -> pa.DataType:
    if name in ("failures", "moved_seen"):
        return pa.int32()
    if name in ("verify_tls", "in_file"):
        return pa.bool_()
    if name == "retry_at":
        return pa.timestamp("us", tz="UTC")
    return pa.date32() if name.endswith("_on") else pa.string()
