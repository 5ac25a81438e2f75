"""An entry is an article that is stored, or a new one, by the rule in `pipeline/store/article_identity.py`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpers import NOW
from pipeline.core.types import Article
from pipeline.core.urls import article_id, canonical_url, place_on_page
from pipeline.store.articles import insert_articles
from pipeline.store.database import Database

LONG, ALIKE, OTHER = "Ferry crews walk out", "Ferry crews walked out", "Lighthouse sold to a baker"
NEAR, FAR = "Four crews walk off", "Crews of the ferry walk"  # Jaro-Winkler similarity to LONG: 0.82, 0.67
NEXT = NOW + timedelta(days=1)
TEXT = "Crews have been on strike since Monday."


@dataclass(frozen=True)
class Entry:
    """An entry of a feed; addresses and feeds are completed with the host of the test."""

    path: str = "/one"
    title: str = LONG
    guid: str | None = "g"
    date: datetime | None = NOW
    summary: str = ""
    feed: str = "feed"
    host: str = ""

    def article(self, n: int) -> Article:
        """Return the article that the parser makes of it, in the n-th test."""
        url = canonical_url(f"https://{self.host}t{n}.example{self.path}")
        feed = f"https://t{n}.example/{self.feed}"
        return Article(
            article_id(url), url, self.title, "a", NOW, published_at=self.date, summary=self.summary, feed_url=feed,
            guid=self.guid,
        )  # fmt: skip


def placed(name: str) -> str:
    """Return the path of a story that has only a place on a page."""
    return place_on_page("/log", name)


FILLER = Entry("/filler", "Quite another subject", "filler", NEXT)  # of the first feed, beside what comes
ANCHORED = place_on_page("/log", "", "a1")
FIRST = Entry()
BARE = Entry(guid=None, date=None)
PAGE = Entry("/log")
TWO_ON_PAGE = [Entry("/log", LONG, "g1"), Entry(placed("x"), OTHER, "g2")]
NO_GUIDS = [replace(entry, guid=None) for entry in TWO_ON_PAGE]
ONE_TITLE = [Entry("/log", LONG, "g1"), Entry(placed("x"), LONG, "g2", NEXT)]
# what is stored, a batch each; what comes; the number of the stored article that it is, None for a new one
OCCASIONS: dict[str, tuple[list[Entry], Entry, int | None]] = {
    "address": ([FIRST], Entry(title=OTHER, guid=None, feed="b"), 0),
    "address that a feed gave": ([FIRST, Entry("/moved")], Entry("/moved", OTHER, None, feed="b"), 0),
    "page and guid": ([PAGE], Entry("/log", OTHER), 0),
    "page and guid, beside others": (TWO_ON_PAGE, Entry("/log", "Quite another thing", "g1", NEXT), 0),
    "page and title, no date": ([replace(PAGE, guid=None)], Entry("/log", guid="h", date=None), 0),
    "page of a place, and guid": ([Entry(placed("x"))], Entry("/log", OTHER), 0),
    "page, title and date": ([PAGE], Entry("/log", guid="h"), 0),
    "page and title, another guid and date": ([PAGE], Entry("/log", guid="h", date=NEXT), 0),
    "one of several and its title": (TWO_ON_PAGE, Entry("/log", guid="h"), 0),
    "one of several and its title, no date": (TWO_ON_PAGE, Entry("/log", guid="h", date=None), 0),
    "one of several and its title, a lost guid": (TWO_ON_PAGE, Entry("/log", guid=None, date=NEXT), 0),
    "one of several and its title, another guid and date": (TWO_ON_PAGE, Entry("/log", guid="h", date=NEXT), None),
    "one of several, guid before title": (TWO_ON_PAGE, Entry("/log", LONG, "g2"), 1),
    "the other of several, guid before title": (TWO_ON_PAGE, Entry("/log", OTHER, "g1"), 0),
    "one of several of one title, its date": (ONE_TITLE, Entry("/log", guid=None), 0),
    "the other of several of one title, its date": (ONE_TITLE, Entry("/log", guid=None, date=NEXT), 1),
    "one of several without guids, another date": (NO_GUIDS, Entry("/log", guid=None, date=NEXT), None),
    "page and title, a lost guid": ([PAGE], Entry("/log", guid=None, date=NEXT), 0),
    "page alone": ([PAGE], Entry("/log", OTHER, None, None), 0),
    "page and a corrected title": ([PAGE], Entry("/log", ALIKE, "h", NEXT), 0),
    "page and a title near it": ([PAGE], Entry("/log", NEAR, "h", NEXT), 0),
    "page and a title far from it": ([PAGE], Entry("/log", FAR, "h", NEXT), None),
    "page, other guid and title": ([PAGE], Entry("/log", OTHER, "h"), None),
    "page, other date and title": ([PAGE], Entry("/log", OTHER, None, NEXT), None),
    "page of another feed": ([PAGE], Entry("/log", OTHER, "h", NEXT, feed="b"), 0),
    "page with several stories": (TWO_ON_PAGE, Entry("/log", "Quite another thing", None, None), None),
    "place that was given": ([*TWO_ON_PAGE, Entry("/log", "A third", "g3")], Entry("/log", "A third", "g3"), 2),
    "place that another story had": ([*TWO_ON_PAGE], Entry(placed("x"), "A third", "g3", NEXT), None),
    "anchor in place of a place": ([Entry(placed("x"))], Entry(ANCHORED), 0),
    "anchor in place of a place, no guid": ([replace(BARE, path=placed("x"))], replace(BARE, path=ANCHORED), 0),
    "page and another number": ([Entry("/log", "Release 1.2")], Entry("/log", "Release 1.3", "h", NEXT), None),
    "page and another number, its guid": ([Entry("/log", "Release 1.2")], Entry("/log", "Release 1.3", date=NEXT), 0),
    "page and another number, its date": ([Entry("/log", "Release 1.2")], Entry("/log", "Release 1.3", "h"), 0),
    "guid and a corrected title": ([FIRST], Entry("/moved", ALIKE, date=NEXT), 0),
    "guid and a title near it": ([FIRST], Entry("/moved", NEAR, date=NEXT), 0),
    "guid and a title far from it": ([FIRST], Entry("/moved", FAR, date=NEXT), None),
    "guid, date and path": ([FIRST], Entry(title=OTHER, host="new."), 0),
    "guid, date and text": ([Entry(summary=TEXT)], Entry("/moved", OTHER, summary=TEXT), 0),
    "guid and date": ([FIRST], Entry("/moved", OTHER), None),
    "guid and path": ([FIRST], Entry(title=OTHER, date=NEXT, host="new."), None),
    "guid and text": ([Entry(summary=TEXT)], Entry("/moved", OTHER, date=NEXT, summary=TEXT), None),
    "guid of another feed": ([FIRST], Entry("/moved", ALIKE, date=NEXT, feed="b"), None),
    "guid of two": ([FIRST, Entry("/two", OTHER)], Entry("/moved", "Ferry lighthouse crews sold out", date=NEXT), None),
    "title and date": ([BARE, replace(FIRST, path="/two")], Entry("/moved", guid="h"), 1),
    "title and path": ([FIRST], Entry(guid="h", date=NEXT, host="new."), 0),
    "title alone": ([FIRST], Entry("/moved", guid="h", date=NEXT), None),
    "title without dates": ([BARE], Entry("/moved", guid=None, date=None), None),
    "title without dates, on another host": ([BARE], Entry("/moved", guid="h", date=None, host="new."), 0),
    "shorter title without dates, on another host": ([replace(BARE, title="Eleven sign")],
                              Entry("/moved", "Eleven sign", "h", date=None, host="new."), None),
    "title and one date, on another host": ([BARE], Entry("/moved", guid="h", host="new."), None),
    "title and date of another feed": ([FIRST], Entry("/moved", guid="h", feed="b"), None),
    "title and date of two": ([FIRST, Entry("/two", guid="i", date=None), Entry("/two", guid="i")],
                              Entry("/moved", guid="h"), None),
    "title of the home page": ([Entry("/")], Entry("/", guid="h", date=NEXT, host="new."), None),
    "title of 12 characters and date": ([Entry(title="Twelve signs")], Entry("/moved", "Twelve signs", "h"), 0),
    "shorter title and date": ([Entry(title="Eleven sign")], Entry("/moved", "Eleven sign", "h"), None),
    "shorter title, date and path": ([Entry(title="Day 3")], Entry(title="Day 3", guid="h", host="new."), 0),
    "shorter title and path": ([Entry(title="Day 3")], Entry(title="Day 3", guid="h", date=NEXT, host="new."), None),
    "shorter title and path, no dates": ([replace(BARE, title="Day 3")], replace(BARE, title="Day 3", host="new."), 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database: each test has hosts and feeds of its own."""
    folder: Path = tmp_path_factory.mktemp("identity")
    return Database.create(folder / "triage.duckdb")


