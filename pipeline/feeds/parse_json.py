"""Read JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not. Pure."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from pipeline.feeds.entry import Entry


def is_json(body: bytes) -> bool:
    """Tell whether a body is a JSON object rather than XML."""
    return body[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read(body: bytes, url: str) -> tuple[str | None, list[Entry] | None, str | None]:
    """Return a feed's title, its entries (None: this is no JSON Feed), and what is malformed about it."""
    try:
        feed = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        return None, None, None
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None, None, None
    items = [item for item in feed["items"] if isinstance(item, dict)]
    odd = len(feed["items"]) - len(items)
    entries = [_entry(item, feed, url) for item in items]
    return _text(feed, "title"), entries, f"{odd} items are no objects" if odd else None


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, str | int | float) else None
    attachments = (a.get("url") for a in _list(item, "attachments") if isinstance(a, dict))
    links = (item.get("url"), item.get("external_url"), guid if guid and "://" in guid else None, *attachments)
    link = next((link for link in links if isinstance(link, str) and link), None)
    return Entry(
        link=_join(url, link),
        guid=guid,
        title=_text(item, "title"),
        author=_author(item) or _author(feed),
        summary=_text(item, "summary"),
        content=_text(item, "content_html") or _text(item, "content_text"),
        published=_date(_text(item, "date_published")) or _date(_text(item, "date_modified")),
        language=_text(item, "language") or _text(feed, "language"),
    )


def _author(thing: Mapping[str, Any]) -> str | None:
    authors: Iterable[Any] = (*_list(thing, "authors"), thing.get("author"))  # 1.1, then 1.0
    names = (_text(author, "name") for author in authors if isinstance(author, dict))
    return ", ".join(name for name in names if name) or None


def _date(text: str | None) -> datetime | None:
    try:
        as_of = datetime.fromisoformat(text or "")
        return as_of.astimezone(UTC) if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _join(url: str, link: str | None) -> str | None:
    try:
        return urljoin(url, link) if link else None
    except ValueError:
        return None


def _text(thing: Mapping[str, Any], key: str) -> str | None:
    value = thing.get(key)
    return value if isinstance(value, str) else None


def _list(thing: Mapping[str, Any], key: str) -> list[Any]:
    value = thing.get(key)
    return value if isinstance(value, list) else []
