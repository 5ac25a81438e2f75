"""Entries that give only a line get their page's text, where the editor wants it and the site allows it."""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from loopback import Answer, Loopback, item, rss

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.config import FeedEntry, Limits, Newsletter
from pipeline.core.types import Fetched, Fulltext, Section
from pipeline.feeds import robots as robots_module
from pipeline.feeds.robots import Robots, RobotsCache
from pipeline.steps.fulltext import fetch_fulltext
from pipeline.steps.pull import pull_feeds
from pipeline.steps.read_article import read_article
from pipeline.store.database import Database

SENTENCE = "Teams are made of people who talk to each other about what they do. "
PAGE = (
    "<html lang='en'><head><title>On teams</title><meta name='author' content='Ann Author'>"
    '<script type="application/ld+json">{"@type": "Article", "hasPart": {"isAccessibleForFree": "False"}}</script>'
    f"</head><body><article><h1>On teams</h1><p>{SENTENCE * 5}</p><p>{SENTENCE * 5}</p></article></body></html>"
)
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A server with a feed of two short entries and their pages."""
    with Loopback() as server:
        links = [server.url("/read/1"), server.url("/read/2")]
        server.answers |= {
            "/feed": Answer(rss(item(1, link=links[0]), item(2, link=links[1]))),
            "/read/1": Answer(PAGE, headers=HTML),
            "/read/2": Answer(PAGE, headers=HTML),
        }
        yield server


def pull(database: Database, web: Loopback, fulltext: Fulltext = "short", days: float = 0) -> dict[str, int]:
    """Pull, and return what became of the pages."""
    letter = Newsletter(
        "Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1",), limits=Limits(timeout_seconds=30),
        feeds=(FeedEntry(web.url("/feed"), fulltext=fulltext),),
    )  # fmt: skip
    as_of = AsOf.now(NOW + timedelta(days=days))
    pull_feeds(database, letter, as_of)
    pages: dict[str, int] = fetch_fulltext(database, letter, as_of)
    return pages


def asked(web: Loopback) -> list[str]:
    """List the pages that were asked for."""
    return sorted(request.path for request in web.asked if request.path.startswith("/read"))


def test_page_gives_text_author_and_paywall(web: Loopback, database: Database) -> None:
    """Once: the second night asks for none."""
    assert pull(database, web) == {"read": 2, "failed": 0}
    assert pull(database, web, days=1) == {"read": 0, "failed": 0}
    assert asked(web) == ["/read/1", "/read/2"]
    with database.reading() as connection:
        rows = connection.execute("SELECT summary, text, author, language, paywalled FROM articles").fetchall()
    assert {row[0] for row in rows} == {"What story 1 is about.", "What story 2 is about."}
    assert all(SENTENCE.strip() in text for _, text, *_ in rows)
    assert {row[2:] for row in rows} == {("Ann Author", "en", True)}


def test_page_is_left_alone_unless_the_editor_wants_it(web: Loopback, database: Database) -> None:
    """`never` is the default, and `short` does not ask for long entries."""
    assert pull(database, web, "never") == {"read": 0, "failed": 0}
    long = (
        f"<content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>{SENTENCE * 20}</content:encoded>"
    )
    web.answers["/feed"] = Answer(rss(item(3, link=web.url("/read/3"), more=long)))
    pull(database, web, "short", days=1)
    assert asked(web) == ["/read/1", "/read/2"]


def test_robots_txt_is_respected(web: Loopback, database: Database) -> None:
    """The summary serves."""
    web.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /read/1\nCrawl-delay: 0.1")
    assert pull(database, web) == {"read": 1, "failed": 1}
    assert asked(web) == ["/read/2"]


def test_robots_txt_is_asked_for_once_a_day(web: Loopback, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many pages of a site the editor looks at; one that answers with an error is asked again."""
    letter, robots = Newsletter("Letter", (Section("s", "S"),), allow_hosts=("127.0.0.1",)), RobotsCache()

    def look() -> tuple[str | None, int]:
        problem = read_article(database, letter, AsOf.now(NOW), "0" * 16, web.url("/read/1"), robots)
        return problem, sum(request.path == "/robots.txt" for request in web.asked)

    web.answers["/robots.txt"] = Answer("", status=503)
    disallowed = "its site's robots.txt disallows it"
    assert look()[0] == disallowed
    web.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /elsewhere")
    problem, n_asked = look()
    assert (problem, look()) == (None, (None, n_asked))
    web.answers["/robots.txt"] = Answer("User-agent: *\nDisallow: /read")
    monkeypatch.setattr(robots_module, "KEPT_S", 0)
    assert look() == (disallowed, n_asked + 1)


