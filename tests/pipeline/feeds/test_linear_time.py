"""No regular expression of the readers takes more than linear time: fuzzed with repeated pieces of what they match."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from pipeline.archive import blocks
from pipeline.archive.blocks import Block, Span
from pipeline.archive.content_kinds import kind_of
from pipeline.archive.extraction import Rules, Story
from pipeline.archive.formats.format_bibtex import bibtex_rows
from pipeline.archive.formats.forwarded import original_day
from pipeline.archive.formats.template_tags import without_template_tags
from pipeline.archive.pieces import Entry, Piece
from pipeline.core import toml_reader
from pipeline.core.secret_urls import hide_in_text
from pipeline.core.urls import canonical_url, url_key
from pipeline.desk.article_text import sentences
from pipeline.drafts import html_body
from pipeline.drafts.draft import DraftStory, one_liner
from pipeline.drafts.entry_patterns import pattern_of
from pipeline.drafts.merge import parse_draft
from pipeline.feeds import encoding, markdown, references, sanitize, stub_page, titles, xml_document
from pipeline.feeds.dates import parse_date
from pipeline.feeds.discovery import feed_links
from pipeline.feeds.parse import parse_feed

PIECES = [
    "<", "&", "<!--", "<!-- -->", "<!ENTITY ", "<!ENTITY a 'b'>", "<a ", "<a b=", "</a>", "<x:item", "<item>", "a<b",
    "List<String, ", "&#", "&amp;", "(", "[", "`", "*", "_", "\n", " ", "- ", "> ", "1. ", "@", "a@b", "mailto:",
    "<![CDATA[", "?a=b&", ",", ", ", '"', "\\\\", '\\"',
    "/amp", "#/", "%", "?url=http://a.example/", "token=", "page ", "we and our partners ", "you are ", "Mon, ", "1 ",
    "\u00e9", "\u3042", "https://", "://a@", "| ", "- x ", "...", "x: ", "a", "xxxx=",
    "{{ ", "%}", "} ", "x = {a\n", "@a{b\n", "<style ",
    "<!ENTITY a", "<item", "<author>", "<iframe", "<p ", "<?xml ", "&#0", "&lt;a b=", "&lt;iframe", "<link>http://",
    "{", "</", '{"items":[', "<pubDate>1 ", "<author>a@b (", "&amp;lt;",
]  # fmt: skip
STARTS = {"feed": ("", "<title>", "<item><title>"), "page": ("", "<!doctype html>", "<html ")}
SEEN_AT = datetime(2026, 11, 20, tzinfo=UTC)
READERS: dict[str, Callable[[str], object]] = {
    "feed": lambda text: parse_feed(f"<rss><channel>{text}".encode(), "https://a.example/feed", "", SEEN_AT),
    "json": lambda text: parse_feed(f'{{"items": ["{text}'.encode(), "https://a.example/feed", "", SEEN_AT),
    "references": lambda text: (references.repair(text.encode()), references.escape_bare(text)),
    "page": lambda text: xml_document.is_page(text.encode()),
    "prepare": xml_document.prepare,
    "decode": lambda text: encoding.decode(text.encode("utf-16-le")),
    "html": sanitize.from_html,
    "unknown": sanitize.from_unknown,
    "author": sanitize.author_name,
    "markdown": lambda text: (markdown.from_html(text), markdown.from_plain(text)),
    "stub": lambda text: stub_page.stub_kind(text, text),
    "title": lambda text: (list(titles.bare_titles(text)), titles.is_cut_off(text)),
    "date": parse_date,
    "address": lambda text: url_key(canonical_url(f"https://a.example/{text[:2000]}")),
    "secrets": hide_in_text,
    "archive": lambda text: (blocks.is_address(f"{text.strip()}://"), blocks.ATTRIBUTES.sub("", text)),
    "tags": lambda text: (without_template_tags("{{" + text), without_template_tags(f"{{{{ a {text} }}}}")),
    "bibtex": lambda text: list(bibtex_rows(f"@a{{k,\nurl = {{x}}{text}x\n{text}\n}}")),
    "forwarded": lambda text: original_day(text * 2, is_html=True),
    "refresh": lambda text: feed_links(
        f"<meta http-equiv=refresh content='{text * 4}'>".encode(), "https://a.example/"
    ),
    "note": lambda text: one_liner(DraftStory("1", "https://a.example/", "A", note=text * 4)),
    "entry": lambda text: pattern_of(_entry(text * 2)),
    "draft": lambda text: parse_draft(
        f"## A{text}x\n\n* * *{text}x\n\n[A](https://a.example/){text}x\n", Rules({}.get)
    ),
    "line breaks": lambda text: html_body.LINE_BREAK.sub("", text * 4),
    "sentences": lambda text: sentences(text.replace("...", ".") * 4 + "x"),
    "kind of a file": lambda text: kind_of(text.encode()),
    "toml": toml_reader.ENTRY.match,
    "link attributes": lambda text: blocks.LINK_ATTRIBUTES.sub("", "){" + text),
}
SIZE = 20_000  # characters; a quadratic expression takes minutes over all pieces
SOON_S = 1.0  # processor time; below it growth is not measured


@pytest.mark.parametrize("name", READERS)
def test_repeats_take_linear_time(name: str) -> None:
    """Each piece alone, in a feed also within an element, and on a page behind its start."""
    for piece in PIECES:
        for start in STARTS.get(name, ("",)):
            whole = _seconds(name, start + piece * (SIZE // len(piece)))
            if whole > SOON_S:  # thousands of entries are work: four times the text may take eight times as long
                quarter = _seconds(name, start + piece * (SIZE // 4 // len(piece)))
                assert whole < 8 * quarter + SOON_S, f"{name} over {start}{piece!r}"


def _entry(text: str) -> Entry:
    """Build an entry of one block: a title with its link, and some text before, within and behind it."""
    link = Span(f"T{text}T", "https://a.example/")
    block = Block("paragraph", 1, ((Span(text), link, Span(text)),))
    piece = Piece(block, f"{text} [{link.text}]({link.url}) {text}x", 1)
    return Entry([Story(link, (), 0, 1)], [piece])


def _seconds(name: str, text: str) -> float:
    started = time.process_time()
    READERS[name](text)
    return time.process_time() - started
