"""Old articles are deleted, what the editor decided on or imported is not, and a wrong clock does no lasting harm."""

import tracemalloc
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from helpers import NOW
from pipeline.core.as_of import AsOf
from pipeline.core.embedding_text import article_text, title_text, views_of
from pipeline.core.types import Article, Decision, Issue, Pick, StepReport
from pipeline.core.urls import article_id
from pipeline.ops import runner
from pipeline.ops.retention import apply_retention
from pipeline.store import decisions
from pipeline.store.articles import add_articles
from pipeline.store.checksums import table_checksums
from pipeline.store.embeddings import add_vectors, missing_texts
from pipeline.store.issues import add_issues
from pipeline.store.runs import record_run

DAY = timedelta(days=1)
MODEL = "hashing/3/x"


def article(name: str, seen, title: str | None = None) -> Article:
    url = f"https://a.example/{name}"
    return Article(
        article_id(url), url, title or name, "a.example", seen, summary="sum", feed_url="https://a.example/f"
    )


@pytest.fixture
def stories(workspace):
    """An old story, an old decided one, an old one that shares its title, and a new one; all with vectors."""
    made = [
        article("old", NOW - 800 * DAY),
        article("decided", NOW - 800 * DAY),
        article("twin", NOW - 800 * DAY, title="new"),
        article("new", NOW - DAY),
    ]
    texts = sorted({t for a in made for t in (title_text(a.title), article_text(a.title, a.summary))})
    with workspace.database.writing() as connection:
        add_articles(connection, made)
        add_vectors(connection, MODEL, texts, np.ones((len(texts), 3), dtype=np.float32))
    decisions.record(workspace.journal, workspace.database, [Decision(made[1].id, "skip", "ann", NOW)])
    return {a.url.rsplit("/", 1)[1]: a for a in made}


def keep(workspace, now=NOW):
    """Apply retention and record it, as a night does."""
    as_of = AsOf.now(now)
    report = apply_retention(workspace.database, workspace.newsletter, as_of)
    if report.done or report.details["announced"]:
        record_run(workspace.database, report, as_of)
    return report


def announce(workspace):
    """Let a night before have announced what it will delete."""
    record_run(workspace.database, StepReport("retention", 0, 0, 0, 0.0), AsOf.now(NOW - DAY))


def names(workspace):
    with workspace.database.reading() as connection:
        return {u.rsplit("/", 1)[1] for (u,) in connection.execute("SELECT url FROM articles").fetchall()}


def test_old_undecided_articles_are_deleted_with_their_vectors(workspace, stories):
    """After `keep_articles_days` an article nobody decided on goes; a vector that another text needs stays."""
    announce(workspace)
    assert keep(workspace).done == 2
    assert names(workspace) == {"decided", "new"}
    with workspace.database.reading() as connection:
        assert missing_texts(connection, MODEL, ["old", "new", "decided"]) == ["old"]


def test_picked_articles_stay(workspace, stories):
    """So they do where other picks have no address, and where a decision is about no article, as a mute is."""
    picks = (Pick("S", "Old", stories["old"].url, 1, 1), Pick("S", "Without address", None, 2, 2))
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(1, (NOW - 790 * DAY).date(), picks=picks)])
    mute = Decision(None, "mute", "ann", NOW, text="phrase:gossip")
    decisions.record(workspace.journal, workspace.database, [mute])
    announce(workspace)
    assert keep(workspace).done == 1
    assert names(workspace) == {"decided", "new", "old"}


