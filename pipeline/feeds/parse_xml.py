"""Parse RSS, RDF and Atom with feedparser, and piece by piece what feedparser cannot parse whole. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

import feedparser

from pipeline.core.urls import canonical_url, resolve
from pipeline.feeds import feedparser_patches, references, sanitize
from pipeline.feeds.dates import parse_date
from pipeline.feeds.entry import Entry, RawFeed

MAX_HEAD_BYTES = 20_000  # before the first entry that are parsed again with each piece
MAX_PIECES = 500
MAX_AUTHOR = 400  # characters; feedparser takes seconds over a long author (feedparser #580)
ENTRY_START = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>])", re.ASCII)
PIECE_START = re.compile(rb"<(?:item|entry)\b")
ENTITY = re.compile(rb"<!ENTITY[^<>]*>")
# an entity of one character or of plain text; any other may grow, or reach outside
HARMLESS = re.compile(rb"<!ENTITY\s+[\w.:-]{1,60}\s+(?:\"(?:&#\w{1,8};|[^&%\"]*)\"|'(?:&#\w{1,8};|[^&%']*)')\s*>")
AUTHOR = re.compile(
    rb"(<(?:[\w.-]{1,40}:)?(?:author|name|creator|managingEditor|webMaster)\b[^<>]*>[^<]{%d})[^<]+" % MAX_AUTHOR
)
DECLARATION = re.compile(r"<\?xml\b[^<>]{0,200}\?>")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
ILLEGAL_REFERENCE = re.compile(
    r"&#(?:0*(?:\d|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bBcCeEfF]|1[\da-fA-F]|[dD][89a-fA-F][\da-fA-F]{2}));"
)
# a prefix on the feed's own elements, declared nowhere
PREFIXED = re.compile(rb"<(/?)(\w{1,20}):(?=(?:item|entry|channel|rss|title|link|description|guid|pubDate)\b)")
ISO_DIGITS = re.compile(r"\d[\d:TZ.+-]{0,39}")
RSS = re.compile(rb"<(?:rss|rdf:RDF)\b", re.I)
CHANNEL_LINK = re.compile(rb"<link>\s{0,100}(https?://[^<\s]{1,1000})\s{0,100}</link>")
SUMMARIES = ("summary", "subtitle", "media_description")
SPACE = b" \t\r\n"
# what stands before a document's first element, and the ends of it
SKIPPED = re.compile(rb"<!--|<\?xml|<!doctype", re.I)
SKIPPED_END = {b"<!--": b"-->", b"<?xml": b">", b"<!doctype": b">"}
HTML_TYPE = re.compile(rb"<!doctype\s{1,20}html\b", re.I)
HTML, FEED = re.compile(rb"<html\b", re.I), re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I)
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
        _text(found.feed, "title", version, is_title=True),
        list(_entries(found.entries[:limit], found.feed, version, base)),
        _string(found.feed, "link"),
        malformed,
    )


def _fault(found: Any) -> str | None:
    return str(found.get("bozo_exception") or "malformed")[:200] if found.bozo else None


def _entries(entries: Iterable[Any], feed: Mapping[str, Any], version: str, base: str) -> Iterator[Entry]:
    for entry in entries:
        with suppress(Exception):  # in a malformed entry feedparser's own dict raises on reading (feedparser #599)
            yield _entry(entry, feed, version, base)


def is_page(body: bytes) -> bool:
    """Return whether a document is a web page; a feed may have a page's document type."""
    start, rest, is_html = 0, body[:4000], False
    while start < len(rest):  # a loop and not one pattern, whose alternatives could be tried in 2^n ways
        if rest[start : start + 1] in SPACE:
            start += 1
        elif found := SKIPPED.match(rest, start):
            end = rest.find(SKIPPED_END[found[0].lower()], start)
            is_html = is_html or bool(HTML_TYPE.match(rest, start))
            start = rest.find(b">", end) + 1 if end >= 0 else len(rest)
        else:
            return bool(HTML.match(rest, start)) or (is_html and not FEED.match(rest, start))
    return is_html


def prepare(text: str) -> bytes:
    """Remove what makes feedparser's strict parser fail or take long: it is twice as fast as the lenient one."""
    text = ILLEGAL_REFERENCE.sub("\ufffd", ILLEGAL.sub("", text.lstrip()))
    text = DECLARATION.sub('<?xml version="1.0"?>', text, count=1)
    body = sanitize.replace_surrogates(text).encode()
    if b"<!ENTITY" in body:
        body = ENTITY.sub(lambda found: found[0] if HARMLESS.fullmatch(found[0]) else b"", body)
    return AUTHOR.sub(rb"\1", body)


