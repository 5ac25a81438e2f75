"""Turn a feed's bytes into cleaned articles: RSS, RDF, Atom and JSON Feed. Pure, and run where it can be killed."""

import hashlib
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.core.types import Article
from pipeline.core.urls import article_id, canonical_url, host_of, url_key
from pipeline.feeds import parse_json, parse_xml, sanitize
from pipeline.feeds.discovery import feed_links
from pipeline.feeds.entry import Entry

MAX_ENTRIES = 2000  # a feed longer than this is an archive; its first are kept
MAX_UNZIPPED_BYTES = 15_000_000


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed held."""

    title: str | None
    articles: tuple[Article, ...]
    problem: str | None = None  # why this is no feed; None if it is one
    malformed: str | None = None  # a mark, not a rejection
    links: tuple[str, ...] = ()  # feeds that a web page, served in a feed's base_url, points to
    seconds: float = 0.0  # it took to read


def parse_feed(body: bytes, url: str, content_type: str, seen_at: datetime, followed_at: str = "") -> ParsedFeed:
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
    followed_at : str
        The address under which the feed is known, where it is not `url`.
    """
    started = time.perf_counter()
    body = _gunzip(body)
    if parse_json.is_json(body):
        title, entries, malformed = parse_json.read(body, url)
    else:
        title, entries, malformed = parse_xml.read(body, url, content_type)
    if entries is None:
        links = tuple(feed_links(body, url))
        return ParsedFeed(None, (), problem=_problem(body, links), links=links)
    articles = (_article(entry, url, seen_at, followed_at or url) for entry in entries[:MAX_ENTRIES])
    kept = tuple(_told_apart(filter(None, articles)))
    return ParsedFeed(sanitize.to_text(title) or None, kept, malformed=malformed, seconds=time.perf_counter() - started)


def _gunzip(body: bytes) -> bytes:
    """Undo a gzip that the server did not declare."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, MAX_UNZIPPED_BYTES)
    except zlib.error:
        return body


def _article(entry: Entry, base_url: str, seen_at: datetime, feed_url: str) -> Article | None:
    """Clean one entry; None if it has neither title nor text nor address."""
    summary, content = sanitize.to_text(entry.summary), sanitize.to_text(entry.content)
    url, guid = canonical_url(sanitize.replace_surrogates(entry.link)), sanitize.replace_surrogates(entry.guid) or None
    # an entry that is only a picture goes by its address
    title = sanitize.to_text(entry.title) or sanitize.shorten(summary or content, 90) or url.partition("://")[2]
    if not title:
        return None
    url = url or _place_in(base_url, guid or title + summary)
    text, short = content or summary, sanitize.shorten(summary or content)
    return Article(
        id=article_id(url),
        url=url,
        title=sanitize.shorten(title, 500),
        source=host_of(url),
        first_seen_at=seen_at,
        published_at=sanitize.to_datetime(entry.published, seen_at),
        author=sanitize.shorten(sanitize.to_text(entry.author), 200) or None,
        summary=short,
        text="" if text == short else text,
        feed_url=feed_url,
        guid=guid,
        language=sanitize.to_language(entry.language),
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


def _problem(body: bytes, links: tuple[str, ...]) -> str:
    if not body.strip():
        return "is empty"
    if not parse_xml.is_page(body) and not links:
        return "is not a feed"
    return "is a web page, not a feed" + (f"; it names the feed {links[0]}" if links else "")
