"""A feed of any kind, age and quality gives every entry that can be read, cleaned."""

import gzip
import json
import time
from dataclasses import replace
from datetime import UTC, datetime

import feedparser
import pytest
from loopback import item, rss

from helpers import NOW
from pipeline.feeds import parse_xml
from pipeline.feeds.dates import parse_date
from pipeline.feeds.encoding import decode
from pipeline.feeds.parse import ParsedFeed, parse_feed
from pipeline.feeds.sanitize import author_name, from_html, from_unknown

URL = "https://blog.example/feeds/all.xml"


GOOGLE, APPLE = "http://www.google.com/schemas/play-podcasts/1.0", "http://www.itunes.com/dtds/podcast-1.0.dtd"


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
        (gzip.compress(gzip.compress(rss(item(1, title="Größe")).encode())), "application/octet-stream"),
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


def test_entities_of_one_character_or_of_text_are_read() -> None:
    """Many feeds declare HTML's; where one is missing, the others are read all the same."""
    declared = """<!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY co 'Pond Ltd'><!ENTITY two "&co;&co;">]>"""
    parsed = parse(rss(item(1, title="&co;:&nbsp;reeds")).replace("<rss", f"{declared}<rss", 1))
    assert (titles(parsed), parsed.malformed) == (["Pond Ltd: reeds"], None)
    assert titles(parse(rss(item(1, title="&two;")).replace("<rss", f"{declared}<rss", 1))) == ["&two;"]


def test_json_feed_is_read_whatever_its_values_are() -> None:
    """Authors of both versions, ids of any kind, dates, and items that are none."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1", "title": 7, "language": "de-CH", "authors": [{"name": "House"}],
        "items": [
            {"id": 1, "url": "https://a.example/1", "title": "One", "date_published": "2026-11-01T10:00:00+02:00"},
            {"id": "https://a.example/2", "content_text": "Only text", "author": {"name": "Ann"},
             "date_published": "never", "authors": ["Bo"]},
            {"id": None, "external_url": "https://b.example/3", "title": "\ud800Three", "summary": 5},
            "nonsense", {},
        ],
    }  # fmt: skip
    parsed = parse(json.dumps(feed))
    assert titles(parsed) == ["One", "Only text", "?Three"]
    assert [a.author for a in parsed.articles] == ["House", "Bo, Ann", "House"]
    assert parsed.articles[0].published_at == datetime(2026, 11, 1, 8, tzinfo=UTC)
    assert (parsed.articles[0].language, parsed.malformed) == ("de", "1 items are no objects")


def test_json_feed_written_by_hand_is_read() -> None:
    """With a comma too many, white space before it, dates in seconds; commas in its texts stay."""
    feed = '{"items": [{"id": "1", "url": "/1", "title": "a, ]", "date_published": 1763546400,},],}'
    parsed = parse("\n" * 99 + feed)
    (article,) = parsed.articles
    assert (article.title, article.url, parsed.malformed) == ("a, ]", "https://blog.example/1", "a comma too many")
    assert article.published_at == datetime(2025, 11, 19, 10, tzinfo=UTC)
    assert parse('{"items": [{"id": "1",,}]}').problem == "is not a feed"


def test_broken_json_feed_gives_each_item_that_is_whole() -> None:
    """Cut off within an item, or with one that is no JSON in the middle; what the feed says of itself is kept."""
    feed = {
        "title": "B", "authors": [{"name": "House"}],
        "items": [{"id": n, "url": f"/{n}", "title": f"T{n}", "attachments": [{"url": "/a.mp3"}]} for n in range(3)],
    }  # fmt: skip
    text = json.dumps(feed)
    cut, broken = parse(text[:-70]), parse(text.replace('"T1"', '"T "1" "'))
    assert (titles(cut), titles(broken)) == (["T0", "T1"], ["T0", "T2"])
    assert (cut.title, broken.articles[1].author) == ("B", "House")
    assert broken.malformed == "cut off or broken within an item"


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


def atom(entries: str, head: str = "") -> str:
    """Write an Atom feed."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>B</title>{head}{entries}</feed>'