def test_vectors_that_others_need_stay(workspace):
    """A vector of an expired article stays where a kept article or a past pick has the same text."""
    old = replace(article("old", NOW - 800 * DAY), summary="word " * 200)
    picked, copy = article("picked", NOW - 800 * DAY), replace(old, id="copy", url="https://b.example/old")
    texts = [view for a in (old, picked) for view in views_of(a.title, a.summary)]
    issue = Issue(1, NOW.date(), picks=(Pick("Random", "picked", "https://c.example/x", 1, 1),))
    with workspace.database.writing() as connection:
        add_articles(connection, [old, picked, replace(copy, first_seen_at=NOW - DAY)])
        add_issues(connection, [issue])
        add_vectors(connection, MODEL, texts, np.ones((len(texts), 3), dtype=np.float32))
    announce(workspace)
    assert keep(workspace).done == 2
    with workspace.database.reading() as connection:
        assert missing_texts(connection, MODEL, texts) == [article_text("picked", "sum")]


def test_texts_of_kept_articles_are_not_read(workspace, stories):
    """Which vectors go is found by DuckDB: a night that deletes two articles does not hold the texts of all."""
    kept = [replace(article(f"kept-{n}", NOW - DAY), summary=f"{n} word " * 100) for n in range(2_000)]
    with workspace.database.writing() as connection:
        add_articles(connection, kept)
    announce(workspace)
    tracemalloc.start()
    try:
        assert keep(workspace).done == 2
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_first_night_only_announces(workspace, stories):
    """Nothing is deleted before its number was announced on an earlier date; twice the same night announces it once."""
    report = keep(workspace)
    assert (report.done, report.details["announced"]) == (0, 2)
    again = keep(workspace, NOW + timedelta(hours=1))
    assert (again.done, again.details["announced"]) == (0, 0)
    assert len(names(workspace)) == 4
    assert keep(workspace, NOW + DAY).done == 2


def test_the_announcement_is_a_sentence(workspace, stories, caplog):
    """It says how many, since when, and what to change; the second night says nothing."""
    for day, said in ((0, 1), (1, 0)):
        caplog.clear()
        runner.retention(replace(workspace, as_of=AsOf.now(NOW + day * DAY)))
        told = [record.getMessage() for record in caplog.records if "keep_articles_days" in record.getMessage()]
        assert told == ["older than 730 days: 2 undecided articles; the next night deletes what is still undecided, "
                        "unless you raise keep_articles_days in newsletter.toml"] * said  # fmt: skip


def test_an_announcement_dated_ahead_is_made_again(workspace, stories):
    """By a wrong clock: waiting for that date would delete nothing for as long."""
    assert keep(workspace, NOW + 365 * DAY).details["announced"] == 2
    assert keep(workspace).details["announced"] == 2
    assert keep(workspace, NOW + DAY).done == 2


def test_imported_history_stays(workspace):
    """Articles that the editor imported on purpose are training data: no night deletes them."""
    announce(workspace)
    with workspace.database.writing() as connection:
        add_articles(connection, [replace(article("history", NOW - 1500 * DAY), origin="import")])
    assert keep(workspace).done == 0
    assert names(workspace) == {"history"}


def test_forgotten_article_does_not_come_back(workspace, stories):
    """A feed that still carries a deleted entry does not make it new again."""
    announce(workspace)
    keep(workspace)
    with workspace.database.writing() as connection:
        assert add_articles(connection, [article("old", NOW)]) == []
    assert "old" not in names(workspace)


def test_second_upkeep_of_a_night_finds_nothing(workspace, stories):
    """By the date alone: later the same night nothing changes."""
    announce(workspace)
    keep(workspace)
    with workspace.database.reading() as connection:
        before = table_checksums(connection)
    assert keep(workspace, NOW + timedelta(hours=9)).done == 0
    with workspace.database.reading() as connection:
        assert table_checksums(connection) == before


def test_wrong_clock_is_put_right(workspace):
    """An article first seen in next year is seen now, or it would wait a year."""
    with workspace.database.writing() as connection:
        add_articles(connection, [article("future", NOW + 365 * DAY), article("new", NOW - DAY)])
    assert keep(workspace).details["times_put_right"] == 1
    with workspace.database.reading() as connection:
        assert connection.execute("SELECT max(first_seen_at) FROM articles").fetchone() == (NOW,)
