"""What the desk finds beside the shortlist: older articles, and those that ran."""

from datetime import timedelta

import pytest

from helpers import NOW
from pipeline.core.types import Article, Issue, Pick
from pipeline.core.urls import article_id
from pipeline.store.articles import add_articles
from pipeline.store.database import Connection, Database
from pipeline.store.issues import add_issues
from pipeline.store.shortlist import Story, add, ran_before, search_older, version

TITLES = ("A ferry", "Another ferry", "The last ferry", "One more ferry")
URLS = [f"https://a.example/{n}" for n in range(len(TITLES))]
IDS = [article_id(url) for url in URLS]


def store(connection: Connection) -> None:
    """Four articles, the first is the newest."""
    add_articles(
        connection,
        [
            Article(id, url, title, "a.example", NOW - timedelta(days=n))
            for n, (id, url, title) in enumerate(zip(IDS, URLS, TITLES, strict=True))
        ],
    )


def found(connection: Connection, *words: str) -> list[int]:
    """Which of them a search finds."""
    return [IDS.index(story.id) for story in search_older(connection, words, 10)]


def test_older_articles_hold_all_words(database: Database) -> None:
    """In title, source or summary, in small letters or capitals; the newest comes first."""
    with database.writing() as connection:
        store(connection)
        assert found(connection, "FERRY") == [0, 1, 2, 3]
        assert found(connection, "ferry", "another") == [1]
        assert found(connection, "ferry", "train") == []


def test_what_is_on_the_list_or_ran_is_not_older(database: Database) -> None:
    """Neither a story of the shortlist, nor a copy that it stands for, nor what an issue ran."""
    row = Story(1, IDS[0], URLS[0], TITLES[0], "a.example", None, None, NOW, None, None, duplicate_ids=(IDS[1],))
    with database.writing() as connection:
        store(connection)
        add(connection, row)
        assert found(connection, "ferry") == [2, 3]
        add_issues(connection, [Issue(1, NOW.date(), picks=(Pick("Random", "Ran", URLS[2] + "/?utm_source=x", 1, 1),))])
        assert found(connection, "ferry") == [3]


@pytest.mark.parametrize(
    ("verdicts", "is_found"),
    [(["pick"], False), (["skip"], False), (["later"], True), (["skip", "undo"], True), (["skip", "note"], False)],
)
def test_what_is_decided_is_not_older(database: Database, verdicts: list[str], is_found: bool) -> None:
    """The last verdict counts, and a blurb is none."""
    with database.writing() as connection:
        store(connection)
        for seq, verdict in enumerate(verdicts, 1):
            values = [seq, IDS[0], verdict, NOW]
            connection.execute("INSERT INTO decisions VALUES (?, ?, ?, 'Ed', ?, NULL, NULL)", values)
        assert (0 in found(connection, "ferry")) == is_found


def test_only_what_ran_is_listed_as_ran(database: Database) -> None:
    """Articles that were left out for another reason are not."""
    with database.writing() as connection:
        store(connection)
        for id, why in ((IDS[0], "muted"), (IDS[1], "ran"), (IDS[2], "ran")):
            connection.execute("INSERT INTO exclusions (article_id, why, detail) VALUES (?, ?, 'x')", [id, why])
        assert [story.id for story in ran_before(connection)] == [IDS[1], IDS[2]]
        assert [story.id for story in ran_before(connection, IDS[2])] == [IDS[2]]
        assert ran_before(connection, IDS[0]) == []


def test_a_list_with_another_story_is_another_version(database: Database) -> None:
    """Also where as many stories stand on it as before."""
    rows = [
        Story(1, id, url, "A ferry", "a.example", None, None, NOW, None, None)
        for id, url in zip(IDS, URLS, strict=True)
    ]
    with database.writing() as connection:
        add(connection, rows[0])
        before = version(connection)
        connection.execute("DELETE FROM review")
        add(connection, rows[1])
        assert version(connection) != before
