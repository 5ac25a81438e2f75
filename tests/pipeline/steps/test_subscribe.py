"""Feeds are found where past issues picked from."""

import asyncio
from collections.abc import Iterator

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.types import Feed, Issue, Pick, Section
from pipeline.feeds.fetch import Client
from pipeline.feeds.sandbox import Workers
from pipeline.ops.workspace import Workspace
from pipeline.steps import subscribe
from pipeline.store.feeds import all_feeds
from pipeline.store.feeds import follow as store_feeds
from pipeline.store.issues import add_issues

LETTER = Newsletter("L", (Section("s", "S"),), url="https://own.example/", allow_hosts=("127.0.0.1",))


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A server with nothing on it."""
    with Loopback() as server:
        yield server


def find(url: str) -> tuple[str | None, str | None]:
    """Find the feed behind an address; return it, or why there is none."""

    async def ask() -> tuple[str | None, str | None]:
        async with Client(allow_hosts=["127.0.0.1"], timeout_s=5) as client, Workers(1) as workers:
            found, problem = await subscribe._find_feed(client, workers, AsOf.now(NOW), url)
            return (found.url if found else None), problem

    return asyncio.run(ask())


def test_feed_itself_the_one_a_page_names_or_a_usual_place(web: Loopback) -> None:
    """In this order; a feed that moved is followed at its new address."""
    web.answers |= {
        "/a.xml": Answer(rss(item(1))),
        "/old.xml": Answer(status=301, headers={"Location": "/a.xml"}),
        "/blog": Answer("<html><link rel='alternate' type='application/rss+xml' href='/a.xml'></html>"),
        "/plain": Answer("<html><p>No feed is named here</html>"),
        "/atom.xml": Answer(rss(item(2))),
    }
    assert find(web.url("/a.xml"))[0] == web.url("/a.xml")
    assert find(web.url("/old.xml"))[0] == web.url("/a.xml")
    assert find(web.url("/blog"))[0] == web.url("/a.xml")
    assert find(web.url("/plain"))[0] == web.url("/atom.xml")


def test_page_without_a_feed_says_so(web: Loopback) -> None:
    """And so does a page that is not there."""
    web.answers["/plain"] = Answer("<html><p>No feed is named here</html>")
    assert find(web.url("/plain")) == (None, "is a web page that names no feed")
    assert find(web.url("/missing")) == (None, "answers 404 Told")


def test_named_feed_that_cannot_be_read_is_told(web: Loopback) -> None:
    """With its address, its secret hidden, and the reason; the page does name a feed."""
    page = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/gone.xml?token=t0ps3cret"></head></html>'
    )
    web.answers["/page"] = Answer(page, headers={"Content-Type": "text/html"})
    found, problem = find(web.url("/page"))
    assert (found, "t0ps3cret" in (problem or "")) == (None, False)
    assert (problem or "").startswith(f"is a web page; the feed that it names, {web.url('/gone.xml?token=hidden-')}")
    assert ", answers 404" in (problem or "")


def test_sites_picked_from_and_not_followed_are_suggested(workspace: Workspace) -> None:
    """Most picked first; the newsletter's own host and followed ones are left out; nothing is followed unasked."""
    urls = ["https://often.example/1", "https://often.example/2", "https://once.example/1", "https://own.example/1",
            "https://followed.example/1"]  # fmt: skip
    picks = tuple(Pick("S", f"T{n}", url, n, n) for n, url in enumerate(urls, 1))
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(1, NOW.date().replace(day=1), picks=picks)])
        store_feeds(connection, [Feed("https://followed.example/feed")])
    suggestions = subscribe.suggest_feeds(workspace.database, LETTER, AsOf.now(NOW))
    assert [(s.host, s.picks, s.feed) for s in suggestions] == [("often.example", 2, None), ("once.example", 1, None)]
    assert all("cannot be reached" in (s.problem or "") for s in suggestions)
    found = [subscribe.Suggestion("often.example", 2, "https://often.example/feed", "Often"), *suggestions]
    assert subscribe.follow_suggestions(workspace.database, found) == ["https://often.example/feed"]
    with workspace.database.reading() as connection:
        assert [feed.title for feed in all_feeds(connection)] == [None, "Often"]


def test_accounts_are_suggested_and_gatherers_are_not(workspace: Workspace) -> None:
    """Of github.com the owners count one by one; a link to a gathering site suggests nothing."""
    urls = ["https://github.com/ann/a", "https://github.com/ann/b", "https://github.com/bob/c",
            *(f"https://news.ycombinator.com/item?id={n}" for n in range(5))]  # fmt: skip
    picks = tuple(Pick("S", f"T{n}", url, n, n) for n, url in enumerate(urls, 1))
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(1, NOW.date().replace(day=1), picks=picks)])
    suggestions = subscribe.suggest_feeds(workspace.database, LETTER, AsOf.now(NOW))
    assert [(s.host, s.picks) for s in suggestions] == [("github.com/ann", 2), ("github.com/bob", 1)]
