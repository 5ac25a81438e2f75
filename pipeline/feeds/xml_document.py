"""Prepare an XML feed for feedparser, and tell a feed from a web page. Pure."""

import re

from pipeline.feeds import cdata, sanitize

MAX_AUTHOR = 400  # characters; feedparser takes seconds over a long author (feedparser #580)
ENTRY_START = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>])", re.ASCII)
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
SPACE = b" \t\r\n"
# what stands before a document's first element, and the ends of it
SKIPPED = re.compile(rb"<!--|<\?xml|<!doctype", re.I)
SKIPPED_END = {b"<!--": b"-->", b"<?xml": b">", b"<!doctype": b">"}
HTML_TYPE = re.compile(rb"<!doctype\s{1,20}html\b", re.I)
HTML, FEED = re.compile(rb"<html\b", re.I), re.compile(rb"<(?:rss|feed|rdf:RDF)\b", re.I)


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
    text = cdata.close_sections(text)
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
