"""What was judged already is not judged again, and whatever judging depends on has it done anew."""

import os
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

import pipeline.steps.rank
from models.embedder import HashingEmbedder, SentenceEmbedder, WrappedEmbedder
from pipeline.core.as_of import AsOf
from pipeline.ops import runner
from pipeline.ops.workspace import Workspace
from pipeline.steps.rank import PARQUET_NAME
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from world import FIRST, article, decision, issue, lay_world

WEEKS = 6


def at(workspace: Workspace, weeks: int = WEEKS, **settings: object) -> Workspace:
    """The workspace on the evening before an issue, with other settings."""
    moved = replace(
        workspace,
        as_of=AsOf.before_issue(FIRST + timedelta(weeks=weeks)),
        newsletter=replace(workspace.newsletter, **settings),
    )
    moved.__dict__["embedder"] = HashingEmbedder()
    return moved


def judge(workspace: Workspace) -> list[bool]:
    """Classify and rank; was each as it was?"""
    return [step(workspace).details.get("cached", False) for step in (runner.classify, runner.rank)]


def tables(workspace: Workspace) -> list[list[tuple]]:
    """What was judged."""
    with workspace.database.reading() as connection:
        return [
            connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in ("predictions", "review")
        ]


def sql(query: str) -> Callable[[Workspace], object]:
    """A change made by a query."""

    def change(workspace: Workspace) -> None:
        with workspace.database.writing() as connection:
            connection.execute(query)

    return change


def pick_the_last(workspace: Workspace) -> None:
    """The editor picks what stands last."""
    with workspace.database.writing() as connection:
        ((id, url, title),) = connection.execute(
            "SELECT id, url, title FROM review ORDER BY rank DESC LIMIT 1"
        ).fetchall()
        named = replace(article(title, FIRST, url), id=id)
        insert(connection, [decision(named, "pick", workspace.as_of.time - timedelta(days=1), 1)])


def one_more_article(workspace: Workspace) -> None:
    """A feed brings something."""
    with workspace.database.writing() as connection:
        add_articles(
            connection, [article("a story nobody told yet", workspace.as_of.issues_before - timedelta(days=1))]
        )


def another_issue(workspace: Workspace) -> None:
    """A past issue is imported."""
    with workspace.database.writing() as connection:
        add_issues(connection, [replace(issue(99, [("teams", "An older pick", None)]), date=FIRST - timedelta(days=7))])


def test_judged_twice_is_judged_once(workspace: Workspace):
    """The second time says so, counts the same, and the tables stand as they did."""
    lay_world(workspace.database, WEEKS)
    assert judge(at(workspace)) == [False, False]
    before, first = tables(workspace), runner.rank(at(workspace))
    assert judge(at(workspace)) == [True, True]
    assert judge(at(workspace)) == [True, True]
    again = runner.rank(at(workspace))
    assert tables(workspace) == before
    assert (again.seen, again.done, again.failed) == (first.seen, first.done, first.failed)


@pytest.mark.parametrize(
    ("change", "cached"),
    [
        (pick_the_last, [False, False]),
        (one_more_article, [False, False]),
        (another_issue, [False, False]),
        (
            sql("UPDATE articles SET title = 'Quite another title' WHERE id = (SELECT id FROM review LIMIT 1)"),
            [False] * 2,
        ),
        (sql("UPDATE review SET rank = 100 - rank"), [True, False]),
        (sql("UPDATE predictions SET probability = 0"), [False, True]),
        (sql("DELETE FROM exclusions"), [True, True]),  # it was empty
        (sql("DELETE FROM review"), [True, False]),
        (lambda workspace: (workspace.folder / PARQUET_NAME).unlink(), [True, False]),
        (lambda workspace: os.utime(pipeline.steps.rank.__file__), [False, False]),
    ],
    ids=["decision", "article", "issue", "title", "order", "sections", "nothing", "review", "file", "code"],
)
def test_what_changed_is_judged_anew(workspace: Workspace, change, cached):
    """Inputs, results and the code itself: each is noticed, and what is put right is as it was before."""
    lay_world(workspace.database, WEEKS)
    judge(at(workspace))
    before = tables(workspace)
    change(workspace)
    assert judge(at(workspace)) == cached
    if change not in (pick_the_last, one_more_article, another_issue) and cached != [False, False]:
        assert tables(workspace) == before
    assert judge(at(workspace)) == [True, True]
    assert (workspace.folder / PARQUET_NAME).exists()


@pytest.mark.parametrize("other", [{"weeks": WEEKS - 1}, {"name": "Another"}])
def test_another_moment_or_other_settings_are_judged_anew(workspace: Workspace, other):
    """A look back leaves nothing that tonight would take for its own."""
    lay_world(workspace.database, WEEKS)
    judge(at(workspace))
    before = tables(workspace)
    assert judge(at(workspace, **other)) == [False, False]
    assert judge(at(workspace)) == [False, False]
    assert tables(workspace) == before


class Flat:
    """An encoder to which all texts are the same."""

    def encode(self, texts, advance=None):
        """One row for each text."""
        return np.ones((len(texts), 384), dtype=np.float32)


class Passing(WrappedEmbedder):
    """Passes everything on."""

    def embed(self, texts, advance=None):
        """Embed with the wrapped embedder."""
        return self.embedder.embed(texts, advance)


def test_the_model_is_freed_when_all_texts_are_embedded(workspace):
    """It holds a hundred megabytes that ranking needs; a newsletter that shares its vectors frees it too."""
    lay_world(workspace.database, 1)
    embedder, encoder = SentenceEmbedder(), Flat()
    embedder.__dict__["encoder"], alive = encoder, weakref.ref(encoder)
    del encoder
    assert runner.embed(workspace, Passing(embedder)).done
    assert alive() is None
