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
    names = [str(name) for name in (rows[0] if rows else {}) if name]
    sample = rows[:SAMPLE]
    urls = {name: sum(bool(ADDRESS.match(str(row.get(name) or ""))) for row in sample) for name in names}
    most = max(urls.values(), default=0)
    # of two columns of addresses the one that leads to many sites: the other is that of a reader or a picture
    sites = {name: len({_site(row.get(name)) for row in sample}) for name in urls if urls[name] >= 0.9 * most}
    best = max(sites, key=lambda name: sites[name], default="")
    different = {str(row.get(best)) for row in sample if row.get(best)}
    if not best or urls[best] < 0.5 * len(sample) or len(different) < DIFFERENT * urls[best]:
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
    if "issue" in found and "section" not in found:
        section = next(
            (name for name in left if _part_issues([(r.get(found["issue"]), r.get(name)) for r in sample])), None
        )
        found.update({"section": section} if section else {})
        left = [name for name in left if name != section]
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
        return any(section_of(str(value), is_newsletters=False) for value in filled)
    return len(filled) >= (TITLE_SHARE if kind == "title" else 0.01) * len(values)


def _part_issues(pairs: Sequence[tuple[Any, Any]]) -> bool:
    """Do the values of a column, whatever it is called, part most issues in runs, and recur from issue to issue?"""
    issues: dict[str, list[str]] = {}
    for issue, value in pairs:
        if issue:
            issues.setdefault(str(issue), []).append(str(value or "").strip())
    parted = [set(values) for values in issues.values() if "" not in values and len(set(values)) > 1
              and len(list(groupby(values))) == len(set(values))]  # fmt: skip
    recurring = Counter(value for values in parted for value in values)
    return len(parted) > max(len(issues) / 2, 1) and min(recurring.values(), default=0) > 1


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
