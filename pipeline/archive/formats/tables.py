"""Turn tables of links (CSV, TSV, XLSX, Markdown tables, bookmarks) into issues."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, tzinfo
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.archive.blocks import Block, Span
from pipeline.archive.formats.table_columns import ADDRESS, section_of
from pipeline.archive.metadata.value_dates import given_date
from pipeline.core.issue_days import end_of_period

MONTHS = 12
LINKS_A_DAY, DAYS_APART = 3, 4  # of issues


Numbered = tuple[int, Mapping[str, Any]]  # line, row


class Row(NamedTuple):  # a table may have hundreds of thousands
    """A link of a table."""

    url: str
    title: str
    line: int
    issue: str = ""
    day: date | None = None
    section: str = ""
    blurb: str = ""


def to_rows(rows: Iterable[Numbered], columns: Mapping[str, str], zone: tzinfo | None) -> list[Row]:
    """Read the links of a table, each address once per issue. What was read is taken out of a deque."""
    found: list[Row] = []
    known: dict[str, set[str]] = {}  # issue → addresses
    days = _Days(rows, columns.get("date"), zone)
    same: dict[str, str] = {}  # what many rows have is kept once
    for line, row in _taken(rows):
        value = {kind: _text(row.get(name)) for kind, name in columns.items()}
        url = value["url"].strip("<>")
        issue = value.get("issue", "")
        if not ADDRESS.match(url) or url in known.setdefault(issue, set()):
            continue
        known[issue].add(url)
        section, blurb = section_of(value.get("section", ""), is_newsletters="issue" in columns), value.get("blurb", "")
        issue = same.setdefault(issue, issue)
        found.append(Row(url, value.get("title") or url, line, issue, days.of(row), section, blurb))
    return found


def _text(value: Any) -> str:
    only = value[0] if isinstance(value, list) and len(value) == 1 else value
    return str(only or "").strip()


def _taken(rows: Iterable[Numbered]) -> Iterator[Numbered]:
    if not isinstance(rows, deque):
        yield from rows
        return
    while rows:
        yield rows.popleft()


class _Days:
    """The days that a column of a table holds."""

    def __init__(self, rows: Iterable[Numbered], column: str | None, zone: tzinfo | None) -> None:
        self.column = column
        self.zone = zone
        self.known: dict[Any, date | None] = {}  # a table has a link a line and few days
        values = {str(row.get(column) or "") for _, row in rows} if column else set()
        self.month_first = _months_come_first(values)

    def of(self, row: Mapping[str, Any]) -> date | None:
        """Return the day of a row; None where there is none."""
        if self.column is None:
            return None
        value = row.get(self.column)
        if not isinstance(value, str):
            return given_date(value, self.zone, month_first=self.month_first)
        if value not in self.known:
            self.known[value] = given_date(value, self.zone, month_first=self.month_first)
        return self.known[value]


def _months_come_first(values: Iterable[str]) -> bool:
    """Are days written as 5/16/2024 in this column?"""
    pairs = [match for value in values if (match := re.match(r"\s*(\d{1,2})/(\d{1,2})/\d{2}", value))]
    if any(int(match[1]) > MONTHS for match in pairs):
        return False
    return any(int(match[2]) > MONTHS for match in pairs) or any(re.search(r"\d\s*[ap]m\b", v, re.I) for v in values)


def group_rows(rows: Sequence[Row], issue_day: str) -> Iterator[tuple[dict[str, Any], list[Block]]]:
    """Group links into issues: by the column that names the issue, else by the period that ends on an issue day.

    Where the days are those of issues already, each is an issue.

    Yields
    ------
    meta, blocks
        In the order of first appearance; meta as front matter would give it.
    """
    groups: dict[tuple[str, date | None], list[Row]] = {}
    are_issues = _are_issue_days([row.day for row in rows if row.day])
    for row in rows:
        day = row.day if are_issues or not row.day else end_of_period(issue_day, row.day)
        key = (row.issue, None) if row.issue else ("", day)
        groups.setdefault(key, []).append(row)
    del rows  # what was read is forgotten issue by issue
    for issue, day in list(groups):
        group = groups.pop((issue, day))
        if issue or day:
            yield _meta(issue, day, group), to_blocks(group)


def _are_issue_days(days: Sequence[date]) -> bool:
    """Are the days those of issues and not of saving: each of several links, and days apart?"""
    distinct = sorted(set(days))
    gaps = [(after - before).days for before, after in pairwise(distinct)]
    return bool(gaps) and len(days) >= LINKS_A_DAY * len(distinct) and min(gaps) >= DAYS_APART


def _meta(issue: str, day: date | None, rows: Sequence[Row]) -> dict[str, Any]:
    named = given_date(issue) if issue else None  # beside the days on which the links were published
    days = Counter(row.day for row in rows if row.day)
    number = re.search(r"\d+", issue) if issue and named is None else None
    return {
        "title": issue if issue and not issue.isdigit() else "",
        "number": int(number[0]) if number else None,
        "date": named or day or (days.most_common(1)[0][0] if days else None),
    }


def to_blocks(rows: Sequence[Row]) -> list[Block]:
    """Return the links as items, each section under its heading."""
    sections: dict[str, list[Row]] = {}
    for row in rows:
        sections.setdefault(row.section, []).append(row)
    blocks: list[Block] = []
    for section, members in sections.items():
        if section:
            blocks.append(Block("heading", members[0].line, ((Span(section),),), 2))
        for row in members:
            after = (Span(f" — {row.blurb}"),) if row.blurb else ()
            blocks.append(Block("item", row.line, ((Span(row.title, row.url), *after),), 1, row.url))
    return blocks
