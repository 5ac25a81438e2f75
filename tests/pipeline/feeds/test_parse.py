"""A feed of any kind, age and quality gives every entry that can be read, cleaned."""

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from loopback import item, rss

from helpers import NOW
from pipeline.feeds.parse import ParsedFeed, parse_feed

URL = "https://blog.example/feeds/all.xml"


def parse(body: str | bytes, content_type: str = "", url: str = URL) -> ParsedFeed:
    """Parse a feed as if it was served now."""
    return parse_feed(body.encode() if isinstance(body, str) else body, url, content_type, NOW)


def titles(parsed: ParsedFeed) -> list[str]:
    """List the titles."""
    return [article.title for article in parsed.articles]


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
    assert (article.summary, article.text) == ("What story 1 is about.", "A long text.")
    assert article.published_at == datetime(2026, 11, 16, 10, 1, tzinfo=UTC)
    assert (article.source, article.guid, article.first_seen_at) == ("stories.example", "g1", NOW)


@pytest.mark.parametrize(
    "date",
    ["", "yesterday", "Mon, 01 Jan 0001 00:00:00 +0000", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59Z", "2031-01-01",
     "99999-99-99T99:99:99+99:99", "1 Jan 1970", "-1", "Thu, 32 Feb 2026 25:61:61 GMT"],
)  # fmt: skip
def test_date_that_cannot_be_true_is_none(date: str) -> None:
    """It neither raises nor sorts first; the article is there all the same."""
    (article,) = parse(rss(f"<item><title>T</title><link>/1</link><pubDate>{date}</pubDate></item>")).articles
    assert article.published_at is None or datetime(1990, 1, 1, tzinfo=UTC) <= article.published_at <= NOW


def test_entries_of_one_address_are_told_apart() -> None:
    """A changelog links every entry to one page; a repeated entry is one."""
    changelog = rss(item(1, link="/log", title="Version 1"), item(2, link="/log", title="Version 2"), item(3), item(3))
    parsed = parse(changelog)
    assert sorted(titles(parsed)) == ["Story number 3 has a title", "Version 1", "Version 2"]
    assert len({article.id for article in parsed.articles}) == 3
    assert {a.id for a in parsed.articles} == {a.id for a in parse(changelog).articles}


def test_entry_without_a_link_has_a_place_of_its_own() -> None:
    """Its id, if that is an address, else a place in the feed."""
    parsed = parse(
        rss("<item><title>A</title><guid>https://a.example/7</guid></item>", "<item><title>B</title></item>", "<item/>")
    )
    assert titles(parsed) == ["A", "B"]
    assert parsed.articles[0].url == "https://a.example/7"
    assert parsed.articles[1].url.startswith(URL + "#/")


def test_hostile_links_are_not_kept() -> None:
    """javascript: and data: are no addresses of an article."""
    parsed = parse(rss(item(1, link="javascript:alert(1)"), item(2, link="data:text/html,x")))
    assert all(article.url.startswith("https://blog.example/") for article in parsed.articles)


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


# found by bench/mutants.py and made small; feedparser raises on each
POISON = [
    "<item><title>a</title><description>&#xD800;</description></item>",
    "<item><title>a</title></width></item>",
    "<item><title>a</title></height></item>",
    "<item xmlns:gml='http://www.opengis.net/gml'><gml:pos>1 2</gml:pos></item>",
]


@pytest.mark.parametrize("entry", POISON)
def test_entry_that_breaks_feedparser_does_not_take_the_others_along(entry: str) -> None:
    """Every other entry is read one by one."""
    body = rss(item(1), entry, item(2)).replace("</rss>", "<unclosed>")
    with pytest.raises((UnicodeEncodeError, TypeError, KeyError)):
        feedparser.parse(body.encode())
    urls = {article.url for article in parse(body).articles}
    assert {"https://stories.example/1", "https://stories.example/2"} <= urls


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
    ],
)
def test_encodings_and_their_usual_lies_are_read(body: bytes, content_type: str) -> None:
    """The header, the declaration, neither, or both wrong."""
    assert titles(parse(body, content_type)) == ["Größe"]


def test_entities_are_neither_fetched_nor_expanded() -> None:
    """Billion laughs and a file as an entity."""
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 12))
    body = rss(item(1, title="&l11;&file;")).replace(
        "<rss", f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{laughs}<!ENTITY file SYSTEM 'file:///etc/passwd'>]><rss", 1
    )
    parsed = parse(body)
    assert len(parsed.articles) == 1
    assert "root:" not in parsed.articles[0].title
    assert len(parsed.articles[0].title) < 1000


def test_json_feed_is_read_whatever_its_values_are() -> None:
    """Authors of both versions, ids of any kind, dates, and items that are none."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": 7, "language": "de-CH", "authors": [{"name": "House"}],
        "items": [
            {"id": 1, "url": "https://a.example/1", "title": "One", "date_published": "2026-11-01T10:00:00+02:00"},
            {"id": "https://a.example/2", "content_text": "Only text", "author": {"name": "Ann"},
             "date_published": "never"},
            {"id": None, "external_url": "https://b.example/3", "title": "\ud800Three", "summary": 5},
            "nonsense", {},
        ],
    }  # fmt: skip
    parsed = parse(json.dumps(feed))
    assert titles(parsed) == ["One", "Only text", "?Three"]
    assert [a.author for a in parsed.articles] == ["House", "Ann", "House"]
    assert parsed.articles[0].published_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert (parsed.articles[0].language, parsed.malformed) == ("de", "1 items are no objects")


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
