"""Read files given by hand: subscriptions as OPML, back-filled articles as JSON lines or one JSON document."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import listparser

from pipeline.core.errors import InputError
from pipeline.core.secret_urls import hide_in_text, split_address
from pipeline.core.types import Article, Feed
from pipeline.core.urls import article_id, canonical_url, host_of
from pipeline.feeds import parse_json, sanitize
from pipeline.feeds.dates import EARLIEST, parse_date

NEEDED = ("url", "title", "published")
AHEAD = timedelta(days=1)  # a later date was written by a wrong clock


def read_opml(path: Path) -> tuple[list[Feed], list[str]]:
    """Return the feeds of an OPML file, and the entries whose address is no web address.

    Raises
    ------
    InputError
        If the file cannot be read or names no feed.
    """
    return parse_opml(str(path), _bytes(path))


def parse_opml(name: str, content: bytes) -> tuple[list[Feed], list[str]]:
    """Return the feeds of an OPML file's content, as `read_opml` does."""
    # bytes: listparser would fetch a string that looks like an address
    found = listparser.parse(content)
    given = [(*split_address(feed.url), sanitize.from_plain(feed.title) or None, feed.url) for feed in found.feeds]
    feeds = {url: Feed(url, title, address=address) for url, address, title, _ in given if url}
    refused = [hide_in_text(written) for url, _, _, written in given if not url]
    if not feeds:
        raise InputError(f"{name} names no feed; export subscriptions as OPML from your reader and give that file")
    return list(feeds.values()), refused


def read_articles(
    path: Path, *, strict: bool = True, seen_at: datetime | None = None
) -> tuple[list[Article], list[str]]:
    """Return the articles of a file of JSON lines or of one JSON document, and why each bad one was skipped.

    Each has url, title, published, and maybe source, author, summary, text. `published` counts as first seen. The
    document is a list of them, or an object that holds the list under any name.

    Parameters
    ----------
    strict : bool
        Refuse the file for its first bad line.
    seen_at : datetime, optional
        Now, aware: a date more than a day later is none, as in feeds. None: any later date is taken.

    Raises
    ------
    InputError
        If the file cannot be read, or has a bad line and `strict` is set; the message names the line.
    """
    articles, skipped = [], []
    for where, record in _records(_bytes(path)):
        try:
            articles.append(_article(record, f"{path}, {where}", seen_at))
        except InputError as error:
            if strict:
                raise InputError(f"{error}; nothing was imported") from error
            skipped.append(str(error))
    return articles, skipped


def _records(content: bytes) -> Iterator[tuple[str, Any]]:
    """Yield where each article stands, and what is there: of a line its bytes."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    if (encoding := json.detect_encoding(content)) != "utf-8":  # UTF-16 or UTF-32, in which a newline is no single byte
        content = content.decode(encoding, "replace").encode(errors="replace")
    if (document := _document(content.lstrip())) is not None:
        yield from ((f"article {number}", record) for number, record in enumerate(document, 1))
        return
    for number, line in enumerate(content.split(b"\n"), 1):
        line = line.strip().removesuffix(b",")
        if line not in (b"", b"[", b"]"):  # of a list that is broken, each article on a line of its own
            yield f"line {number}", line


def _document(content: bytes) -> list[Any] | None:
    """Return the articles of one JSON document; None for lines, and for a list that is broken."""
    start = content.partition(b"\n")[0]
    for text in (start, content) if start != content else (content,):
        found = parse_json.load(text.decode(errors="surrogateescape"))
        if isinstance(found, dict) and "url" in found:
            return None
        if isinstance(found, dict):
            found = max((value for value in found.values() if isinstance(value, list)), key=len, default=None)
        if isinstance(found, list):
            return found
    return None


def _article(record: Any, where: str, seen_at: datetime | None) -> Article:
    try:
        record = json.loads(record) if isinstance(record, bytes) else record
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: byte {error.start + 1} is not UTF-8; save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        if (record := parse_json.load(record.decode())) is None:
            raise InputError(f"{where}: this is not JSON ({error})") from error
    if isinstance(record, dict) and type(record.get("published")) is int:  # seconds since 1970
        record = {**record, "published": str(record["published"])}
    lacks = [key for key in NEEDED if not isinstance(record, dict) or not isinstance(record.get(key), str)]
    if lacks:
        raise InputError(
            f"{where}: an article needs the texts url, title and published; it lacks {' and '.join(lacks)}"
        )
    url, title = canonical_url(record["url"]), sanitize.from_unknown(record["title"], is_title=True)
    if not url or not title:
        raise InputError(f"{where}: {'no title' if url else 'url is no web address'}")
    published = parse_date(record["published"])
    if published is None:
        raise InputError(f"{where}: published is {record['published'][:100]!r}, not a date such as 2022-09-03")
    if published < EARLIEST or (seen_at and published > seen_at + AHEAD):
        wrong = f"before {EARLIEST.year}" if published < EARLIEST else "more than a day from now"
        raise InputError(f"{where}: published is {record['published']!r}, {wrong}")
    return Article(
        id=article_id(url),
        url=url,
        title=title,
        source=_text(record, "source") or host_of(url),
        first_seen_at=published,
        published_at=published,
        author=_text(record, "author") or None,
        summary=sanitize.shorten(_text(record, "summary")),
        text=_text(record, "text"),
        origin="import",
    )


def _text(record: Mapping[str, Any], key: str) -> str:
    value = record.get(key)
    return sanitize.from_unknown(value, is_title=True) if isinstance(value, str) else ""


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); name another file") from error