def shorten(text: str, limit: int) -> str:
    """Cut the entries beyond the limit out of a feed before it is parsed, which takes a second for 5,000."""
    if text.count("<item") + text.count("<entry") + text.count(":item") + text.count(":entry") <= limit:
        return text
    for count, found in enumerate(ENTRY_START.finditer(text)):
        if count == limit:
            last = max(text.rfind("</item"), text.rfind("</entry"), found.start())
            tail = text.find(">", last) + 1 if last > found.start() else len(text)
            return text[: found.start()] + text[tail:]
    return text


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


def _entry(e: Mapping[str, Any], feed: Mapping[str, Any], version: str, base: str) -> Entry:
    contents = [(_from_detail(c, version), c) for c in e.get("content") or () if isinstance(c, Mapping)]
    content, detail = max(contents, key=lambda pair: len(pair[0]), default=("", {}))
    return Entry(
        link=_link(e, base),
        guid=_string(e, "id"),
        title=_text(e, "title", version, is_title=True) or sanitize.from_plain(_string(e, "itunes_title")),
        author=_author(e, feed, version),
        summary=next(filter(None, (_text(e, key, version) for key in SUMMARIES if _is_own(e, key))), ""),
        content=content,
        markup=partial(_markup, detail if content else _detail(e, "summary"), version),
        published=next(filter(None, (_date(e, key) for key in ("published", "updated", "created"))), None),
        language=_string(e, "language") or _language(e) or _string(feed, "language"),
    )


def _is_own(e: Mapping[str, Any], key: str) -> bool:
    """Return whether a text is no copy of the content, which feedparser makes for a missing one, without its type."""
    return f"{key}_detail" in e or not e.get("content")


def _text(thing: Mapping[str, Any], key: str, version: str, *, is_title: bool = False) -> str:
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


def _string(thing: Mapping[str, Any], key: str) -> str | None:
    """Return a value that should be text: in a malformed feed feedparser may give a dict in its place."""
    value = thing.get(key)
    return value if isinstance(value, str) else None


def _language(e: Mapping[str, Any]) -> str | None:
    details = (_get(e, key) for key in ("title_detail", "summary_detail"))
    contents = e.get("content") or ()
    found = (_string(d, "language") for d in (*details, *contents) if isinstance(d, Mapping))
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
    written = [_string(a, "name") or _string(a, "email") for a in authors] or [_string(thing, "author")]
    return [name for name in map(sanitize.author_name, written) if name]


def _date(e: Mapping[str, Any], key: str) -> datetime | None:
    written = _get(e, key)
    parsed = _get(e, f"{key}_parsed")
    if not isinstance(written, str):
        return None
    found = parse_date(written)
    # the rarer forms of ISO 8601, which are digits alone, are feedparser's
    if found is None and parsed and ISO_DIGITS.fullmatch(written.strip()):
        try:
            return datetime(*tuple(parsed)[:6], tzinfo=UTC)  # type: ignore[misc]
        except (ValueError, OverflowError):
            return None
    return found


def _link(e: Mapping[str, Any], base: str) -> str | None:
    links = [(_relation(link), link) for link in _get(e, "links") or () if isinstance(link, Mapping)]
    links = [(relation, link) for relation, link in links if relation in RELATIONS]
    links.sort(key=lambda pair: (RELATIONS.index(pair[0]), str(pair[1].get("type")).startswith("image/")))
    written = [content.get("src") for content in e.get("content") or () if isinstance(content, Mapping)]
    others = (_join(base, address) for address in (*written, *(link.get("href") for _, link in links)))
    # feedburner's proxy address dies with feedburner, the original does not
    for address in (e.get("feedburner_origlink"), _permalink(e, base), e.get("id"), *others):
        if isinstance(address, str) and canonical_url(address):
            return address
    return None


def _relation(link: Mapping[str, Any]) -> str:
    return str(link.get("rel")).removeprefix("http://www.iana.org/assignments/relation/")  # RFC 4287, 4.2.7.2


def _permalink(e: Mapping[str, Any], base: str) -> str | None:
    """Return the link, which feedparser may have taken from the id: then it is one if it is an address or a path."""
    link = _string(e, "link")
    if not link or (link == _string(e, "id") and not link.startswith(("/", "http://", "https://"))):
        return None
    return _join(base, link)


def _join(base: str, link: object) -> str | None:
    with suppress(ValueError):
        return resolve(base, link.strip()) if isinstance(link, str) and link.strip() else None
    return None


# where an entry has no link rel="alternate"; replies, edit, hub and the like are no addresses of it
RELATIONS = ("alternate", "related", "via", "enclosure", "self")
