"""Find which column of a table of links holds what, by its name and by its values."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from pipeline.archive.metadata.value_dates import given_date

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
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
SAMPLE = 200  # rows that are looked at to find what the columns hold
DIFFERENT = 0.5  # share of the addresses: where readers came from recurs
TITLE_SHARE = 0.5  # of the values of a column that must be filled for it to give titles


def find_columns(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Find which column holds what. {} if none holds addresses: it is no table of links.

    Returns
    -------
    dict of str to str
        url, title, issue, date, section, blurb → name of the column.
    """
    sample = rows[:SAMPLE]
    columns = {str(name): [row.get(name) for row in sample] for name in (rows[0] if rows else {}) if name}
    addresses = {name: sum(map(_is_address, values)) for name, values in columns.items()}
    url = _story_column(columns, addresses)
    if url is None:
        return {}
    found = {"url": url}
    left = {n: values for n, values in columns.items() if n != url and addresses[n] < 0.5 * len(sample)}

    def take(kind: str, name: str | None) -> None:
        if name is not None:
            found[kind] = name
            del left[name]

    # a column of issues may hold days, beside one of days
    take("date", _named_column("date", dict(sorted(left.items(), key=lambda column: _names("issue", column[0])))))
    for kind in ("issue", "section", "title", "blurb"):
        take(kind, _named_column(kind, left))
    if "section" not in found:
        take("section", _named_column("folder", left))
    if "date" not in found:
        take("date", next((name for name, values in left.items() if _are_days(values)), None))
    if "issue" in found and "section" not in found:
        issues = columns[found["issue"]]
        take("section", next((name for name, values in left.items() if _part_issues(issues, values)), None))
    if "title" not in found:
        take("title", max(left, key=lambda name: sum(len(str(value or "")) for value in left[name]), default=None))
    return found


def _story_column(columns: Mapping[str, Sequence[Any]], addresses: Mapping[str, int]) -> str | None:
    """Return the column of the stories' addresses, of several the one that leads to most sites.

    The others hold addresses of a reader or of pictures.
    """
    full = [name for name, n in addresses.items() if n >= 0.9 * max(addresses.values())]
    best = max(full, key=lambda name: len({_site(value) for value in columns[name]}), default=None)
    if best is None:
        return None
    different = {str(value) for value in columns[best] if value}
    is_full = addresses[best] >= 0.5 * len(columns[best])
    return best if is_full and len(different) >= DIFFERENT * addresses[best] else None


def _named_column(kind: str, columns: Mapping[str, Sequence[Any]]) -> str | None:
    """Return the first column whose name and values are of a kind."""
    return next((name for name, values in columns.items() if _names(kind, name) and _fits(kind, values)), None)


def _is_address(value: Any) -> bool:
    return ADDRESS.match(str(value or "")) is not None


def _names(kind: str, name: str) -> bool:
    return bool(name.strip()) and re.fullmatch(HEADERS[kind], name.strip(), re.IGNORECASE) is not None


def _fits(kind: str, values: Sequence[Any]) -> bool:
    filled = [value for value in values if str(value or "").strip()]
    if kind == "date":
        return bool(filled) and sum(given_date(value) is not None for value in filled[:50]) >= 0.8 * len(filled[:50])
    if kind == "folder":
        return any(section_of(str(value), is_newsletters=False) for value in filled)
    return len(filled) >= (TITLE_SHARE if kind == "title" else 0.01) * len(values)


def _part_issues(issues: Sequence[Any], values: Sequence[Any]) -> bool:
    """Do the values of a column, whatever it is called, part most issues in runs, and recur from issue to issue?"""
    of_issues: dict[str, list[str]] = {}
    for issue, value in zip(issues, values, strict=True):
        if issue:
            of_issues.setdefault(str(issue), []).append(str(value or "").strip())
    parted = [set(held) for held in of_issues.values() if "" not in held and len(set(held)) > 1
              and len(list(groupby(held))) == len(set(held))]  # fmt: skip
    recurring = Counter(value for values in parted for value in values)
    return len(parted) > max(len(of_issues) / 2, 1) and min(recurring.values(), default=0) > 1


def _are_days(values: Sequence[Any]) -> bool:
    """Are nearly all values days with a year, whatever the column is called?"""
    written = [value for value in values if isinstance(value, date) or YEAR.search(str(value or ""))]
    return len(written) >= 0.9 * len(values) and _fits("date", written)


def _site(value: Any) -> str:
    match = re.match(r"\s*<?https?://([^/\s]+)", str(value or ""), re.IGNORECASE)
    return match[1].lower() if match else ""


@lru_cache(maxsize=1_000)  # a table has few
def section_of(text: str, *, is_newsletters: bool) -> str:
    """Return the section that tags name. In a table of issues "Read" may be one, among bookmarks it is a status."""
    tag = _first_tag(text)
    return "" if tag.casefold() in NO_SECTIONS and not is_newsletters else tag


def _first_tag(text: str) -> str:
    """Return the first of several tags; "" of an empty list."""
    return re.split(r"[,|;]", text.strip("[]'\" "))[0].strip("'\" ")