def store(database: Database, *entries: Article) -> dict[int, str]:
    """Store articles in one batch; return the new ones."""
    with database.writing() as connection:
        return insert_articles(connection, entries)


@pytest.mark.parametrize("name", OCCASIONS)
def test_entry_is_recognized(database: Database, name: str) -> None:
    """By address, page, guid, or title, in this order; a second time it is what it was the first time."""
    first = list(OCCASIONS).index(name)
    for n in range(first, first + 500 * (4 if "several" in name else 1), 500):  # ids differ, and so does their order
        recognize(database, n, *OCCASIONS[name])


def recognize(database: Database, n: int, stored: list[Entry], incoming: Entry, expected: int | None) -> None:
    """Store entries under the hosts of a number, and check which article the last one is."""
    ids = [store(database, entry.article(n)).get(0) for entry in stored]
    store(database, FILLER.article(n))
    before = carried(database, n)
    new = store(database, incoming.article(n), FILLER.article(n)).get(0)
    assert (new is None) == (expected is not None)
    changed = {id for id, row in carried(database, n) - before}
    assert changed <= {new if expected is None else ids[expected]}
    assert store(database, incoming.article(n), FILLER.article(n)) == {}


def carried(database: Database, n: int) -> set[tuple[str, tuple[str, ...]]]:
    """Return the articles of the n-th test, each as its feeds gave it last."""
    with database.reading() as connection:
        query = "SELECT article_id, feed_url, guid, url_key, title FROM article_feeds WHERE feed_url LIKE ?"
        return {(id, tuple(row)) for id, *row in connection.execute(query, [f"https://t{n}.example/%"]).fetchall()}


def test_guid_of_several_entries_identifies_none(database: Database) -> None:
    """Of one feed; the same guid in two feeds are two guids."""
    n = 9000
    store(database, Entry("/one").article(n), Entry("/far", OTHER, feed="b").article(n))
    assert store(
        database, Entry("/2", ALIKE, date=NEXT).article(n), Entry("/3", OTHER, date=NEXT).article(n)
    ).keys() == {0, 1}
    n = 9001
    store(database, Entry("/one").article(n))
    moved, of_other = Entry("/two", ALIKE, date=NEXT), Entry("/three", OTHER, feed="b")
    assert store(database, moved.article(n), of_other.article(n)).keys() == {1}


def test_first_spelling_of_a_batch_gives_the_id(database: Database) -> None:
    """Two spellings of one new address are one article, with the first one's id and title."""
    n = 9002
    first, second = Entry("/one?utm_source=x").article(n), Entry("/one", ALIKE, None, feed="b").article(n)
    second = replace(second, url=second.url.replace("https", "http"), id="other")
    assert store(database, first, second) == {0: first.id}
