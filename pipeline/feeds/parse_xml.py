"""Parse RSS, RDF and Atom with feedparser, and piece by piece what feedparser cannot parse whole. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import feedparser

from pipeline.core.urls import canonical_url
from pipeline.feeds import feedparser_patches, references
from pipeline.feeds.entry import Entry, RawFeed
from pipeline.feeds.xml_document import is_page, prepare, shorten
from pipeline.feeds.xml_entry import read_entry, string_of, text_of

MAX_HEAD_BYTES = 20_000  # before the first entry that are parsed again with each piece
MAX_PIECES = 500
PIECE_START = re.compile(rb"<(?:item|entry)\b")
# a prefix on the feed's own elements, declared nowhere
PREFIXED = re.compile(rb"<(/?)(\w{1,20}):(?=(?:item|entry|channel|rss|title|link|description|guid|pubDate)\b)")
RSS = re.compile(rb"<(?:rss|rdf:RDF)\b", re.I)
CHANNEL_LINK = re.compile(rb"<link>\s{0,100}(https?://[^<\s]{1,1000})\s{0,100}</link>")
feedparser_patches.apply()


def read(text: str, url: str, limit: int) -> RawFeed | None:
    """Parse at most `limit` entries of a feed; None if the document is no feed."""
    body = prepare(shorten(text, limit))
    base = _base(body, url)
    found = _parse_or_pieces(body, base)
    malformed = _fault(found)
    if malformed and (repaired := references.repair(body)) != body:
        # the commonest fault; without it the strict parser reads the feed, which knows what stands within what
        strict = _parse_or_pieces(repaired, base)
        found = strict if not strict.bozo and len(strict.entries) >= len(found.entries) else found
    if not found.entries:
        repaired = PREFIXED.sub(rb"<\1", body)
        found = _parse_or_pieces(repaired, base) if repaired != body else found
    version = found.get("version") or ""
    if not (version and found.entries) and (not (version or found.entries) or is_page(body)):
        return None
    return RawFeed(
        text_of(found.feed, "title", version, is_title=True),
        list(_entries(found.entries[:limit], found.feed, version, base)),
        string_of(found.feed, "link"),
        malformed,
    )


def _fault(found: Any) -> str | None:
    return str(found.get("bozo_exception") or "malformed")[:200] if found.bozo else None


def _entries(entries: Iterable[Any], feed: Mapping[str, Any], version: str, base: str) -> Iterator[Entry]:
    for entry in entries:
        with suppress(Exception):  # in a malformed entry feedparser's own dict raises on reading (feedparser #599)
            yield read_entry(entry, feed, version, base)


def _parse_or_pieces(body: bytes, base: str) -> Any:
    try:
        return _parse(body, base)
    except Exception as error:  # feedparser raises what it likes, in a dozen places (feedparser #599)
        pieces = list(_pieces(body, base))
        found = pieces[0] if pieces else feedparser.FeedParserDict(feed={}, version="")
        found["entries"] = [entry for piece in pieces for entry in piece.entries]
        found["bozo"], found["bozo_exception"] = True, f"{type(error).__name__}: {error}"
        return found


def _pieces(body: bytes, base: str) -> Iterator[Any]:
    """Parse every entry alone, under the feed's head, and leave out those that cannot be parsed."""
    starts = [found.start() for found in PIECE_START.finditer(body)][: MAX_PIECES + 1]
    head = body[: starts[0]][:MAX_HEAD_BYTES] if starts else body[:MAX_HEAD_BYTES]
    for start, end in zip(starts, [*starts[1:], len(body)], strict=False):
        for before in (head, b"<rss><channel>"):  # the fault may be in the head
            try:
                yield _parse(before + body[start:end], base)
                break
            except Exception:  # noqa: S112 (see above)
                continue


def _parse(body: bytes, base: str) -> Any:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    # everything is reduced to text, so its sanitizing of HTML (two thirds of its time) would be thrown away
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _base(body: bytes, url: str) -> str:
    """Return the base of relative links: in RSS the channel's link, for another host may serve the feed."""
    head = body[:MAX_HEAD_BYTES]
    first = PIECE_START.search(head)
    link = CHANNEL_LINK.search(head[: first.start()] if first else head)
    if link is None or not RSS.search(head[:2000]):
        return url
    base = canonical_url(link[1].decode("utf-8", "replace"))
    return base if "." in base.partition("://")[2].partition("/")[0] else url
