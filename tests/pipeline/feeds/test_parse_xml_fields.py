"""Each field of an XML entry is taken from the element that holds it, and from no other."""

from datetime import UTC, datetime

import pytest
from loopback import item, rss
from parsing import atom, parse


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


@pytest.mark.parametrize("broken", ["", "<b>"])
@pytest.mark.parametrize("name", ["links", "authors", "author_detail"])
def test_element_with_the_name_of_feedparsers_own_list_is_an_element(name: str, broken: str) -> None:
    """It costs the entry neither its address nor its author, in the strict and in the lenient parser."""
    entry = f"<title>A</title><{name}>x</{name}>{{}}<author><name>Ann</name></author>{broken}"
    in_atom = f"<entry>{entry}</entry>".format("<link href='https://blog.example/1'/>")
    in_rss = f"<item>{entry}</item>".format("<link>https://blog.example/1</link>")
    for feed in (atom(in_atom), rss(in_rss)):
        (article,) = parse(feed).articles
        assert (article.url, article.author) == ("https://blog.example/1", "Ann")


def test_relative_enclosure_hangs_on_the_feed() -> None:
    """As a link does."""
    (article,) = parse(rss("<item><title>One</title><enclosure url='/1.mp3' type='audio/mpeg'/></item>")).articles
    assert article.url == "https://blog.example/1.mp3"


def test_language_of_an_entry_goes_before_its_feeds() -> None:
    """xml:lang of the entry, then of the feed."""
    body = atom(
        "<entry xml:lang='fr'><title>1</title><link href='/1'/></entry><entry><title>2</title><link href='/2'/></entry>"
    )
    assert [a.language for a in parse(body).articles] == ["fr", "de"]


GOOGLE, APPLE = "http://www.google.com/schemas/play-podcasts/1.0", "http://www.itunes.com/dtds/podcast-1.0.dtd"


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


def test_podcast_elements_of_google_are_read_as_apples() -> None:
    """They have the same names and meanings."""
    own = "<itunes:title>T</itunes:title><g:author>Ann</g:author><g:description>What it is about.</g:description>"
    feed = rss(f"<item>{own}</item>").replace("<rss", f'<rss xmlns:g="{GOOGLE}" xmlns:itunes="{APPLE}"')
    (article,) = parse(feed).articles
    assert (article.title, article.author, article.summary) == ("T", "Ann", "What it is about.")


def test_picture_is_no_address_of_an_episode() -> None:
    """Where the sound stands beside it."""
    enclosures = (
        '<enclosure url="https://p.example/1.jpg" type="image/jpeg"/><enclosure url="https://p.example/1.mp3" '
        'type="audio/mpeg"/>'
    )
    (article,) = parse(rss(f"<item><title>T</title><guid isPermaLink='false'>7</guid>{enclosures}</item>")).articles
    assert article.url == "https://p.example/1.mp3"


def test_description_of_a_picture_is_no_description_of_its_item() -> None:
    """Media RSS describes the picture or the film; it serves where the item has no text of its own, as YouTube's."""
    media = "<media:content><media:description>A photo. By Ann.</media:description></media:content>"
    own = "<description>What it is about.</description>"
    items = (f"<item><title>{n}</title>{text}</item>" for n, text in enumerate((own + media, media + own, media)))
    feed = rss(*items).replace("<rss", '<rss xmlns:media="http://search.yahoo.com/mrss/"')
    found = [(article.summary, article.text) for article in parse(feed).articles]
    assert found == [("What it is about.", ""), ("What it is about.", ""), ("A photo. By Ann.", "")]


@pytest.mark.parametrize("version", ["elements/1.0", "elements/1.1", "terms"])
def test_dublin_core_is_read_in_all_its_versions(version: str) -> None:
    """The terms hold the names of the elements too, and an RDF attribute takes nothing away."""
    own = (
        "<dc:title>T</dc:title><dc:creator>Ann</dc:creator><dc:description>What it says.</dc:description>"
        '<dc:date r:datatype="dateTime">2009-05-29T20:17:07Z</dc:date>'
    )
    names = f'xmlns:dc="http://purl.org/dc/{version}/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    (article,) = parse(rss(f"<item>{own}</item>").replace("<rss", f"<rss {names}")).articles
    assert (article.title, article.author, article.summary) == ("T", "Ann", "What it says.")
    assert article.published_at == datetime(2009, 5, 29, 20, 17, 7, tzinfo=UTC)


@pytest.mark.parametrize("more", ["{own}{other}", "{other}{own}", "{own}<guid>https://blog.example/2</guid>{other}"])
def test_link_of_an_item_is_its_own(more: str) -> None:
    """An atom:link beside it is another form of the page, in whatever order they stand."""
    other = '<a:link rel="alternate" type="text/html" href="/1/atom"/>'
    feed = rss(f"<item><title>A</title>{more.format(own='<link>/1</link>', other=other)}</item>")
    (article,) = parse(feed.replace("<rss", '<rss xmlns:a="http://www.w3.org/2005/Atom"')).articles
    assert article.url == "https://blog.example/1"


def test_identifier_of_dublin_core_stands_in_for_a_guid() -> None:
    """An entry without a guid of its own is known by it on a later night."""
    identifier = '<d:identifier xmlns:d="http://purl.org/dc/elements/1.1/">doi:10.1/{}</d:identifier>'.format
    items = (
        f"<item><title>A</title>{identifier(1)}</item>",
        f"<item><guid>g</guid><link>/2</link>{identifier(2)}</item>",
    )
    assert [a.guid for a in parse(rss(*items)).articles] == ["doi:10.1/1", "g"]


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


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-11-31T10:00:00Z", "2026-13-01", "2026-00-10", "00-00-0000", "2026-366"]
)
def test_impossible_date_is_none(written: str) -> None:
    """feedparser makes the next day, month or year of it."""
    entry = f"<entry><title>A</title><link href='/1'/><updated>{written}</updated></entry>"
    (article,) = parse(atom(entry)).articles
    assert article.published_at is None
