"""Take out what the workspace knows: feeds as OPML, tables as CSV, JSON or Parquet."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb

from pipeline.core.atomic_write import replacing
from pipeline.core.errors import InputError
from pipeline.core.json_text import as_text, to_json
from pipeline.store.database import Database

QUERIES = {
    "feeds": "SELECT * EXCLUDE (address) FROM feeds ORDER BY url",
    "review": "FROM review ORDER BY rank, id",
    "decisions": "FROM decisions ORDER BY seq",
    "picks": "SELECT issue_date, picks.* FROM picks JOIN issues ON number = issue ORDER BY issue, position",
}
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# a cell that begins like this is a formula to Excel, LibreOffice and Google Sheets (OWASP, CSV injection)
FORMULA = re.compile(r"^\s*[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)*([eE][+-]?\d+)?%?$")


def read_rows(database: Database, what: str) -> tuple[list[str], list[dict[str, Any]]]:
    """Return the names of the columns of feeds, review, decisions or picks, and all rows as records."""
    with database.reading() as connection:
        cursor = connection.execute(QUERIES[what])
        names = [column[0] for column in cursor.description or ()]
        return names, [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def write_parquet(database: Database, what: str, path: Path) -> None:
    """Write the rows to a Parquet file, whole or not at all."""
    try:
        with replacing(path) as unfinished, database.reading() as connection:
            target = str(unfinished).replace("'", "''")
            connection.execute(f"COPY ({QUERIES[what]}) TO '{target}' (FORMAT parquet)")
    except (OSError, duckdb.IOException) as error:
        why = error.strerror if isinstance(error, OSError) else "no room is left"  # the rest names a temporary file
        raise InputError(f"cannot write {path} ({why}); choose another file") from error


def as_opml(title: str, feeds: Iterable[Mapping[str, Any]]) -> str:
    """Write feeds as OPML 2.0, as every reader imports it. Retired feeds are left out."""
    root = ElementTree.Element("opml", version="2.0")
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = _valid_xml(title)
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        if feed["retired_on"] is None:
            name = _valid_xml(feed["title"] or feed["url"])
            ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=_valid_xml(feed["url"]))
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _valid_xml(text: str) -> str:
    return NOT_XML.sub("", text)


def escape_formula(text: str) -> str:
    """Prefix with an apostrophe what a spreadsheet would take for a formula; numbers stay as they are."""
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text


def as_csv(names: Sequence[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Write records as CSV with a header, also where there is none; lists and objects as JSON, formulas escaped."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=names, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return out.getvalue()


def as_json(rows: Iterable[Mapping[str, object]]) -> str:
    """Write records as a JSON list, dates as ISO 8601."""
    return to_json(list(rows), indent=2) + "\n"


def _cell(value: object) -> object:
    if isinstance(value, str):
        return escape_formula(value.replace("\x00", ""))
    if isinstance(value, date | datetime):
        return as_text(value)
    if isinstance(value, list | tuple | dict):
        return escape_formula(to_json(value))
    return value
