"""Tables `issues` and `picks`: published issues and their picks, in order. An issue is replaced as a whole."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import pyarrow as pa

from pipeline.core.types import Issue, Pick
from pipeline.core.urls import url_key
from pipeline.store.database import Connection, incoming

PICK_COLUMNS = ", ".join(f.name for f in fields(Pick))
ISSUE_COLUMNS = {"number": "number", "issue_date": "date", "title": "title", "subtitle": "subtitle", "path": "path"}
ISSUE_SCHEMA = pa.schema(
    [(name, {"number": pa.int32(), "issue_date": pa.date32()}.get(name, pa.string())) for name in ISSUE_COLUMNS]
)
COMPARED = 50  # issues that are compared with the stored ones at a time
TYPES = {"issue": pa.int32(), "position": pa.int32(), "entry": pa.int32()}
SCHEMA = pa.schema(
    [(name, TYPES.get(name, pa.string())) for name in ("issue", *(f.name for f in fields(Pick)), "url_key")]
)


def add_issues(connection: Connection, issues: Sequence[Issue]) -> int:
    """Store issues, each of its own number, with their picks; a stored issue is replaced if it differs.

    A reading without addresses (plain text) never replaces one that has them.

    Returns
    -------
    int
        How many issues are new or changed.
    """
    changed: dict[int, Issue] = {}
    replaced: set[int] = set()
    for start in range(0, len(issues), COMPARED):
        group = issues[start : start + COMPARED]
        known = {issue.number: issue for issue in _known_of(connection, [issue.number for issue in group])}
        for issue in group:
            stored = known.get(issue.number)
            if _is_as_complete(issue, stored) and issue != stored:
                changed[issue.number] = issue
                replaced |= known.keys() & {issue.number}
    if replaced:
        connection.execute("DELETE FROM picks WHERE issue IN (SELECT unnest(?))", [list(replaced)])
    if changed:
        rows = [{name: getattr(issue, field) for name, field in ISSUE_COLUMNS.items()} for issue in changed.values()]
        with incoming(connection, pa.Table.from_pylist(rows, schema=ISSUE_SCHEMA)):
            connection.execute("INSERT OR REPLACE INTO issues BY NAME SELECT * FROM incoming")
        picks = (_as_batch(issue) for issue in sorted(changed.values(), key=lambda issue: issue.number))
        # an issue at a time, and on one thread until this connection is closed: a third less memory, no more time
        stream = pa.RecordBatchReader.from_batches(SCHEMA, picks)
        connection.execute("SET threads = 1")
        with incoming(connection, stream):
            connection.execute("INSERT INTO picks BY NAME SELECT * FROM incoming")
    return len(changed)


def remove_issue(connection: Connection, number: int) -> None:
    """Delete an issue and its picks."""
    connection.execute("DELETE FROM picks WHERE issue = ?", [number])
    connection.execute("DELETE FROM issues WHERE number = ?", [number])


def known_issues(connection: Connection, before: date) -> list[Issue]:
    """Return the issues dated before a day with their picks, ordered by date then number."""
    return _read(connection, "issue_date < ?", [before])


def known_issue(connection: Connection, number: int) -> Issue | None:
    """Return the issue of a number, None where there is none."""
    return next(iter(_read(connection, "number = ?", [number])), None)


def _known_of(connection: Connection, numbers: list[int]) -> list[Issue]:
    return _read(connection, "number IN (SELECT unnest(?))", [numbers])


def _is_as_complete(issue: Issue, known: Issue | None) -> bool:
    """Has this reading addresses, or has the stored one none either?"""
    return known is None or has_addresses(issue) or not has_addresses(known)


def has_addresses(issue: Issue) -> bool:
    """Does any pick of the issue have an address? None has in a plain-text archive."""
    return any(pick.url for pick in issue.picks)


def _as_batch(issue: Issue) -> pa.RecordBatch:
    columns: dict[str, list[Any]] = {f.name: [getattr(pick, f.name) for pick in issue.picks] for f in fields(Pick)}
    columns["issue"] = [issue.number] * len(issue.picks)
    columns["url_key"] = [url_key(pick.url) if pick.url else None for pick in issue.picks]
    return pa.record_batch(columns, schema=SCHEMA)


def _read(connection: Connection, condition: str, values: list[object]) -> list[Issue]:
    picks: dict[int, list[Pick]] = {}
    query = f"SELECT issue, {PICK_COLUMNS} FROM picks "  # noqa: S608 (constant)
    of_issues = f"WHERE issue IN (SELECT number FROM issues WHERE {condition}) ORDER BY issue, position"  # noqa: S608
    for number, *columns in connection.execute(query + of_issues, values).fetchall():
        picks.setdefault(number, []).append(Pick(*columns))
    rows = connection.execute(
        "SELECT number, issue_date, title, subtitle, path FROM issues "  # noqa: S608 (constant)
        f"WHERE {condition} ORDER BY issue_date, number",
        values,
    ).fetchall()
    return [
        Issue(number, day, title, subtitle, tuple(picks.get(number, ())), path)
        for number, day, title, subtitle, path in rows
    ]
