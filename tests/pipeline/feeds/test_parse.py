"""A feed of any kind, age and quality gives every entry that can be read, cleaned."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from loopback import item, rss
from parsing import parse, titles

from helpers import NOW

ONE = "<item><title>One</title><link>/1</link></item>"


KINDS = {
    "rss 0.91": f'<rss version="0.91"><channel><title>B</title>{ONE}</channel></rss>',
    "rss 2.0": f'<rss version="2.0"><channel><title>B</title>{ONE}</channel></rss>',
    "rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    f"<channel><title>B</title></channel>{ONE}</rdf:RDF>",
    "atom 0.3": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>B</title>'
    '<entry><title>One</title><link rel="alternate" href="/1"/></entry></feed>',
    "atom 1.0": '<feed xmlns="http://www.w3.org/2005/Atom"><title>B</title>'
    '<entry><title>One</title><link href="/1"/></entry></feed>',
    "json 1.0": '{"version": "https://jsonfeed.org/version/1", "title": "B", "items": [{"title": "One", "url": "/1"}]}',
    "json 1.1": '{"version": "https://jsonfeed.org/version/1.1", "title": "B",'
    ' "items": [{"title": "One", "url": "/1"}]}',
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_feed_is_read(kind: str) -> None:
    """Titles come through, and relative links hang on the feed's address."""
    parsed = parse(KINDS[kind])
    assert (parsed.title, titles(parsed), parsed.problem) == ("B", ["One"], None)
    assert parsed.articles[0].url == "https://blog.example/1"


def test_article_is_cleaned_and_complete() -> None:
    """Every field an entry can fill, as plain text."""
    more = (
        "<author>ann@a.example (Ann &amp; Bob)</author><content:encoded xmlns:content='http://purl.org/rss/1.0/modules/"
        "content/'><![CDATA[<p>A long</p><p>text.<script>alert(1)</script></p>]]></content:encoded>"
    )
    (article,) = parse(rss(item(1, title="AT&amp;amp;T's &lt;b&gt;plan&lt;/b&gt;", more=more))).articles
    assert (article.title, article.author) == ("AT&T's plan", "Ann & Bob")
    assert (article.summary, article.text) == ("What story 1 is about.", "A long\n\ntext.")
    assert article.published_at == datetime(2026, 11, 16, 10, 1, tzinfo=UTC)
    assert (article.source, article.guid, article.first_seen_at) == ("stories.example", "g1", NOW)


@pytest.mark.parametrize(
    "date",
    ["", "yesterday", "Mon, 01 Jan 0001 00:00:00 +0000", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "2031-01-01",
     "99999-99-99T99:99:99+99:99", "1 Jan 1970", "-1", "-0001-11-30T00:00:00+00:00", "Thu, 32 Feb 2026 25:61:61 GMT"],
)  # fmt: skip
def test_date_that_cannot_be_true_is_none(date: str) -> None:
    """It neither raises nor sorts first; the article is there all the same."""
    (article,) = parse(rss(f"<item><title>T</title><link>/1</link><pubDate>{date}</pubDate></item>")).articles
    assert article.published_at is None or datetime(1990, 1, 1, tzinfo=UTC) <= article.published_at <= NOW


