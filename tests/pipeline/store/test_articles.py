"""An article stays one article, whatever its feeds do."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.types import Article, Issue, Pick
from pipeline.core.urls import article_id, canonical_url
from pipeline.ops.workspace import Workspace
from pipeline.store.articles import add_articles, articles_by_id, bring_forward, newest_articles, sources_of
from pipeline.store.database import Database
from pipeline.store.issues import add_issues

FEED = "https://a.example/feed"


def story(url: str = "https://a.example/one", title: str = "One thing", **more: object) -> Article:
    """Build an article as the parser would."""
    url = canonical_url(url)
    plain = Article(article_id(url), url, title, "a.example", NOW, feed_url=FEED, guid="g1")
    return replace(plain, **more)  # type: ignore[arg-type]


def add(database: Database, *articles: Article) -> list[str]:
    """Store articles in one transaction."""
    with database.writing() as connection:
        return add_articles(connection, articles)


def test_article_is_stored_and_read_back(database: Database) -> None:
    """What goes in comes out, column by column."""
    article = story(author="Ann", summary="S", text="T", published_at=NOW, language="en", paywalled=True)
    assert add(database, article) == [article.id]
    with database.reading() as connection:
        assert articles_by_id(connection, [article.id, "unknown"]) == [article]
        # what is judged is judged without its full text
        assert newest_articles(connection, AsOf.now(NOW)) == [replace(article, text="")]


def test_storing_twice_changes_nothing(database: Database) -> None:
    """A second pull of the same entries is empty."""
    add(database, story())
    assert add(database, story(first_seen_at=NOW + timedelta(days=1))) == []
    with database.reading() as connection:
        assert newest_articles(connection, AsOf.now(NOW)) == [story()]


def test_spellings_of_one_address_are_one_article(database: Database) -> None:
    """http turned https, tracking parameters, a lost guid and a slash do not make a second article."""
    spellings = ["http://a.example/one", "https://www.a.example/one/", "https://a.example/one?utm_source=x"]
    assert len(add(database, *(story(url, guid=None) for url in spellings))) == 1
    assert add(database, story(guid="changed")) == []


def test_moved_article_is_known_by_its_guid_and_then_by_its_new_address(database: Database) -> None:
    """The address changed under the same guid; later the guid vanishes too."""
    add(database, story())
    assert add(database, story("https://a.example/2026/one")) == []
    assert add(database, story("https://a.example/2026/one", guid=None)) == []


def test_guid_and_date_used_again_rename_no_story(database: Database) -> None:
    """Another title, another address and another text are another story."""
    old = story(published_at=NOW, summary="Crews have been on strike since Monday.")
    add(database, old)
    other = replace(old, url="https://a.example/3", id="3", title="Town buys the lighthouse", summary="For a euro.")
    assert add(database, other) == ["3"]
    with database.reading() as connection:
        assert articles_by_id(connection, [old.id])[0].title == old.title


def test_headline_and_address_corrected_over_one_text_are_one_story(database: Database) -> None:
    """The guid and the date stay; so do they when a site moves its host and changes the headline."""
    old = story(published_at=NOW, summary="Crews have been on strike since Monday.")
    add(database, old)
    assert add(database, replace(old, url="https://a.example/two", id="2", title="Ferry crews walk out")) == []
    assert add(database, replace(old, url="https://b.example/two", id="3", title="Walk-out!", summary="Other")) == []


def test_repeated_guid_hides_no_story(database: Database) -> None:
    """A feed that gives every entry one id still has all its entries, tonight and tomorrow."""
    first, second = story(), story("https://a.example/two", "Quite another story")
    assert len(add(database, first, second)) == 2
    assert len(add(database, story("https://a.example/three", "Something else again"))) == 1


def test_feed_corrects_only_its_own_title(database: Database) -> None:
    """Two feeds with two titles do not take turns; the first may correct itself."""
    add(database, story())
    other = story(title="HN: One thing", feed_url="https://hn.example/rss", guid=None)
    add(database, other)
    add(database, story(title="One thing, corrected"))
    add(database, other)
    with database.reading() as connection:
        (kept,) = articles_by_id(connection, [story().id])
        assert kept.title == "One thing, corrected"
        assert sources_of(connection, [kept.id]) == {kept.id: ["a.example", FEED, "https://hn.example/rss"]}


def test_missing_facts_are_filled_in_later(database: Database) -> None:
    """A summary that comes a night later is kept; a churning one does not replace it."""
    add(database, story())
    add(database, story(summary="Now with a summary", author="Ann"))
    add(database, story(summary="Now with a summary, 12:01"))
    with database.reading() as connection:
        (kept,) = articles_by_id(connection, [story().id])
    assert (kept.summary, kept.author) == ("Now with a summary", "Ann")


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("author", "Ann", "Bob"), ("published_at", NOW, NOW - timedelta(days=1)), ("language", "en", "de"),
        ("paywalled", True, False), ("text", "Words.", ""), ("summary", "Words.", ""),
    ],
)  # fmt: skip
def test_what_is_known_once_stays(database: Database, field: str, first: object, second: object) -> None:
    """Each fact is filled in by the first feed that says it, and no later night changes or empties it."""
    add(database, story())
    add(database, story(**{field: first}))
    also = {"author": "Cy"} if field == "language" else {"language": "fr"}  # a fact that was missing, beside it
    add(database, story(title="One thing, corrected", **{field: second, **also}))
    with database.reading() as connection:
        (kept,) = articles_by_id(connection, [story().id])
    assert (kept.title, getattr(kept, field)) == ("One thing, corrected", first)


def test_an_entry_without_its_guid_keeps_the_one_it_had(database: Database) -> None:
    """One night without guids does not make the moved entry of the next a new story."""
    add(database, story())
    add(database, story(guid=None))
    assert add(database, story("https://a.example/2026/one")) == []


def test_a_find_is_brought_forward_and_never_back(database: Database) -> None:
    """An article that the editor adds again counts as seen then; one that is newer keeps its day."""
    add(database, story())
    with database.writing() as connection:
        bring_forward(connection, story().id, NOW - timedelta(days=9))
        assert [(a.first_seen_at, a.origin) for a in articles_by_id(connection, [story().id])] == [(NOW, "editor")]
        bring_forward(connection, story().id, NOW + timedelta(days=9))
        assert articles_by_id(connection, [story().id])[0].first_seen_at == NOW + timedelta(days=9)


def test_nothing_that_came_later_is_spoken_about(database: Database) -> None:
    """As of an issue, articles are not read because that issue ran them or a decision of its day names them."""
    days = [story(guid=None, url=f"https://a.example/{n}", first_seen_at=NOW - timedelta(days=n)) for n in range(6)]
    as_of = AsOf.before_issue(NOW.date())
    with database.writing() as connection:
        add_articles(connection, days)
        add_issues(connection, [Issue(1, NOW.date(), picks=(Pick("Random", "Ran", days[4].url, 1, 1),))])
        connection.execute("INSERT INTO decisions VALUES (1, ?, 'pick', 'Ed', ?, NULL, NULL)", [days[5].id, NOW])
        assert len(newest_articles(connection, as_of, 2)) == 2
        newest = replace(days[0], id="later", url="https://a.example/later", first_seen_at=NOW + timedelta(days=3))
        add_articles(connection, [replace(newest, title="Another story of another week")])
        assert len(newest_articles(connection, as_of, 2)) == 2


def test_the_newest_are_read_and_those_spoken_about(database: Database) -> None:
    """However many are stored, a night reads so many, and never loses one that ran or was decided."""
    days = [story(guid=None, url=f"https://a.example/{n}", first_seen_at=NOW - timedelta(days=n)) for n in range(6)]
    with database.writing() as connection:
        add_articles(connection, days)
        add_issues(connection, [Issue(1, NOW.date(), picks=(Pick("Random", "Ran", days[4].url, 1, 1),))])
        connection.execute("INSERT INTO decisions VALUES (1, ?, 'pick', 'Ed', ?, NULL, NULL)", [days[5].id, NOW])
        read = newest_articles(connection, AsOf.now(NOW), 2)
    assert [article.url[-1] for article in read] == ["5", "4", "1", "0"]


def test_one_batch_and_several_leave_the_same(workspace: Workspace, tmp_path: Path) -> None:
    """A night that was killed and run again stores in two batches what another stores in one."""
    bare = story(guid=None)
    batch = [
        bare,
        story(title="HN: One thing", feed_url="https://b.example/rss", guid="b", summary="From b"),
        story(title="One", feed_url="https://c.example/rss", guid="c", summary="From c", author="Ann"),
    ]
    add(workspace.database, *batch)
    other = Database.create(tmp_path / "other.duckdb")
    for article in batch:
        add(other, article)
    for database in (workspace.database, other):
        with database.reading() as connection:
            (kept,) = articles_by_id(connection, [bare.id])
        assert (kept.title, kept.summary, kept.author) == ("One thing", "From b", "Ann")
