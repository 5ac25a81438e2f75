"""Nothing later than a replayed issue reaches its models: the future of every table is poisoned, no digit changes."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf, start_of_day
from pipeline.core.types import Article, Decision, Issue
from pipeline.core.urls import url_key
from pipeline.evaluation.results import Outcome
from pipeline.ops.workspace import Workspace
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps.replay import replay_issues, select_issues
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from world import FIRST, article, decision, issue, lay_world

REPLAYED = 10
DAY = FIRST + timedelta(weeks=REPLAYED - 1)  # of the replayed issue
AFTER = AsOf.before_issue(FIRST + timedelta(weeks=20))


@pytest.fixture
def world(workspace: Workspace) -> list[Article]:
    """Ten weekly issues, and the stream that carried three of four picks of each and one week more."""
    return lay_world(workspace.database, REPLAYED)[1]


def replay(workspace: Workspace) -> Outcome:
    """The replayed issue, of a snapshot that knows everything stored."""
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), AFTER)
    (outcome,) = replay_issues(snapshot, select_issues(snapshot.issues, first=REPLAYED, until=REPLAYED)).outcomes
    return outcome


def is_same(one: Outcome, other: Outcome) -> bool:
    """Whether candidates, scores of every ranker and section probabilities agree to the last bit."""
    return (
        one.ids == other.ids
        and all(np.array_equal(one.scores[ranker], other.scores[ranker]) for ranker in one.scores)
        and np.array_equal(one.sections, other.sections)
        and np.array_equal(one.pick_sections, other.pick_sections)
    )


def ignored(articles: list[Article]) -> list[Article]:
    """The articles of the stream that no issue picked, up to the replayed one."""
    return [a for a in articles if ", part" not in a.title and a.first_seen_at.date() < DAY]


def poison_articles(workspace: Workspace, articles: list[Article], day: date) -> None:
    """The ignored headlines once more, from the hosts and words of the picks."""
    picks = [a for a in articles if ", part" in a.title]
    new = [article(f"{a.title} again", day, f"{b.url}-again") for a, b in zip(ignored(articles), picks, strict=False)]
    with workspace.database.writing() as connection:
        add_articles(connection, new)


def poison_picks(workspace: Workspace, articles: list[Article], day: date) -> None:
    """An issue that picks what the earlier ones ignored, under another section."""
    published = issue(99, [("random", a.title, a.url) for a in ignored(articles)[::3]])
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(99, day, picks=published.picks)])


def poison_decisions(workspace: Workspace, articles: list[Article], day: date) -> None:
    """Picks of what was ignored, and a mute of a phrase that half of the candidates hold."""
    at = start_of_day(day)
    picks = [decision(a, "pick", at, n, section="random") for n, a in enumerate(ignored(articles), 1)]
    with workspace.database.writing() as connection:
        insert(connection, [*picks, Decision(None, "mute", "Ed", at, text="phrase:gossip", seq=len(picks) + 1)])


POISONS = [poison_articles, poison_picks, poison_decisions]


@pytest.mark.parametrize("poison", POISONS)
def test_later_rows_change_no_digit(workspace, world, poison: Callable[..., None]):
    """What is dated on the day of the issue or later is not known before it; the same, dated before, is."""
    before = replay(workspace)
    poison(workspace, world, DAY + timedelta(days=1) if poison is poison_articles else DAY)
    assert is_same(before, replay(workspace))


@pytest.mark.parametrize("poison", POISONS)
def test_the_same_rows_a_day_earlier_are_known(workspace, world, poison: Callable[..., None]):
    """The poison works: dated the day before the issue, it changes the scores."""
    before = replay(workspace)
    poison(workspace, world, DAY - timedelta(days=1))
    assert not is_same(before, replay(workspace))


def test_tables_without_a_date_change_no_digit(workspace, world):
    """Results, page titles, vectors of other texts, predictions, the shortlist and kept models are not trained on."""
    before = replay(workspace)
    wrong, card = ignored(world), json.dumps({"embedding": HashingEmbedder().identity, "sections": []})
    with workspace.database.writing() as connection:
        for a in wrong:
            connection.execute("INSERT INTO issue_results VALUES (?, ?, 1, 0.99, true, [?])", [REPLAYED, a.id, a.url])
            connection.execute("INSERT INTO page_titles VALUES (?, 'coaching engineers')", [url_key(a.url)])
            connection.execute("INSERT INTO predictions VALUES (?, 'random', 0.99)", [a.id])
            connection.execute(
                "INSERT INTO embeddings VALUES (?, ?, ?)", [HashingEmbedder().identity, a.id, [1.0] + [0.0] * 255]
            )
            connection.execute(
                """INSERT INTO review
                   VALUES (1, ?, ?, ?, ?, NULL, NULL, ?, 'random', 0.9, '{}', 0.99, '[]', 'picked', [], [], false)""",
                [a.id, a.url, a.title, a.source, a.first_seen_at],
            )
        connection.execute(
            "INSERT INTO model_cards VALUES ('relevance-x', 'relevance', ?, ?, '', true, ?)",
            [start_of_day(DAY), DAY, card],
        )
    assert is_same(before, replay(workspace))