def test_crawl_delay_is_kept_between_two_pages(web: Loopback, database: Database) -> None:
    """robots.txt asks for 0.3 seconds between two pages of its site."""
    requested_at: list[float] = []

    async def note(writer: asyncio.StreamWriter) -> None:
        requested_at.append(time.monotonic())
        writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    web.answers |= {"/robots.txt": Answer("User-agent: *\nCrawl-delay: 0.3"), "/read/1": note, "/read/2": note}
    pull(database, web)
    first, second = requested_at
    assert second - first >= 0.3


def test_page_that_fails_is_tried_three_nights_and_once_a_night(web: Loopback, database: Database) -> None:
    """Then the summary serves for good."""
    web.answers["/read/1"] = Answer(status=500)
    web.answers["/read/2"] = Answer(b"%PDF", headers={"Content-Type": "application/pdf"})
    for days in (0, 0.01, 1, 2, 3):
        pull(database, web, days=days)
    assert asked(web) == ["/read/1"] * 3 + ["/read/2"] * 3
    with database.reading() as connection:
        errors = connection.execute("SELECT error, tries FROM pages ORDER BY error").fetchall()
    assert errors == [("answers 500 Told", 3), ("is no page but application/pdf", 3)]


def test_page_in_the_house_is_refused(web: Loopback, database: Database) -> None:
    """A feed may not send us to a private address: the same guard stands before pages."""
    with Loopback({"/secret": Answer(PAGE, headers=HTML)}) as house:
        web.answers["/feed"] = Answer(rss(item(1, link=house.url("/secret", "localhost"))))
        assert pull(database, web) == {"read": 0, "failed": 1}
        assert house.asked == []


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("Disallow: /*.pdf$", "/paper.pdf", False),
        ("Disallow: /*.pdf$", "/paper.pdf?page=2", True),
        ("Disallow: /private*/notes", "/private-2026/notes", False),
        ("Disallow: /shop/\nAllow: /shop/books/", "/shop/books/1", True),
        ("Allow: /shop/\nDisallow: /shop/books/", "/shop/books/1", False),
    ],
)
def test_wildcards_and_the_longest_match_decide(rules: str, path: str, allowed: bool) -> None:
    """RFC 9309, 2.2.2 and 2.2.3: `*` and `$`, and the most specific rule wins whatever its place in the file."""
    robots = Robots(Fetched("https://a.example/robots.txt", "", 200, f"User-agent: *\n{rules}".encode()))
    assert robots.allows("https://a.example" + path) is allowed


@pytest.mark.parametrize(
    ("status", "body", "allowed"),
    [(404, b"", True), (200, b"User-agent: Triage\nDisallow: /", False), (503, b"", False), (0, b"", False),
     (200, b"\xff\x00garbage\nDisallow /x\n" * 9, True), (200, b"User-agent: other\nDisallow: /", True)],
)  # fmt: skip
def test_rules_are_read_as_the_standard_says(status: int, body: bytes, allowed: bool) -> None:
    """None allow all, unreachable ones nothing."""
    error = None if status == 200 else "trouble"
    robots = Robots(Fetched("https://a.example/robots.txt", "", status, body, error=error))
    assert robots.allows("https://a.example/x") is allowed