def test_atom_says_which_titles_are_plain() -> None:
    """`type="text"` and none are plain text, "html" and "xhtml" are markup (RFC 4287 3.1.1)."""
    kinds = {
        "": "Why &lt;b&gt;x&lt;/b&gt; &amp;amp; y", "text": "Why &lt;b&gt;x&lt;/b&gt; &amp;amp; y",
        "html": "Why &lt;b&gt;x&lt;/b&gt; &amp;amp; y",
    }  # fmt: skip
    entries = [
        f'<entry><title type="{k}">{t}</title><link href="/{n}"/></entry>' for n, (k, t) in enumerate(kinds.items())
    ]
    body = atom("".join(entries).replace(' type=""', ""))
    assert titles(parse(body)) == ["Why <b>x</b> &amp; y", "Why <b>x</b> &amp; y", "Why x & y"]


def test_content_without_a_summary_is_read_by_its_own_type() -> None:
    """Plain text with angle brackets; a content that stands elsewhere gives the entry its address."""
    entries = (
        '<entry><title>A</title><link href="/1"/><content type="text/plain">a &lt;b&gt; c</content></entry>'
        '<entry><title>B</title><id>urn:b</id><link rel="self" href="/b.atom"/><content src="/2"/></entry>'
    )
    plain, elsewhere = parse(atom(entries)).articles
    assert (plain.summary, elsewhere.url) == ("a <b> c", "https://blog.example/2")


def test_authors_are_inherited_and_joined() -> None:
    """An entry's own, all of them; else its source's, else the feed's (RFC 4287 4.2.1)."""
    by = "<author><name>{}</name></author>".format
    bodies = (
        f"<entry><title>1</title><link href='/1'/>{by('Ann')}{by('Bob')}</entry>"
        f"<entry><title>2</title><link href='/2'/><source>{by('Sue')}</source></entry>"
        "<entry><title>3</title><link href='/3'/></entry>"
    )
    assert [a.author for a in parse(atom(bodies, by("House"))).articles] == ["Ann, Bob", "Sue", "House"]
    creators = "<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>{}</dc:creator>".format
    (article,) = parse(rss(item(1, more=creators("Ann") + creators("Bob")))).articles
    assert article.author == "Ann, Bob"


def test_author_is_read_whatever_stands_beside_it() -> None:
    """An address with a long ending, and the name in a second element."""
    dc = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    more = f"<author>ann@a.example (Ann)</author><dc:creator {dc}>Ann</dc:creator><dc:creator {dc}>Bo</dc:creator>"
    (article,) = parse(rss(item(1, more=more))).articles
    assert article.author == "Ann, Bo"


def test_link_is_found_by_its_relation() -> None:
    """Also where the relation is written as an address; an id that is no address is no link."""
    entries = (
        "<entry><title>A</title><id>a</id><link rel='http://www.iana.org/assignments/relation/alternate' href='/1'/>"
        "</entry><entry><title>B</title><id>b</id><link rel='hub' href='/h'/><link rel='related' href='/2'/></entry>"
    )
    assert [a.url for a in parse(atom(entries)).articles] == ["https://blog.example/1", "https://blog.example/2"]


def test_language_of_an_entry_goes_before_its_feeds() -> None:
    """xml:lang of the entry, then of the feed."""
    body = atom(
        "<entry xml:lang='fr'><title>1</title><link href='/1'/></entry><entry><title>2</title><link href='/2'/></entry>"
    )
    assert [a.language for a in parse(body).articles] == ["fr", "de"]


def test_podcast_fields_serve_where_the_usual_ones_are_missing() -> None:
    """itunes:title, itunes:subtitle, itunes:author, and the enclosure as address."""
    body = (
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>P</title><item>'
        "<itunes:title>Tides</itunes:title><itunes:subtitle>Short</itunes:subtitle><itunes:author>Ann</itunes:author>"
        '<enclosure url="https://p.example/1.mp3" type="audio/mpeg" length="1"/></item></channel></rss>'
    )
    (article,) = parse(body).articles
    assert (article.title, article.summary, article.author) == ("Tides", "Short", "Ann")
    assert article.url == "https://p.example/1.mp3"


def test_picture_is_no_address_of_an_episode() -> None:
    """Where the sound stands beside it."""
    enclosures = (
        '<enclosure url="https://p.example/1.jpg" type="image/jpeg"/><enclosure url="https://p.example/1.mp3" '
        'type="audio/mpeg"/>'
    )
    (article,) = parse(rss(f"<item><title>T</title><guid isPermaLink='false'>7</guid>{enclosures}</item>")).articles
    assert article.url == "https://p.example/1.mp3"


