"""Turn tables of links (CSV, TSV, XLSX, Markdown tables, bookmarks) into issues. Columns are found by their content."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.archive.blocks import Block, Span
from pipeline.archive.metadata.value_dates import given_date
from pipeline.core.config import WEEKDAYS

ADDRESS = re.compile(r"\s*<?https?://\S+", re.IGNORECASE)
HEADERS = {
    "title": r"(?:resolved_|page_|post_|link_)?title|name|headline|description|"
    r"titel|titre|título|titolo|заголовок|标题|タイトル|제목",
    "issue": r"issue.*|number|no\.?|nr\.?|#|edition|newsletter.*|ausgabe|numéro|número|выпуск|期|号",
    "section": r"section|category|categories|rubri[ck].*|kind|type|topic|sección|catégorie|kategorie|раздел|分类",
    "folder": r"folder|collection|tags?|labels?|document tags",
    "date": r"(?:issue[ _-])?(?:saved|added|created|sent|publish\w*|issue)?[ _-]?(?:date|time|at|on)?|timestamp|"
    r"time_added|date_added|add_date|created|datum|дата|日期",
    "blurb": r"blurb|notes?|comments?|summary|excerpt|selection|extended|commentary|text|kommentar",
}
NO_SECTIONS = {
    "archive",
    "archived",
    "unread",
    "read",
    "inbox",
    "starred",
    "home",
    "later",
    "favorites",
    "bookmarks",
    "unsorted",
    "none",
}
MONTHS = 12
LINKS_A_DAY, DAYS_APART = 3, 4  # of issues
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
SAMPLE = 200  # rows that are looked at to find what the columns hold
TITLE_SHARE = 0.5  # of the values of a column that must be filled for it to give titles


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


def find_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Find which column holds what. {} if none holds addresses: it is no table of links.

    Returns
    -------
    dict of str to str
        url, title, issue, date, section, blurb → name of the column.
    """
    names = [str(name) for name in (rows[0] if rows else {}) if name]
    sample = rows[:SAMPLE]
    urls = {name: sum(bool(ADDRESS.match(str(row.get(name) or ""))) for row in sample) for name in names}
    most = max(urls.values(), default=0)
    # of two columns of addresses the one that leads to many sites: the other is that of a reader or a picture
    sites = {name: len({_site(row.get(name)) for row in sample}) for name in urls if urls[name] >= 0.9 * most}
    best = max(sites, key=lambda name: sites[name], default="")
    if not best or urls[best] < 0.5 * len(sample):
        return {}
    found = {"url": best}
    left = [name for name in names if name != best and urls[name] < 0.5 * len(sample)]
    for kind in ("date", "issue", "section", "title", "blurb", "folder"):
        if kind == "date":
            left.sort(key=lambda name: _names("issue", name))  # a column of issues may hold days, beside one of days
        name = next((n for n in left if _names(kind, n) and _fits(kind, [row.get(n) for row in sample])), None)
        if name and not (kind == "folder" and "section" in found):
            found["section" if kind == "folder" else kind] = name
            left.remove(name)
    if "date" not in found:
        days = (name for name in left if _are_days([row.get(name) for row in sample]))
        if named := next(days, None):
            found["date"] = named
        left = [name for name in left if name != found.get("date")]
    if "title" not in found:
        longest = max(left, key=lambda n: sum(len(str(row.get(n) or "")) for row in sample), default=None)
        if longest:
            found["title"] = longest
    return found


def _names(kind: str, name: str) -> bool:
    return bool(name.strip()) and re.fullmatch(HEADERS[kind], name.strip(), re.IGNORECASE) is not None


def _fits(kind: str, values: Sequence[Any]) -> bool:
    filled = [value for value in values if str(value or "").strip()]
    if kind == "date":
        return bool(filled) and sum(given_date(value) is not None for value in filled[:50]) >= 0.8 * len(filled[:50])
    if kind == "folder":
        return any(_section(str(value), is_newsletters=False) for value in filled)
    return len(filled) >= (TITLE_SHARE if kind == "title" else 0.01) * len(values)


