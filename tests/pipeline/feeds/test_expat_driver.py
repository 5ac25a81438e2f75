"""The SAX driver with which feedparser reads XML."""

import xml.sax
from io import BytesIO
from xml.sax.handler import ContentHandler

import feedparser

from pipeline.feeds import parse_xml


class Texts(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def characters(self, content: str) -> None:
        self.pieces.append(content)


def test_a_text_is_handed_over_once() -> None:
    """Lines and entities do not cut it; Python's own driver calls for each."""
    texts = Texts()
    parser = xml.sax.make_parser(feedparser.api.PREFERRED_XML_PARSERS)
    parser.setContentHandler(texts)
    parser.parse(BytesIO(b"<a>one &lt;b&gt; two\nthree &amp; four</a>"))
    assert texts.pieces == ["one <b> two\nthree & four"]


def test_longer_texts_stay_whole() -> None:
    """A text beyond the buffer comes in pieces, which feedparser joins."""
    words = "long &amp; longer\n" * 20_000
    feed = (
        f"<rss version='2.0'><channel><item><title>T</title><description>{words}</description></item></channel></rss>"
    )
    raw = parse_xml.read(feed, "https://example.org/feed", 10)
    assert raw is not None
    assert len(raw.entries[0].summary.split()) == 60_000