@pytest.mark.parametrize(
    "start", ["<div>", '<div xmlns="{0}">', '<x:div xmlns:x="{0}">', '<body xmlns="{0}">', '<x:body xmlns:x="{0}">']
)
def test_xhtml_in_an_item_is_its_content(start: str) -> None:
    """The full text of an RSS item may stand in an XHTML element, which may hold others of its name."""
    start = start.format("http://www.w3.org/1999/xhtml")
    name = start[1:].split()[0].rstrip(">")
    body = f"{start}<{name}>Full <b>text</b>.</{name}><p>The end.</p></{name}>"
    parsed = parse(rss(f"<item><title>One</title><link>/1</link>{body}<author>Ann</author></item>", item(2)))
    first, second = parsed.articles
    assert (first.title, first.author, first.summary) == ("One", "Ann", "Full text. The end.")
    assert second.summary == "What story 2 is about."


def test_description_of_a_picture_is_no_description_of_its_item() -> None:
    """Media RSS describes the picture or the film; it serves where the item has no text of its own, as YouTube's."""
    media = "<media:content><media:description>A photo. By Ann.</media:description></media:content>"
    own = "<description>What it is about.</description>"
    items = (f"<item><title>{n}</title>{text}</item>" for n, text in enumerate((own + media, media + own, media)))
    feed = rss(*items).replace("<rss", '<rss xmlns:media="http://search.yahoo.com/mrss/"')
    found = [(article.summary, article.text) for article in parse(feed).articles]
    assert found == [("What it is about.", ""), ("What it is about.", ""), ("A photo. By Ann.", "")]


def test_ampersand_that_begins_no_entity_is_text() -> None:
    """One makes a feed malformed. Mended it is read strictly; with another fault the lenient parser reads it."""
    written = "Q&A: R&D &amp; AT&T &copy; 1&1, a&b;"
    link = "<link>/1?a=1&b=2&amp;c=3</link>"
    own = f"<title>{written}</title>{link}<description><![CDATA[<p>Q&A &amp; x</p>]]></description>"
    for more in ("<image><title>Other</title></image>", "<b>not closed"):
        (article,) = parse(rss(f"<item>{own}{more}</item>")).articles
        assert (article.title, article.summary) == ("Q&A: R&D & AT&T © 1&1, a&b;", "Q&A & x")
        assert article.url == "https://blog.example/1?a=1&b=2&c=3"


def test_relative_enclosure_hangs_on_the_feed() -> None:
    """As a link does."""
    (article,) = parse(rss("<item><title>One</title><enclosure url='/1.mp3' type='audio/mpeg'/></item>")).articles
    assert article.url == "https://blog.example/1.mp3"


def test_page_that_leads_elsewhere_names_the_feed_there() -> None:
    """A feed moved by a page that forwards its visitors; one that leads to another page names none."""
    pages = [f'<html><head><meta http-equiv="Refresh" content="0; URL=\'{to}\'">' for to in ("/new/feed/", "/new/")]
    assert [parse(page).links for page in pages] == [("https://blog.example/new/feed/",), ()]


def test_text_wrapped_twice_is_read() -> None:
    """CDATA within CDATA, or escaped; a title about it stays as written."""
    own = "<title>&lt;![CDATA[Reeds &amp; more]]&gt;</title><author>&lt;![CDATA[Ann]]&gt;</author>"
    text = "<description>&lt;![CDATA[What it is about]]&gt;</description>"
    about = "<title>Why &lt;![CDATA[ ends with ]]&gt;</title>"
    one, other = parse(rss(f"<item>{own}{text}<link>/1</link></item>", f"<item>{about}<link>/2</link></item>")).articles
    assert (one.title, one.author, one.summary) == ("Reeds & more", "Ann", "What it is about")
    assert other.title == "Why <![CDATA[ ends with ]]>"


NESTED = (
    "<id>other</id><guid>other</guid><title>Other</title><link>https://o.example/</link><author>Bo</author>"
    '<link rel="alternate" href="https://o.example/"/><description>Other</description><summary>Other</summary>'
    "<pubDate>Sun, 09 Jun 2019 14:42:31 +0300</pubDate><published>2019-06-09T10:00:00Z</published>"
)


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("name", ["x:related", "related", "image", "author"])
@pytest.mark.parametrize("nested", [NESTED, f"<link url='/x'><x:y>{NESTED}</x:y></link>"])
def test_what_an_entry_says_of_others_is_not_its_own(nested: str, where: str, name: str) -> None:
    """Related articles of RBC, activity:object of StatusNet, pictures and persons with a title and a link."""
    own = (
        "<title>Own</title><link>/1</link><guid isPermaLink='false'>g</guid><author>Ann</author>"
        "<pubDate>Thu, 19 Nov 2026 10:00:00 GMT</pubDate><description>About.</description>"
    )
    other = f"<{name}>{nested.replace('<author>Bo</author>', '') if name != 'x:related' else nested}</{name}>"
    entry = own + other if where == "after" else other + own
    feed = rss(f"<item>{entry}</item>", item(2)).replace("<rss", '<rss xmlns:x="https://x.example/ns"')
    article, second = parse(feed).articles
    found = (article.title, article.url, article.guid, article.author, article.summary, article.text)
    assert found == ("Own", "https://blog.example/1", "g", "Ann", "About.", "")
    assert article.published_at == datetime(2026, 11, 19, 10, tzinfo=UTC)
    assert second.summary == "What story 2 is about."