def test_page_in_a_feeds_place_names_the_feed_it_links_to() -> None:
    """Autodiscovery, comment feeds last; an empty body and a picture say what they are."""
    page = (
        "<!doctype html><html><head><link rel=alternate type=application/rss+xml href=/comments.xml>"
        "<link rel='alternate' type='application/atom+xml' href='../atom.xml'></head>"
        "<body><item>no</item></body></html>"
    )
    parsed = parse(page)
    assert parsed.links == ("https://blog.example/atom.xml", "https://blog.example/comments.xml")
    assert parsed.problem == "is a web page, not a feed; it names the feed https://blog.example/atom.xml"
    assert [parse(body).problem for body in ("", b"\x89PNG\r\n", '{"items": 3}')] == [
        "is empty", "is not a feed", "is not a feed"]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        rss(item(1), item(2), item(3))[:-60],
        rss(item(1), "<item><title>x</title><gml:pos></gml:pos></item>", item(3)).replace("</item>", "", 1),
        rss(item(1, title="a & b < c"), item(2), item(3)),
        rss(item(1), item(2), item(3)) + "<script src=x>",
        "<!-- made by hand -->\n" + rss(item(1), item(2), item(3)),
        rss(item(1), item(2), item(3))
        .replace("<", "<rss:")
        .replace("<rss:/", "</rss:")
        .replace("<rss:?xml", "<?xml?xml"),
        rss(item(1), item(2), item(3)).replace('<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-16"?>'),
        rss(item(1), item(2), item(3)).replace("<rss", "<!DOCTYPE rss [<!ENTITY a '&a;&a;'>]><rss"),
    ],
)
def test_malformed_feed_gives_its_entries(body: str) -> None:
    """bozo is a mark, not a rejection."""
    parsed = parse(body)
    assert len(parsed.articles) >= 2
    assert parsed.problem is None


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(item(1, title="Größe")).encode("latin-1"), "text/xml; charset=iso-8859-1"),
        (rss(item(1, title="Größe")).replace("?>", ' encoding="iso-8859-1"?>').encode("latin-1"), "application/xml"),
        (rss(item(1, title="Größe")).encode(), "text/plain"),
        (rss(item(1, title="Größe")).encode(), "text/xml; charset=us-ascii"),
        (rss(item(1, title="Größe")).encode("utf-16"), ""),
        (b"\xef\xbb\xbf" + rss(item(1, title="Größe")).encode(), "text/html"),
        (gzip.compress(rss(item(1, title="Größe")).encode()), "application/octet-stream"),
        (gzip.compress(gzip.compress(rss(item(1, title="Größe")).encode())), "application/octet-stream"),
    ],
)
def test_encodings_and_their_usual_lies_are_read(body: bytes, content_type: str) -> None:
    """The header, the declaration, neither, or both wrong."""
    assert titles(parse(body, content_type)) == ["Größe"]


def test_changes_that_do_not_matter_give_the_same_articles() -> None:
    """Metamorphic: reordered, repeated, without guids, with tracking parameters."""
    plain = parse(rss(item(1), item(2))).articles
    others = (
        rss(item(2), item(1)),
        rss(item(1), item(2), item(1)),
        rss(item(1, link="https://stories.example/1?utm_medium=rss"), item(2)),
        rss(item(1), item(2)).replace("<guid isPermaLink='false'>", "<x>").replace("</guid>", "</x>"),
    )
    for body in others:
        assert {a.id for a in parse(body).articles} == {a.id for a in plain}
    assert {replace(a, guid=None) for a in parse(others[3]).articles} == {replace(a, guid=None) for a in plain}


def test_page_that_leads_elsewhere_names_the_feed_there() -> None:
    """A feed moved by a page that forwards its visitors; one that leads to another page names none."""
    pages = [f'<html><head><meta http-equiv="Refresh" content="0; URL=\'{to}\'">' for to in ("/new/feed/", "/new/")]
    assert [parse(page).links for page in pages] == [("https://blog.example/new/feed/",), ()]


def test_entries_that_say_nothing_are_left_out_and_counted() -> None:
    """No title, no text, no address."""
    parsed = parse(rss("<item/>", "<item><pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate></item>", item(3)))
    assert (len(parsed.articles), parsed.left_out) == (1, 2)


def test_first_entries_of_a_long_feed_are_read() -> None:
    """A feed of more than 2,000 entries is an archive; it counts as well-formed."""
    parsed = parse(rss(*(f"<item><title>T {n}</title><link>/{n}</link></item>" for n in range(2_010))))
    assert titles(parsed) == [f"T {n}" for n in range(2000)]
    assert parsed.malformed is None


ODD = [
    # each once broke the reader: what feedparser gives for an element that is a list or a dict elsewhere
    "<rss><channel><link><x/></link><item><title>a</title><link>http://a.example/1</link></item></channel></rss>",
    "<rss><channel><item><links>x</links><title>a</title><link>http://a.example/1</link></item></channel></rss>",
    "<rss><channel><item><authors>x</authors><title>a</title><link>http://a.example/1</link></item></channel></rss>",
    r'{"version": "https://jsonfeed.org/version/1", "items": [{"url": "http://a.example/\ud800", "title": "\udfff"}]}',
]


@pytest.mark.parametrize("body", ODD)
def test_value_of_another_kind_breaks_nothing(body: str) -> None:
    """Nor does a lone half of a surrogate pair in an address."""
    assert len(parse(body).articles) == 1


def test_markup_of_a_short_text_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stored as its summary, in plain text; only a longer one is written as Markdown."""
    made: list[str] = []
    monkeypatch.setattr("pipeline.feeds.sanitize.markup_of_unknown", lambda text: made.append(text) or text)
    long = "<p>" + "word " * 300 + "</p>"
    for text in ("<p>short</p>", long):
        parse(rss(f"<item><title>One</title><link>/1</link><description><![CDATA[{text}]]></description></item>"))
    assert made == [long]