def _are_days(values: Sequence[Any]) -> bool:
    """Are nearly all values days with a year, whatever the column is called?"""
    written = [value for value in values if isinstance(value, date) or YEAR.search(str(value or ""))]
    return len(written) >= 0.9 * len(values) and _fits("date", written)


def to_rows(rows: Iterable[Numbered], columns: Mapping[str, str], zone: tzinfo | None) -> list[Row]:
    """Read the links of a table, each address once per issue. What was read is taken out of a deque."""
    found: list[Row] = []
    known: dict[str, set[str]] = {}  # issue → addresses
    days = _Days(rows, columns.get("date"), zone)
    same: dict[str, str] = {}  # what many rows have is kept once
    for line, row in _taken(rows):
        value = {kind: str(row.get(name) or "").strip() for kind, name in columns.items()}
        url = value["url"].strip("<>")
        issue = value.get("issue", "")
        if not ADDRESS.match(url) or url in known.setdefault(issue, set()):
            continue
        known[issue].add(url)
        section, blurb = _section(value.get("section", ""), is_newsletters="issue" in columns), value.get("blurb", "")
        issue = same.setdefault(issue, issue)
        found.append(Row(url, value.get("title") or url, line, issue, days.of(row), section, blurb))
    return found


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


def _site(value: Any) -> str:
    match = re.match(r"\s*<?https?://([^/\s]+)", str(value or ""), re.IGNORECASE)
    return match[1].lower() if match else ""


def _months_come_first(values: Iterable[str]) -> bool:
    """Are days written as 5/16/2024 in this column?"""
    pairs = [match for value in values if (match := re.match(r"\s*(\d{1,2})/(\d{1,2})/\d{2}", value))]
    if any(int(match[1]) > MONTHS for match in pairs):
        return False
    return any(int(match[2]) > MONTHS for match in pairs) or any(re.search(r"\d\s*[ap]m\b", v, re.I) for v in values)


@lru_cache(maxsize=1_000)  # a table has few
def _section(text: str, *, is_newsletters: bool) -> str:
    """Return the section that tags name. In a table of issues "Read" may be one, among bookmarks it is a status."""
    tag = _first_tag(text)
    return "" if tag.casefold() in NO_SECTIONS and not is_newsletters else tag


def _first_tag(text: str) -> str:
    """Return the first of several tags; "" of an empty list."""
    return re.split(r"[,|;]", text.strip("[]'\" "))[0].strip("'\" ")


def group_rows(rows: Sequence[Row], issue_day: str) -> Iterator[tuple[dict[str, Any], list[Block]]]:
    """Group links into issues: by the column that names the issue, else by the week that ends on the issue day.

    Where the days are those of issues already, each is an issue.

    Yields
    ------
    meta, blocks
        In the order of first appearance; meta as front matter would give it.
    """
    groups: dict[tuple[str, date | None], list[Row]] = {}
    are_issues = _are_issue_days([row.day for row in rows if row.day])
    for row in rows:
        day = row.day if are_issues else _issue_date(row.day, issue_day)
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


def _issue_date(day: date | None, issue_day: str) -> date | None:
    return day + timedelta(days=(WEEKDAYS.index(issue_day) - day.weekday()) % 7) if day else None


def _meta(issue: str, day: date | None, rows: Sequence[Row]) -> dict[str, Any]:
    days = Counter(row.day for row in rows if row.day)
    found = day or (days.most_common(1)[0][0] if days else None)
    number = re.search(r"\d+", issue) if issue and given_date(issue) is None else None
    return {
        "title": issue if issue and not issue.isdigit() else "",
        "number": int(number[0]) if number else None,
        "date": found or (given_date(issue) if issue else None),
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