def test_podcast_elements_of_google_are_read_as_apples() -> None:
    """They have the same names and meanings."""
    own = "<itunes:title>T</itunes:title><g:author>Ann</g:author><g:description>What it is about.</g:description>"
    feed = rss(f"<item>{own}</item>").replace("<rss", f'<rss xmlns:g="{GOOGLE}" xmlns:itunes="{APPLE}"')
    (article,) = parse(feed).articles
    assert (article.title, article.author, article.summary) == ("T", "Ann", "What it is about.")


def test_terms_of_dublin_core_are_read_as_its_elements() -> None:
    """Their namespace holds the older one's names too, and an RDF attribute takes nothing away."""
    own = '<title>T</title><dc:creator>Ann</dc:creator><dc:date r:datatype="dateTime">2009-05-29T20:17:07Z</dc:date>'
    names = 'xmlns:dc="http://purl.org/dc/terms/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    (article,) = parse(rss(f"<item>{own}</item>").replace("<rss", f"<rss {names}")).articles
    assert (article.author, article.published_at) == ("Ann", datetime(2009, 5, 29, 20, 17, 7, tzinfo=UTC))


def test_elements_of_a_text_do_not_end_it() -> None:
    """HTML's summary, title, source and body, and elements of no meaning there, are text in Atom's XHTML."""
    names = ("summary", "title", "content", "source", "link", "author", "name", "id", "entry", "item", "body", "div")
    inner = "".join(f"<{name}>{name} text</{name}> " for name in names)
    xhtml = f'<div xmlns="http://www.w3.org/1999/xhtml"><svg><title>s</title></svg> Before {inner} after</div>'
    entry = (
        f"<entry><title>One</title><id>1</id><content type='xhtml'>{xhtml}</content><author><name>Ann</name></author>"
    )
    parsed = parse(atom(f"{entry}</entry><entry><title>Two</title><id>2</id></entry>"))
    first, second = parsed.articles
    assert (first.title, first.author, first.guid, second.title) == ("One", "Ann", "1", "Two")
    assert first.summary == "s Before " + " ".join(f"{name} text" for name in names) + " after"


def test_id_is_kept_as_written() -> None:
    """Joined to the site's address it would change with it; as an address, a relative one is joined."""
    entries = "<item><title>T</title><guid>/7</guid></item><item><title>U</title><link>/8</link><guid>8</guid></item>"
    found = parse(rss(entries)).articles
    assert [(article.guid, article.url) for article in found] == [
        ("/7", "https://blog.example/7"), ("8", "https://blog.example/8")]  # fmt: skip
    (article,) = parse(atom("<entry><id>HTTP://Blog.example/A</id><title>T</title></entry>")).articles
    assert article.guid == "HTTP://Blog.example/A"


def test_feed_with_a_pages_document_type_is_a_feed() -> None:
    """Its first element says what it is, though it has no entries today."""
    doctype = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><!-- x -->'
    assert parse(f"{doctype}<rss version='2.0'><channel><title>T</title></channel></rss>").problem is None
    assert parse(f"{doctype}<html><item>no</item></html>").reason == "web_page"
    assert parse("<!doctype html><title>T</title><item>no</item>").reason == "web_page"


def test_feed_address_gives_no_secret_to_an_article() -> None:
    """An entry without a link has a place at the site, or at the feed's address without its query."""
    entries = "<item><title>Member news</title><guid isPermaLink='false'>7</guid></item>"
    secret = "https://ann:pw@b.example/feed?token=SECRET&api_key=SECRET"
    (article,) = parse(rss(entries), url=secret).articles
    assert article.url.startswith("https://b.example/feed#/")
    (article,) = parse(rss(entries).replace("<item>", "<link>https://b.example/</link><item>"), url=secret).articles
    assert article.url.startswith("https://b.example/#/")


