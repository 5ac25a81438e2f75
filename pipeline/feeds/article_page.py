"""Extract an article from its web page: title, author, date, text, paywall flag. Pure; slow to import.

A page that stands in the article's place (`stub_page`) has no text.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import lxml.html
import trafilatura
from trafilatura.settings import Document

from pipeline.feeds import markdown, sanitize
from pipeline.feeds.dates import plausible
from pipeline.feeds.encoding import decode
from pipeline.feeds.language_tags import primary_language
from pipeline.feeds.stub_page import stub_kind

MAX_PAGE_BYTES = 3_000_000  # of the HTML that is parsed


@dataclass(frozen=True, slots=True)
class Page:
    """Metadata of the article on a page, as plain text, and its text; None or empty where the page has none."""

    title: str | None = None
    author: str | None = None
    published_at: datetime | None = None
    summary: str = ""
    text: str = ""  # Markdown, as `markdown` writes it
    language: str | None = None
    paywalled: bool | None = None
    stub: str | None = None  # what the page is where it is no article; a key of stub_page.NAMES


def read_page(body: bytes, url: str, seen_at: datetime, content_type: str = "") -> Page:
    """Extract the article from a page's HTML."""
    html = decode(body[:MAX_PAGE_BYTES], content_type)
    found = trafilatura.bare_extraction(html, url=url, with_metadata=True, include_comments=False, deduplicate=False)
    tree = trafilatura.load_html(html)
    if tree is None:
        return Page()
    metadata = found.as_dict() if isinstance(found, Document) else {}
    page_title = next(iter(tree.xpath("//title/text()")), None)
    extracted = found.body if isinstance(found, Document) else None
    text = markdown.from_tree(extracted) if extracted is not None else ""
    stub = stub_kind(page_title, text or _visible_text(tree))
    if stub and stub != "paywall":  # its title and author are those of the wall
        return Page(stub=stub)
    return Page(
        title=sanitize.shorten(sanitize.from_plain(metadata.get("title") or page_title), 500) or None,
        author=sanitize.shorten(sanitize.from_plain(metadata.get("author")), 200) or None,
        published_at=_date(metadata.get("date"), seen_at),
        summary=sanitize.shorten(sanitize.from_plain(metadata.get("description"))),
        text="" if stub else text,
        language=primary_language(next(iter(tree.xpath("/html/@lang")), None)),
        paywalled=True if stub else _is_paywalled(tree),
        stub=stub,
    )


def _visible_text(tree: lxml.html.HtmlElement) -> str:
    """Return what a page shows, its words for browsers without scripts included; a line for each text node."""
    texts = tree.xpath("//body//text()[not(ancestor::script or ancestor::style or ancestor::template)]")
    return "\n".join(filter(None, (str(text).strip() for text in texts[:2000])))


def _date(value: Any, seen_at: datetime) -> datetime | None:
    try:
        return plausible(datetime.fromisoformat(str(value)).replace(tzinfo=UTC), seen_at)
    except ValueError:
        return None


def _is_paywalled(tree: lxml.html.HtmlElement) -> bool | None:
    """Read schema.org's isAccessibleForFree, which publishers set for search engines; None if absent."""
    for script in tree.xpath('//script[@type="application/ld+json"]/text()'):
        try:
            values = list(_values(json.loads(script), "isAccessibleForFree"))
        except (ValueError, RecursionError):
            continue
        if values:
            return any(str(value).lower() == "false" for value in values)
    tiers = tree.xpath('//meta[@property="article:content_tier"]/@content')
    return str(tiers[0]).lower() in ("locked", "metered") if tiers else None


def _values(thing: Any, key: str) -> Iterator[Any]:
    if isinstance(thing, dict):
        for name, value in thing.items():
            if name == key:
                yield value
            yield from _values(value, key)
    elif isinstance(thing, list):
        for value in thing:
            yield from _values(value, key)
