"""What XML feeds get wrong or write in unusual ways is read: entities, markup, CDATA, XHTML."""

import feedparser
import pytest
from loopback import item, rss
from parsing import atom, parse, titles

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


def test_ampersand_that_begins_no_entity_is_text() -> None:
    """One makes a feed malformed. Mended it is read strictly; with another fault the lenient parser reads it."""
    written = "Q&A: R&D &amp; AT&T &copy; 1&1, a&b;"
    link = "<link>/1?a=1&b=2&amp;c=3</link>"
    own = f"<title>{written}</title>{link}<description><![CDATA[<p>Q&A &amp; x</p>]]></description>"
    for more in ("<image><title>Other</title></image>", "<b>not closed"):
        (article,) = parse(rss(f"<item>{own}{more}</item>")).articles
        assert (article.title, article.summary) == ("Q&A: R&D & AT&T © 1&1, a&b;", "Q&A & x")
        assert article.url == "https://blog.example/1?a=1&b=2&c=3"


def test_text_wrapped_twice_is_read() -> None:
    """CDATA within CDATA, or escaped; a title about it stays as written."""
    own = "<title>&lt;![CDATA[Reeds &amp; more]]&gt;</title><author>&lt;![CDATA[Ann]]&gt;</author>"
    text = "<description>&lt;![CDATA[What it is about]]&gt;</description>"
    about = "<title>Why &lt;![CDATA[ ends with ]]&gt;</title>"
    one, other = parse(rss(f"<item>{own}{text}<link>/1</link></item>", f"<item>{about}<link>/2</link></item>")).articles
    assert (one.title, one.author, one.summary) == ("Reeds & more", "Ann", "What it is about")
    assert other.title == "Why <![CDATA[ ends with ]]>"


def test_feed_with_a_pages_document_type_is_a_feed() -> None:
    """Its first element says what it is, though it has no entries today."""
    doctype = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd"><!-- x -->'
    assert parse(f"{doctype}<rss version='2.0'><channel><title>T</title></channel></rss>").problem is None
    assert parse(f"{doctype}<html><item>no</item></html>").reason == "web_page"
    assert parse("<!doctype html><title>T</title><item>no</item>").reason == "web_page"


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


@pytest.mark.parametrize("name", ["description", "content:encoded"])
def test_stray_end_tag_in_a_text_does_not_end_it(name: str) -> None:
    """HTML that is not escaped makes a feed no XML, and its divs may be more closed than opened."""
    text = f"<{name}>One</div> two</{name}>"
    (article,) = parse(rss(f"<item>{text}<title>T</title><link>https://blog.example/1</link></item>")).articles
    assert (article.title, article.url, article.summary) == ("T", "https://blog.example/1", "One two")


@pytest.mark.parametrize("stray", ["</description>", "</title>", "</content:encoded>"])
def test_stray_end_tag_before_entries_takes_nothing_from_them(stray: str) -> None:
    """Their markup is text's, and not elements of the entry."""
    entry = "<item><title>A <i>b</i> c</title><description>One <div>two</div> three</description></item>"
    (article,) = parse(rss(stray + entry)).articles
    assert (article.title, article.summary) == ("A b c", "One two three")


@pytest.mark.parametrize("end", ["</title>", "</link>", "</description>", "</item>"])
def test_missing_end_tag_costs_no_other_entry(end: str) -> None:
    """A text that does not end, ends with its entry."""
    entries = [f"<item><link>https://blog.example/{n}</link><title>T{n}</title><description>D</description></item>"
               for n in range(3)]  # fmt: skip
    entries[1] = entries[1].replace(end, "")
    urls = [article.url for article in parse(rss(*entries)).articles]
    assert "https://blog.example/0" in urls
    assert "https://blog.example/2" in urls
