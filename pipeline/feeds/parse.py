"""Turn a feed's bytes into articles: RSS, RDF, Atom and JSON Feed. Pure; runs in a process that can be killed."""

import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.secret_urls import hide_in_text, split_address
from pipeline.core.types import Article
from pipeline.core.urls import article_id, host_of
from pipeline.feeds import markdown, parse_json, parse_xml, sanitize
from pipeline.feeds.dates import plausible
from pipeline.feeds.discovery import feed_links
from pipeline.feeds.encoding import decode
from pipeline.feeds.entry import Entry, address_without, without
from pipeline.feeds.identity import locate
from pipeline.feeds.language_tags import primary_language
from pipeline.feeds.stub_page import NAMES, stub_kind
from pipeline.feeds.xml_document import is_page

MAX_ENTRIES = 2000  # a feed longer than this is an archive; its first are kept
MAX_UNZIPPED_BYTES = 15_000_000
MAX_STUB = 200_000  # characters of a page in a feed's place that are looked at


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed held."""

    title: str | None
    articles: tuple[Article, ...]
    problem: str | None = None  # why this is no feed; None if it is one
    malformed: str | None = None  # a mark, not a rejection
    links: tuple[str, ...] = ()  # feeds that a web page, served in a feed's place, names
    left_out: int = 0  # entries without title, text and address
    reason: str | None = None  # a stable code for `problem`
    seconds: float = 0.0  # it took to parse


def parse_feed(
    body: bytes, url: str, content_type: str, seen_at: datetime, followed_at: str = "", secrets: Sequence[str] = ()
) -> ParsedFeed:
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
    secrets : sequence of str
        What of the feed's address must stand in no article.
    """
    started = time.perf_counter()
    text = decode(_gunzip(body), content_type)
    feed = (parse_json if parse_json.is_json(text) else parse_xml).read(text, url, MAX_ENTRIES)
    if feed is None:
        return _no_feed(body, text, url)
    entries = [without(entry, secrets) for entry in feed.entries] if secrets else feed.entries
    home = address_without(feed.home, secrets) if secrets else feed.home
    located, n_left_out = locate(entries, home, url)
    articles = tuple(_article(entry, address, seen_at, followed_at or url) for entry, address in located)
    seconds = time.perf_counter() - started
    title, malformed = (text and hide_in_text(text, secrets) for text in (feed.title, feed.malformed))
    return ParsedFeed(title or None, articles, malformed=malformed, left_out=n_left_out, seconds=seconds)


def _gunzip(body: bytes) -> bytes:
    """Undo gzip that the server did not declare, of a file that it packed once more as it sent it too."""
    for _ in range(2):
        with suppress(zlib.error):
            if body.startswith(b"\x1f\x8b"):
                body = zlib.decompressobj(wbits=31).decompress(body, MAX_UNZIPPED_BYTES)
    return body


def _article(entry: Entry, url: str, seen_at: datetime, feed_url: str) -> Article:
    short = sanitize.shorten(entry.summary or entry.content)
    text = entry.content or entry.summary
    if text != short:
        text = markdown.from_html(entry.markup()) or text
    # an entry that is only a picture is named by its address
    title = entry.title or sanitize.shorten(short, 90) or url.partition("://")[2]
    return Article(
        id=article_id(url),
        url=url,
        title=sanitize.shorten(title, 500),
        source=host_of(url),
        first_seen_at=seen_at,
        published_at=plausible(entry.published, seen_at),
        author=sanitize.shorten(entry.author, 200) or None,
        summary=short,
        text="" if text == short else text,
        feed_url=feed_url,
        guid=sanitize.replace_surrogates(entry.guid) or None,
        language=primary_language(entry.language),
    )


def _no_feed(body: bytes, text: str, url: str) -> ParsedFeed:
    """Say what a document is that is no feed."""
    links = tuple(feed_links(body, url))
    if not text.strip():
        problem, reason = "is empty", "empty"
    elif not is_page(text[:4000].encode("utf-8", "replace")) and not links:
        problem, reason = "is not a feed", "not_a_feed"
    elif (kind := stub_kind(*sanitize.title_and_text(text[:MAX_STUB]))) and not links:
        problem, reason = f"is a web page, not a feed: {NAMES[kind]}", kind
    else:
        problem, reason = "is a web page, not a feed", "web_page"
        problem += f"; it names the feed {split_address(links[0])[0]}" if links else ""
    return ParsedFeed(None, (), problem=problem, links=links, reason=reason)
