"""Each entry has an address of its own, which holds no secret of its feed."""

import pytest
from loopback import item, rss
from parsing import URL, atom, parse, titles

from helpers import NOW
from pipeline.feeds.parse import parse_feed


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


def test_entry_with_an_anchor_opens_there() -> None:
    """Of its link, or of its guid; where two have one anchor, or none, the address says nothing of the place."""
    page = "https://n.example/notes"
    links = rss(*(item(n, link=f"{page}#November_{n}") for n in (1, 2)), item(3, link=page))
    found = [article.url for article in parse(links).articles]
    assert found[:2] == [f"{page}#November_1:~:place", f"{page}#November_2:~:place"]
    assert found[2].startswith(f"{page}#/")
    ids = rss(*(f"<item><title>T{n}</title><link>{page}</link><guid>{page}#{n}</guid></item>" for n in (1, 2)))
    assert [article.url for article in parse(ids).articles] == [f"{page}#1:~:place", f"{page}#2:~:place"]
    same = rss(*(item(n, link=f"{page}#more") for n in (1, 2)))
    assert all(article.url.startswith(f"{page}#/") for article in parse(same).articles)
    (alone,) = parse(rss(item(1, link=f"{page}#comments"))).articles
    assert alone.url == page


@pytest.mark.parametrize("anchor", ["token=s3cr3t", "a b", "x" * 101, ":~:text=word", "a:~:text=word"])
def test_odd_fragment_is_no_anchor(anchor: str) -> None:
    """It may hold a secret, or be an order to the browser."""
    found = parse(rss(*(item(n, link=f"https://n.example/notes#{anchor}{n}") for n in (1, 2)))).articles
    assert all(article.url.startswith("https://n.example/notes#/") for article in found)


def test_home_page_of_the_guids_site_is_no_address_of_an_entry() -> None:
    """Also where the feed does not say that it is the site's; a link to another site's is what the entry is about."""
    guid = "<guid>https://b.example/?p=7</guid>"
    own, other = (
        f"<item><title>{title}</title><link>{link}</link>{guid}</item>"
        for title, link in (("Own", "https://www.b.example"), ("Other", "https://new.example/"))
    )
    assert [article.url for article in parse(rss(own)).articles] == ["https://b.example/?p=7"]
    assert [article.url for article in parse(rss(other)).articles] == ["https://new.example/"]


def test_id_is_kept_as_written() -> None:
    """Joined to the site's address it would change with it; as an address, a relative one is joined."""
    entries = "<item><title>T</title><guid>/7</guid></item><item><title>U</title><link>/8</link><guid>8</guid></item>"
    found = parse(rss(entries)).articles
    assert [(article.guid, article.url) for article in found] == [
        ("/7", "https://blog.example/7"), ("8", "https://blog.example/8")]  # fmt: skip
    (article,) = parse(atom("<entry><id>HTTP://Blog.example/A</id><title>T</title></entry>")).articles
    assert article.guid == "HTTP://Blog.example/A"


def test_hostile_links_are_not_kept() -> None:
    """javascript: and data: are no addresses of an article."""
    parsed = parse(rss(item(1, link="javascript:alert(1)"), item(2, link="data:text/html,x")))
    assert all(article.url.startswith("https://blog.example/") for article in parsed.articles)


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
