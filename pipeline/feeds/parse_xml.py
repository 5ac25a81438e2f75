"""Read RSS, RDF and Atom with feedparser, and what feedparser cannot read, piece by piece. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from pipeline.core.urls import canonical_url
from pipeline.feeds.entry import Entry

MAX_HEAD_BYTES = 20_000  # bytes before the first entry that are read again with each piece
MAX_PIECES = 500
PIECE = re.compile(rb"<(item|entry)\b.*?(?=<(?:item|entry)\b|\Z)", re.S)
# entities that grow, or reach outside
ENTITY = re.compile(rb"<!ENTITY[^>]*?(?:[&%]|\bSYSTEM\b|\bPUBLIC\b)[^>]*>")
# feedparser takes seconds over a long author (feedparser #580)
AUTHOR = re.compile(rb"(<(?:[\w.-]+:)?(?:author|name|creator|managingEditor|webMaster)\b[^>]*>[^<]{400})[^<]+")
# declared two-byte, served as bytes
UTF16_LIE = re.compile(rb"""(<\?xml[^>]{0,80}encoding=["'])(?:utf-16|utf-32|ucs-2|ucs-4)[a-z]*(["'])""", re.I)
# a prefix on the feed's own elements, declared nowhere
PREFIXED = re.compile(rb"<(/?)(\w+):(?=(?:item|entry|channel|rss|title|link|description|guid|pubDate)\b)")


def read(body: bytes, url: str, content_type: str) -> tuple[str | None, list[Entry] | None, str | None]:
    """Return a feed's title, its entries (None: this is no feed), and what is malformed about it."""
    body = AUTHOR.sub(rb"\1", ENTITY.sub(b"", body.lstrip()))
    found = _parsed_or_pieces(body, url, content_type)
    if not found.entries:
        mended = PREFIXED.sub(rb"<\1", UTF16_LIE.sub(rb"\1utf-8\2", body) if b"\0" not in body[:200] else body)
        found = _parsed_or_pieces(mended, url, content_type) if mended != body else found
    version = found.get("version")
    if not (version and found.entries) and (not (version or found.entries) or is_page(body)):
        return None, None, None
    malformed = str(found.get("bozo_exception") or "malformed")[:200] if found.bozo else None
    language = found.feed.get("language")
    return found.feed.get("title"), [_entry(e, language) for e in found.entries], malformed


def is_page(body: bytes) -> bool:
    """Tell whether a body is a web page."""
    return bool(re.match(rb"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html)\b", body[:2000], re.I | re.S))


def _parsed_or_pieces(body: bytes, url: str, content_type: str) -> Any:
    try:
        return _parsed(body, url, content_type)
    except Exception as error:  # feedparser raises what it likes, in a dozen places (feedparser #599)
        pieces = list(_pieces(body, url, content_type))
        found = pieces[0] if pieces else feedparser.FeedParserDict(feed={}, version="")
        found["entries"] = [entry for piece in pieces for entry in piece.entries]
        found["bozo"], found["bozo_exception"] = True, f"{type(error).__name__}: {error}"
        return found


def _pieces(body: bytes, url: str, content_type: str) -> Iterator[Any]:
    """Read every entry alone, under the feed's head, and leave out those that cannot be read."""
    pieces = list(PIECE.finditer(body))[:MAX_PIECES]
    head = body[: pieces[0].start()][:MAX_HEAD_BYTES] if pieces else body[:MAX_HEAD_BYTES]
    for piece in pieces:
        for start in (head, b"<rss><channel>"):  # the fault may be in the head
            try:
                yield _parsed(start + piece[0], url, content_type)
                break
            except Exception:  # noqa: S112 (see above)
                continue


def _parsed(body: bytes, url: str, content_type: str) -> Any:
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    # we reduce everything to text, so its sanitising of HTML (two thirds of its time) would be thrown away
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _entry(e: dict[str, Any], language: str | None) -> Entry:
    contents = [c.get("value") or "" for c in e.get("content", ()) if isinstance(c, Mapping)]
    dates = (dict.get(e, f"{kind}_parsed") for kind in ("published", "updated", "created"))
    return Entry(
        link=_link(e),
        guid=e.get("id"),
        title=e.get("title"),
        author=_author(e),
        summary=e.get("summary"),
        content=max(contents, key=len, default=None),
        published=next(filter(None, dates), None),
        language=e.get("language") or language,
    )


def _author(e: Mapping[str, Any]) -> str | None:
    mailed = re.fullmatch(r"\s*\S+@\S+\s*\((.*)\)\s*", e.get("author") or "", re.S)  # as RSS 2.0 writes it
    detail = e.get("author_detail")
    return mailed[1] if mailed else (detail.get("name") if isinstance(detail, Mapping) else None) or e.get("author")


def _link(e: Mapping[str, Any]) -> str | None:
    others = (link.get("href") for kind in ("links", "enclosures") for link in e.get(kind, ()))
    # feedburner's proxy address dies with feedburner, the original does not
    for address in (e.get("feedburner_origlink"), e.get("link"), e.get("id"), *others):
        if address and canonical_url(address):
            return str(address)
    return None
