"""Compute the stored url_key columns anew when the rules of `core.url_rules` have changed."""

import pyarrow as pa

from pipeline.core.url_rules import VERSION
from pipeline.core.urls import url_key
from pipeline.store.database import Connection, incoming

PAIRS = pa.schema([("id", pa.string()), ("url_key", pa.string())])


def refresh_url_keys(connection: Connection) -> int:
    """Compute the keys of articles and picks anew if their rules are older than these. Returns how many changed.

    `article_feeds` keeps only the key of the address that a feed gave, so where that was the article's own it follows.
    Two articles that become one story by it stay two rows, for decisions may stand on both.
    """
    if connection.execute("SELECT 1 FROM url_rules WHERE version = ?", [VERSION]).fetchall():
        return 0
    changed = _refresh_articles(connection) + _refresh_picks(connection)
    connection.execute("DELETE FROM url_rules")
    connection.execute("INSERT INTO url_rules VALUES (?)", [VERSION])
    return changed


def _refresh_articles(connection: Connection) -> int:
    rows = connection.execute("SELECT id, url, url_key FROM articles").fetchall()
    changed = [(id, url_key(url)) for id, url, key in rows if url_key(url) != key]
    with incoming(connection, _table(changed)):
        connection.execute(
            "UPDATE article_feeds SET url_key = i.url_key FROM incoming i, articles a "
            "WHERE article_feeds.article_id = i.id AND a.id = i.id AND article_feeds.url_key = a.url_key"
        )
        connection.execute("UPDATE articles SET url_key = i.url_key FROM incoming i WHERE articles.id = i.id")
    return len(changed)


def _refresh_picks(connection: Connection) -> int:
    rows = connection.execute("SELECT DISTINCT url, url_key FROM picks WHERE url IS NOT NULL").fetchall()
    changed = [(url, url_key(url)) for url, key in rows if url_key(url) != key]
    with incoming(connection, _table(changed)):
        connection.execute("UPDATE picks SET url_key = i.url_key FROM incoming i WHERE picks.url = i.id")
    return len(changed)


def _table(pairs: list[tuple[str, str]]) -> pa.Table:
    return pa.table({"id": [id for id, _ in pairs], "url_key": [key for _, key in pairs]}, schema=PAIRS)
