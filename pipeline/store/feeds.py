"""Table `feeds`: what the workspace follows, and what the nights learned of each feed."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace

import pyarrow as pa

from pipeline.store.database import Connection
from pipeline.types import Feed

NAMES = [f.name for f in fields(Feed)]
COLUMNS = ", ".join(NAMES)


def all_feeds(connection: Connection) -> list[Feed]:
    """Return every feed that is followed, ordered by address."""
    return [Feed(*row) for row in connection.execute(f"SELECT {COLUMNS} FROM feeds ORDER BY url").fetchall()]  # noqa: S608


def save_feeds(connection: Connection, feeds: Sequence[Feed]) -> None:
    """Write what is known of feeds, over what was known before."""
    if not feeds:
        return
    connection.register("incoming", _as_table(feeds))
    updates = ", ".join(f"{name} = excluded.{name}" for name in NAMES if name != "url")
    connection.execute(
        f"INSERT INTO feeds ({COLUMNS}) SELECT {COLUMNS} FROM incoming "  # noqa: S608 (constants)
        f"ON CONFLICT DO UPDATE SET {updates}"
    )
    connection.unregister("incoming")


def follow(connection: Connection, feeds: Iterable[Feed]) -> list[str]:
    """Follow feeds. Returns the addresses that were not followed before; the others stay as they are."""
    known = {address for feed in all_feeds(connection) for address in (feed.url, feed.moved_from)}
    new = {feed.url: feed for feed in feeds if feed.url not in known}
    save_feeds(connection, list(new.values()))
    return list(new)


def sync_file(connection: Connection, written: Sequence[Feed]) -> None:
    """Bring the table up to newsletter.toml: follow what stands there, leave what stood there and is gone.

    Feeds that were added or imported by hand stay. What the nights learned of a feed is kept.
    """
    kept = {address: feed for feed in all_feeds(connection) for address in (feed.url, feed.moved_from) if address}
    wanted = [_as_written(feed, kept.get(feed.url)) for feed in written]
    save_feeds(connection, [feed for feed in wanted if feed != kept.get(feed.url)])
    urls = {feed.url for feed in wanted}
    gone = [feed.url for feed in kept.values() if feed.in_file and feed.url not in urls]
    connection.execute("DELETE FROM feeds WHERE url IN (SELECT unnest(?::VARCHAR[]))", [gone])


def move_feed(connection: Connection, feed: Feed, url: str) -> None:
    """Give a feed its new address, with all it carried. If that address is followed already, retire the old one."""
    connection.execute("DELETE FROM feeds WHERE url = ?", [feed.url])
    moved = replace(feed, url=url, moved_to=None, moved_seen=0, moved_on=None, moved_from=feed.moved_from or feed.url)
    save_feeds(connection, [moved])
    connection.execute(
        "INSERT INTO sightings SELECT * REPLACE (? AS feed_url) FROM sightings WHERE feed_url = ? "
        "ON CONFLICT DO NOTHING",
        [url, feed.url],
    )
    connection.execute("DELETE FROM sightings WHERE feed_url = ?", [feed.url])


def _as_written(written: Feed, known: Feed | None) -> Feed:
    if known is None:
        return replace(written, in_file=True)
    return replace(
        known,
        title=written.title or known.title,
        fulltext=written.fulltext,
        verify_tls=written.verify_tls,
        in_file=True,
    )


def _as_table(feeds: Sequence[Feed]) -> pa.Table:
    schema = pa.schema([(name, _kind(name)) for name in NAMES])
    return pa.table({name: [getattr(feed, name) for feed in feeds] for name in NAMES}, schema=schema)


def _kind(name: str) -> pa.DataType:
    if name in ("failures", "moved_seen"):
        return pa.int32()
    if name in ("verify_tls", "in_file"):
        return pa.bool_()
    if name == "retry_at":
        return pa.timestamp("us", tz="UTC")
    return pa.date32() if name.endswith("_on") else pa.string()
