"""Turn a feed's bytes into cleaned articles: RSS, RDF, Atom and JSON Feed. Pure, and run where it can be killed."""

import hashlib
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import feedparser

from pipeline.feeds import clean, jsonfeed
from pipeline.feeds.discover import feed_links
from pipeline.feeds.entry import Entry
from pipeline.types import Article
from pipeline.urls import article_id, canonical_url, host_of, url_key

MAX_ENTRIES = 2000  # a feed longer than this is an archive; its newest are kept
UTF16_LIE = re.compile(rb"""(<\?xml[^>]{0,80}encoding=["'])(?:utf-16|utf-32|ucs-2|ucs-4)[a-z]*(["'])""", re.I)
PREFIXED = re.compile(rb"<(/?)(\w+):(?=(?:item|entry|channel|rss|title|link|description|guid|pubDate)\b)")


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a feed held."""

    title: str | None
    articles: tuple[Article, ...]
    problem: str | None = None  # why this is no feed; None if it is one
    malformed: str | None = None  # a mark, not a rejection
    links: tuple[str, ...] = ()  # feeds that a web page, served in a feed's place, points to


def parse_feed(body: bytes, url: str, content_type: str, seen_at: datetime) -> Parsed:
    """Read a feed of any kind. A malformed one still gives every entry that can be read.

    Parameters
    ----------
    body : bytes
        As served, content encoding removed.
    url : str
        Where it was served; relative links hang on it.
    content_type : str
        As served; may lie.
    seen_at : datetime
        Becomes the articles' first sight, and bounds what dates may be true.
    """
    body = _unzipped(body)
    if jsonfeed.is_json(body):
        title, entries, malformed = jsonfeed.read(body, url)
    else:
        title, entries, malformed = _read_xml(body, url, content_type)
    if entries is None:
        links = tuple(feed_links(body, url))
        return Parsed(None, (), problem=_what_instead(body, links), links=links)
    articles = (_article(entry, url, seen_at) for entry in entries[:MAX_ENTRIES])
    return Parsed(clean.to_text(title) or None, tuple(_told_apart(filter(None, articles))), malformed=malformed)


def _unzipped(body: bytes) -> bytes:
    """Undo a gzip that the server did not declare."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, 50_000_000)
    except zlib.error:
        return body


def _read_xml(body: bytes, url: str, content_type: str) -> tuple[str | None, list[Entry] | None, str | None]:
    body = body.lstrip()
    found = _feedparser(body, url, content_type)
    if not found.entries:
        mended = PREFIXED.sub(rb"<\1", UTF16_LIE.sub(rb"\1utf-8\2", body) if b"\0" not in body[:200] else body)
        found = _feedparser(mended, url, content_type) if mended != body else found
    if not found.entries and (not found.version or _is_page(body)):
        return None, None, None
    language = found.feed.get("language")
    malformed = str(found.get("bozo_exception") or "malformed")[:200] if found.bozo else None
    return found.feed.get("title"), [_entry(e, language) for e in found.entries], malformed


def _feedparser(body: bytes, url: str, content_type: str) -> Any:
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    # we reduce everything to text, so its sanitising of HTML (two thirds of its time) would be thrown away
    return feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _entry(e: Mapping[str, Any], language: str | None) -> Entry:
    contents = [c.get("value") or "" for c in e.get("content", ()) if isinstance(c, Mapping)]
    author = e.get("author_detail")
    return Entry(
        link=_link(e),
        guid=e.get("id"),
        title=e.get("title"),
        author=(author.get("name") if isinstance(author, Mapping) else None) or e.get("author"),
        summary=e.get("summary"),
        content=max(contents, key=len, default=None),
        published=e.get("published_parsed") or e.get("updated_parsed") or e.get("created_parsed"),
        language=e.get("language") or language,
    )


def _link(e: Mapping[str, Any]) -> str | None:
    others = (link.get("href") for kind in ("links", "enclosures") for link in e.get(kind, ()))
    # feedburner's proxy address dies with feedburner, the original does not
    for address in (e.get("feedburner_origlink"), e.get("link"), e.get("id"), *others):
        if address and canonical_url(address):
            return str(address)
    return None


def _article(entry: Entry, feed_url: str, seen_at: datetime) -> Article | None:
    """Clean one entry; None if it has neither title nor text."""
    summary, content = clean.to_text(entry.summary), clean.to_text(entry.content)
    title = clean.to_text(entry.title) or clean.shorten(summary or content, 90)
    if not title:
        return None
    own = entry.guid or hashlib.sha256(f"{title} {summary}".encode()).hexdigest()
    url = canonical_url(entry.link or "") or _place_in(feed_url, own)
    text = max(summary, content, key=len)
    short = clean.shorten(summary or content)
    moment = entry.published
    return Article(
        id=article_id(url),
        url=url,
        title=clean.shorten(title, 500),
        source=host_of(url),
        first_seen_at=seen_at,
        published_at=clean.sensible(moment, seen_at)
        if isinstance(moment, datetime)
        else clean.to_moment(moment, seen_at),
        author=clean.shorten(clean.to_text(entry.author), 200) or None,
        summary=short,
        text="" if text == short else text,
        feed_url=feed_url,
        guid=entry.guid,
        language=clean.to_language(entry.language),
    )


def _told_apart(articles: Iterable[Article]) -> list[Article]:
    """Give entries that share one address but are different stories (a changelog's) an address each."""
    by_address: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_address[url_key(article.url)].append(article)
    return [article for group in by_address.values() for article in _addressed(group)]


def _addressed(group: list[Article]) -> list[Article]:
    guids = {article.guid for article in group if article.guid}
    if len(guids) < 2 or len({article.title for article in group}) < 2:
        return group[:1]
    urls = [_place_in(article.url, article.guid or article.title) for article in group]
    return [replace(article, id=article_id(url), url=url) for article, url in zip(group, urls, strict=True)]


def _place_in(url: str, guid: str) -> str:
    return f"{canonical_url(url)}#/{hashlib.sha256(guid.encode()).hexdigest()[:8]}"


def _is_page(body: bytes) -> bool:
    return bool(re.match(rb"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html)\b", body[:2000], re.I | re.S))


def _what_instead(body: bytes, links: tuple[str, ...]) -> str:
    if not body.strip():
        return "is empty"
    if not _is_page(body) and not links:
        return "is not a feed"
    return "is a web page, not a feed" + (f"; it names the feed {links[0]}" if links else "")
