"""Turn an entry of RSS, RDF or Atom, as feedparser gives it, into an `Entry`. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, cast

from pipeline.core.urls import canonical_url, resolve
from pipeline.feeds import sanitize
from pipeline.feeds.dates import parse_date
from pipeline.feeds.entry import Entry

SUMMARIES = ("summary", "subtitle", "media_description")
# where an entry has no link rel="alternate"; replies, edit, hub and the like are no addresses of it
RELATIONS = ("alternate", "related", "via", "enclosure", "self")


def read_entry(e: Mapping[str, Any], feed: Mapping[str, Any], version: str, base: str) -> Entry:
    """Read an entry's fields.

    Parameters
    ----------
    e, feed : mapping
        The entry and its feed; a value of a malformed one may be of any kind.
    version : str
        As feedparser names the format, such as "atom10": Atom says what type its texts have, RSS does not.
    base : str
        The address on which relative ones hang.
    """
    contents = [(_from_detail(c, version), c) for c in e.get("content") or () if isinstance(c, Mapping)]
    content, detail = max(contents, key=lambda pair: len(pair[0]), default=("", {}))
    return Entry(
        link=_link(e, base),
        guid=string_of(e, "id") or string_of(e, "dc_identifier"),
        title=text_of(e, "title", version, is_title=True) or sanitize.from_plain(string_of(e, "itunes_title")),
        author=_author(e, feed, version),
        summary=next(filter(None, (text_of(e, key, version) for key in SUMMARIES if _is_own(e, key))), ""),
        content=content,
        markup=partial(_markup, detail if content else _detail(e, "summary"), version),
        published=next(filter(None, (_date(e, key) for key in ("published", "updated", "created"))), None),
        language=string_of(e, "language") or _language(e) or string_of(feed, "language"),
    )


def _is_own(e: Mapping[str, Any], key: str) -> bool:
    """Return whether a text is no copy of the content, which feedparser makes for a missing one, without its type."""
    return f"{key}_detail" in e or not e.get("content")


def text_of(thing: Mapping[str, Any], key: str, version: str, *, is_title: bool = False) -> str:
    """Return an element as plain text, "" where it is missing or holds none."""
    return _from_detail(_detail(thing, key), version, is_title=is_title)


def _detail(thing: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    detail = _get(thing, f"{key}_detail")
    return detail if isinstance(detail, Mapping) else {"value": thing.get(key)}


def _from_detail(detail: Mapping[str, Any], version: str, *, is_title: bool = False) -> str:
    """Reduce a text to plain text by the type that Atom gives it; RSS gives none."""
    value, kind = detail.get("value"), str(detail.get("type") or "")
    if not isinstance(value, str) or kind.startswith(("image/", "audio/", "video/")):
        return ""
    if not version.startswith("atom"):
        return sanitize.from_unknown(value, is_title=is_title)
    return sanitize.from_plain(value) if kind == "text/plain" else sanitize.from_html(value, is_title=is_title)


def _markup(detail: Mapping[str, Any], version: str) -> str:
    value = detail.get("value")
    if not isinstance(value, str):
        return ""
    if not version.startswith("atom"):
        return sanitize.markup_of_unknown(value)
    return sanitize.markup_of_plain(value) if detail.get("type") == "text/plain" else value


def _get(thing: Mapping[str, Any], key: str) -> Any:
    """Return a value without feedparser's own substitutes for a missing one, such as "updated" for "published"."""
    return dict.get(cast(dict[str, Any], thing), key)


def string_of(thing: Mapping[str, Any], key: str) -> str | None:
    """Return a value that should be text: in a malformed feed feedparser may give a dict in its place."""
    value = thing.get(key)
    return value if isinstance(value, str) else None


def _language(e: Mapping[str, Any]) -> str | None:
    details = (_get(e, key) for key in ("title_detail", "summary_detail"))
    contents = e.get("content") or ()
    found = (string_of(d, "language") for d in (*details, *contents) if isinstance(d, Mapping))
    return next(filter(None, found), None)


def _author(e: Mapping[str, Any], feed: Mapping[str, Any], version: str) -> str:
    """Join the authors of an entry; in Atom it inherits those of its source or its feed (RFC 4287 4.2.1)."""
    names = _names(e)
    if not names and version.startswith("atom"):
        source = e.get("source")
        names = (_names(source) if isinstance(source, Mapping) else []) or _names(feed)
    return ", ".join(dict.fromkeys(names))


def _names(thing: Mapping[str, Any]) -> list[str]:
    authors = [a for a in thing.get("authors") or () if isinstance(a, Mapping) and a]
    written = [string_of(a, "name") or string_of(a, "email") for a in authors] or [string_of(thing, "author")]
    return [name for name in map(sanitize.author_name, written) if name]


def _date(e: Mapping[str, Any], key: str) -> datetime | None:
    written = _get(e, key)
    return parse_date(written) if isinstance(written, str) else None


def _link(e: Mapping[str, Any], base: str) -> str | None:
    links = [(_relation(link), link) for link in _get(e, "links") or () if isinstance(link, Mapping)]
    links = [(relation, link) for relation, link in links if relation in RELATIONS]
    links.sort(key=lambda pair: (RELATIONS.index(pair[0]), str(pair[1].get("type")).startswith("image/")))
    written = [content.get("src") for content in e.get("content") or () if isinstance(content, Mapping)]
    others = (_join(base, address) for address in (*written, *(link.get("href") for _, link in links)))
    # feedburner's proxy address ends with feedburner, the original does not
    for address in (e.get("feedburner_origlink"), _permalink(e, base), e.get("id"), *others):
        if isinstance(address, str) and canonical_url(address):
            return address
    return None


def _relation(link: Mapping[str, Any]) -> str:
    return str(link.get("rel")).removeprefix("http://www.iana.org/assignments/relation/")  # RFC 4287, 4.2.7.2


def _permalink(e: Mapping[str, Any], base: str) -> str | None:
    """Return the link, which feedparser may have taken from the id: then it is one if it is an address or a path."""
    link = string_of(e, "link")
    if not link or (link == string_of(e, "id") and not link.startswith(("/", "http://", "https://"))):
        return None
    return _join(base, link)


def _join(base: str, link: object) -> str | None:
    with suppress(ValueError):
        return resolve(base, link.strip()) if isinstance(link, str) and link.strip() else None
    return None
