"""Parse JSON Feed 1.0 and 1.1 (jsonfeed.org), which feedparser does not. Pure."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urljoin

from pipeline.feeds import sanitize
from pipeline.feeds.dates import parse_date
from pipeline.feeds.entry import Entry, RawFeed

MAX_BROKEN = 20  # objects that cannot be read, before a broken feed is left: each may be read to the feed's end
ITEMS = re.compile(r'"items"[ \t\r\n]{0,20}:[ \t\r\n]{0,20}\[')
OBJECT = re.compile(r"[ \t\r\n]*\{")
# a comma before a bracket that closes, as people write by hand; strings are passed over, one that never ends too
SPARE_COMMA = re.compile(r'("(?:[^"\\]|\\.)*"?)|,(?=[ \t\r\n]*[\]}])', re.S)


def is_json(text: str) -> bool:
    """Return whether a document is a JSON object rather than XML."""
    return bool(OBJECT.match(text))


def read(text: str, url: str, limit: int) -> RawFeed | None:
    """Parse at most `limit` entries of a feed; None if the document is no JSON Feed."""
    feed = _load(text)
    malformed = None
    if feed is None:
        feed, malformed = _load_without_spare_commas(text), "a comma too many"
    if feed is None:
        feed, malformed = _of_whole_items(text), "cut off or broken within an item"
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        return None
    items = [item for item in feed["items"] if isinstance(item, dict)]
    invalid = len(feed["items"]) - len(items)
    return RawFeed(
        sanitize.from_plain(_text(feed, "title")),
        [_entry(item, feed, url) for item in items[:limit]],
        _join(url, _text(feed, "home_page_url")),
        f"{invalid} items are no objects" if invalid else malformed,
    )


def load(text: str) -> Any:
    """Return what a JSON document holds, also one with commas too many; None if it is no JSON."""
    found = _load(text)
    return _load_without_spare_commas(text) if found is None else found


def _load_without_spare_commas(text: str) -> Any:
    return _load(SPARE_COMMA.sub(lambda found: found[1] or "", text))


def _load(text: str) -> Any:
    try:
        return json.loads(text, strict=False)  # raw line breaks in strings are common
    except (ValueError, RecursionError):
        return None


def _of_whole_items(text: str) -> dict[str, Any] | None:
    """Return a feed that is no JSON, with each item that is whole; None if there is none."""
    start = ITEMS.search(text)
    if start is None:
        return None
    decode = json.JSONDecoder(strict=False).raw_decode
    items: list[Any] = []
    position, n_broken = text.find("{", start.end()), 0
    while position >= 0 and n_broken < MAX_BROKEN:
        try:
            item, position = decode(text, position)
            items += [item] if "id" in item else []  # else an author or a file, of an item that is broken
        except (ValueError, RecursionError):
            n_broken, position = n_broken + 1, position + 1
        position = text.find("{", position)
    head = _load(text[: start.start()].rstrip(" \t\r\n,") + "}") or {}
    return {**head, "items": items} if items else None


def _entry(item: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    guid = item.get("id")
    guid = str(guid) if isinstance(guid, str | int | float) else None
    attachments = (a.get("url") for a in _list(item, "attachments") if isinstance(a, dict))
    # external_url first: a link post is about the page it links to, as the same post says in Atom
    links = (item.get("external_url"), item.get("url"), guid if guid and "://" in guid else None, *attachments)
    link = next((link for link in links if isinstance(link, str) and link.strip()), None)
    return Entry(
        link=_join(url, link),
        guid=guid,
        title=sanitize.from_plain(_text(item, "title")),
        author=_author(item) or _author(feed),
        summary=sanitize.from_plain(_text(item, "summary")),
        content=sanitize.from_html(_text(item, "content_html")) or sanitize.from_plain(_text(item, "content_text")),
        markup=partial(_markup, item),
        published=parse_date(_date(item, "date_published")) or parse_date(_date(item, "date_modified")),
        language=_text(item, "language") or _text(feed, "language"),
    )


def _markup(item: Mapping[str, Any]) -> str:
    return _text(item, "content_html") or sanitize.markup_of_plain(_text(item, "content_text") or "")


def _author(thing: Mapping[str, Any]) -> str:
    authors: Iterable[Any] = (*_list(thing, "authors"), thing.get("author"))  # 1.1, then 1.0
    written = (_text(author, "name") if isinstance(author, dict) else author for author in authors)
    names = (sanitize.from_plain(name) for name in written if isinstance(name, str))
    return ", ".join(dict.fromkeys(filter(None, names)))


def _join(url: str, link: str | None) -> str | None:
    try:
        return urljoin(url, link.strip()) if link else None
    except ValueError:
        return None


def _text(thing: Mapping[str, Any], key: str) -> str | None:
    value = thing.get(key)
    return value if isinstance(value, str) else None


def _date(thing: Mapping[str, Any], key: str) -> str | None:
    value = thing.get(key)
    return str(value) if type(value) is int else _text(thing, key)


def _list(thing: Mapping[str, Any], key: str) -> list[Any]:
    value = thing.get(key)
    return value if isinstance(value, list) else []