def test_private_feed_gives_no_secret_of_an_entry_to_its_article() -> None:
    """Patreon signs its files, and other feeds give each reader links of their own."""
    file = "https://c.example/p/1.mp3?token-time=17&amp;token-hash=s3cr3t"
    items = (
        f"<item><title>File</title><enclosure url='{file}'/><guid isPermaLink='false'>1</guid></item>",
        "<item><title>Link</title><link>/2?auth=s3cr3t&amp;page=2</link></item>",
        "<item><title>Id</title><guid>https://blog.example/3?key=s3cr3t</guid></item>",
    )
    parsed = parse_feed(rss(*items).encode(), URL, "", NOW, "", ("k7x2p9",))
    found = [article.url for article in parsed.articles]
    assert found == ["https://c.example/p/1.mp3", "https://blog.example/2?page=2", "https://blog.example/3"]
    assert "s3cr3t" not in repr(parsed)


def test_address_of_a_private_feeds_site_gives_no_secret_to_an_article() -> None:
    """Some channels name the feed's own address as the site's, and an entry without an address gets a place there."""
    item = "<item><title>T</title><guid isPermaLink='false'>1</guid></item>"
    feed = f"<rss><channel><title>F</title><link>{URL}?token=s3cr3t</link>{item}</channel></rss>"
    (article,) = parse_feed(feed.encode(), URL, "", NOW, "", ("s3cr3t",)).articles
    assert article.url.startswith(f"{URL}#/")
    assert "s3cr3t" not in repr(article)


def test_entries_that_say_nothing_are_left_out_and_counted() -> None:
    """No title, no text, no address."""
    parsed = parse(rss("<item/>", "<item><pubDate>Mon, 16 Nov 2026 10:00:00 GMT</pubDate></item>", item(3)))
    assert (len(parsed.articles), parsed.left_out) == (1, 2)


def test_first_entries_of_a_long_feed_are_read_in_time() -> None:
    """20,000 entries: the first 2,000, within seconds even on a busy machine."""
    started = time.process_time()
    parsed = parse(rss(*(f"<item><title>T {n}</title><link>/{n}</link></item>" for n in range(20_000))))
    assert titles(parsed) == [f"T {n}" for n in range(2000)]
    assert (parsed.malformed, time.process_time() - started < 3) == (None, True)


REPEATS = [
    "<!---->", "<!-- -->", "<!ENTITY ", "<!ENTITY a", "<item", "<item>", "<a:item ", "<author", "<author>", "<iframe",
    "<p ",
    "<a b=", "<?xml ", "&#", "&#0", "<title>&lt;a b=", "<title type='html'>&lt;iframe", "<link>http://", "{", "</",
    "<x:",
    '{"items":[', "<![CDATA[", "\xe4", " ", "<pubDate>1 ", "<title>a<b ", "@", "<author>a@b (", "&amp;lt;",
]  # fmt: skip


@pytest.mark.parametrize("head", ["", "<rss><channel><item><title>", "<!doctype html>", "<html "])
def test_repeated_fragments_take_linear_time(head: str) -> None:
    """Of our own patterns none takes longer than the length of the input; feedparser itself reads 100 kB a second."""
    functions = (from_html, from_unknown, author_name, parse_date, lambda t: parse_xml.prepare(parse_xml.shorten(t, 9)),
                 lambda t: parse_xml.is_page(t.encode()), lambda t: decode(t.encode("latin-1", "replace")))  # fmt: skip
    for fragment in REPEATS:
        text = head + fragment * (100_000 // len(fragment))
        for function in functions:
            started = time.process_time()
            function(text)
            assert time.process_time() - started < 0.5, (fragment, function)
    assert parse_feed(b"<!---->" * 500, URL, "", NOW).problem == "is not a feed"


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
    assert len(parse(body).articles) <= 1


def test_markup_of_a_short_text_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stored as its summary, in plain text; only a longer one is written as Markdown."""
    made: list[str] = []
    monkeypatch.setattr("pipeline.feeds.sanitize.markup_of_unknown", lambda text: made.append(text) or text)
    long = "<p>" + "word " * 300 + "</p>"
    for text in ("<p>short</p>", long):
        parse(rss(f"<item><title>One</title><link>/1</link><description><![CDATA[{text}]]></description></item>"))
    assert made == [long]
