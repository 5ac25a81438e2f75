"""Table `page_titles`: what the pages behind one-liners call themselves, so that each is asked once."""

from collections.abc import Mapping

import pyarrow as pa

from pipeline.store.database import Connection, incoming

SCHEMA = pa.schema([("url_key", pa.string()), ("title", pa.string())])


def known_titles(connection: Connection) -> dict[str, str | None]:
    """Return url_key → title; None where the page was asked and did not say."""
    return dict(connection.execute("SELECT url_key, title FROM page_titles").fetchall())


def add_titles(connection: Connection, titles: Mapping[str, str | None]) -> None:
    """Remember what pages said, or that they said nothing."""
    rows = pa.table({"url_key": list(titles), "title": list(titles.values())}, schema=SCHEMA)
    with incoming(connection, rows):
        connection.execute("INSERT OR REPLACE INTO page_titles SELECT * FROM incoming")
