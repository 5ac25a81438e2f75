"""Take out what the workspace knows: feeds as OPML, tables as CSV, JSON or Parquet."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pipeline.store.database import Database

QUERIES = {
    "feeds": "FROM feeds ORDER BY url",
    "review": "FROM review ORDER BY rank, id",
    "decisions": "FROM decisions ORDER BY seq",
    "picks": "SELECT issue_date, picks.* FROM picks JOIN issues ON number = issue ORDER BY issue, position",
}
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_rows(database: Database, what: str) -> list[dict[str, Any]]:
    """Return all rows of feeds, review, decisions or picks as records."""
    with database.reading() as connection:
        cursor = connection.execute(QUERIES[what])
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write_parquet(database: Database, what: str, path: Path) -> None:
    """Write the rows to a Parquet file, which stands whole or not at all."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    target = str(unfinished).replace("'", "''")
    with database.reading() as connection:
        connection.execute(f"COPY ({QUERIES[what]}) TO '{target}' (FORMAT parquet)")
    unfinished.replace(path)


def as_opml(title: str, feeds: Iterable[Mapping[str, Any]]) -> str:
    """Write feeds as OPML 2.0, as every reader imports it. Retired feeds are left out."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = _clean(title)
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        if feed["retired_on"] is None:
            name = _clean(feed["title"] or feed["url"])
            ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=_clean(feed["url"]))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _clean(text: str) -> str:
    return NOT_XML.sub("", text)
