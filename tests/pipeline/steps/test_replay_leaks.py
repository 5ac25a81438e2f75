"""Nothing later than an issue reaches the models that rank it: the future of every table is poisoned, no digit changes.

All ways to the models are tested: a replay, which slices one snapshot, and a night and a retraining as of the evening
before the issue; a night chooses which articles to read, a retraining reads all.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from models.relevance import RelevanceRanker
from pipeline.core.as_of import AsOf, start_of_day
from pipeline.core.types import Article, Decision, Issue
from pipeline.core.urls import url_key
from pipeline.ops.workspace import Workspace
from pipeline.ranking import context as ranking_context
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import FittedRanker
from pipeline.ranking.model_registry import register_model
from pipeline.ranking.snapshot import load_snapshot
from pipeline.ranking.trained_model import TrainedModel
from pipeline.ranking.training_set import build_training_set
from pipeline.steps.replay import replay_issues, select_issues
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from pipeline.store.model_cards import add_card
from world import FIRST, article, decision, issue, lay_world

REPLAYED = 10
DAY = FIRST + timedelta(weeks=REPLAYED - 1)  # of the replayed issue
EVENING = AsOf.before_issue(DAY)
AFTER = AsOf.before_issue(FIRST + timedelta(weeks=20))
NIGHT_ARTICLES = 80  # fewer than stored, so that a night chooses which to read


@pytest.fixture
def world(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> list[Article]:
    """Ten weekly issues, and the stream that carried three of four picks of each and one week more."""
    monkeypatch.setattr(ranking_context, "NIGHT_ARTICLES", NIGHT_ARTICLES)
    return lay_world(workspace.database, REPLAYED)[1]


def night(workspace: Workspace) -> RankingContext:
    """The night before the replayed issue."""
    folder = workspace.database.path.with_name("models")
    return RankingContext(workspace.database, workspace.newsletter, HashingEmbedder(), EVENING, folder)


def digits(workspace: Workspace) -> dict[str, np.ndarray]:
    """Candidates, scores and sections, by a replay of all stored and by a night; and what a retraining reads."""
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), AFTER)
    (outcome,) = replay_issues(snapshot, select_issues(snapshot.issues, first=REPLAYED, until=REPLAYED)).outcomes
    context = night(workspace)
    candidates = context.snapshot.article_examples.take(context.candidates.rows)
    assert min(len(outcome.ids), len(candidates)), "once the issue itself is known, it has no candidates"
    return {
        **outcome.scores,
        "candidates": np.array(outcome.ids),
        "sections": outcome.sections,
        "sections of picks": outcome.pick_sections,
        "candidates of the night": np.array(candidates.urls),
        "scores of the night": context.relevance.scores(candidates),
        "sections of the night": context.classifier.section_probabilities(candidates),
        **retraining(workspace),
    }


def retraining(workspace: Workspace) -> dict[str, np.ndarray]:
    """What a retraining on that evening learns from."""
    known = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), EVENING)
    candidates = select_candidates(known)
    training_set = build_training_set(known, candidates)
    titles, keys, _ = training_set.section_examples()
    return {
        "articles of a retraining": np.array([a.id for a in known.articles]),
        "candidates of a retraining": candidates.rows,
        "examples of a retraining": np.array(training_set.examples.titles),
        "labels of a retraining": training_set.y * training_set.weights,
        "sections of a retraining": np.array([titles.titles, keys]),
    }


def changed(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> list[str]:
    """What does not agree to the last bit."""
    return [name for name in before if not np.array_equal(before[name], after[name])]


def ignored(articles: list[Article]) -> list[Article]:
    """The articles of the stream that no issue picked, up to the replayed one."""
    return [a for a in articles if ", part" not in a.title and a.first_seen_at.date() < DAY]


def poison_articles(workspace: Workspace, articles: list[Article], day: date) -> None:
    """The ignored headlines again, from the hosts and words of the picks; and an old pick that a feed brings late."""
    picks = [a for a in articles if ", part" in a.title]
    new = [article(f"{a.title} again", day, f"{b.url}-again") for a, b in zip(ignored(articles), picks, strict=False)]
    with workspace.database.writing() as connection:
        add_articles(connection, [*new, article("brought late", day, "https://elsewhere.example/5")])


def poison_issues(workspace: Workspace, articles: list[Article], day: date) -> None:
    """An issue without a link, which ends the time of the candidates before it."""
    with workspace.database.writing() as connection:
        add_issues(connection, [Issue(98, day)])


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


def poison_model_cards(workspace: Workspace, articles: list[Article], day: date) -> None:
    """An active ranker of that day which has learned the opposite."""
    known = replace(night(workspace), as_of=AsOf.before_issue(day))
    training_set = known._training_set
    ranker = RelevanceRanker().fit(training_set.examples, 1 - training_set.y)
    bundle = FittedRanker(ranker, [0] * len(training_set.y), [""] * len(training_set.y)).bundle()
    identity = HashingEmbedder().identity
    trained = TrainedModel("relevance", ranker, bundle, known.snapshot, training_set, identity)
    card = register_model(trained, [], known.models_folder)
    with workspace.database.writing() as connection:
        add_card(connection, replace(card, active=True))


def poison_article_feeds(workspace: Workspace, articles: list[Article]) -> None:
    """Every article was carried by one feed more, all under one id and title."""
    with workspace.database.writing() as connection:
        for a in articles:
            connection.execute(
                "INSERT INTO article_feeds VALUES (?, 'https://a.example/feed', 'id', ?, 'coaching engineers')",
                [a.id, url_key(a.url)],
            )


def poison_embeddings(workspace: Workspace, articles: list[Article]) -> None:
    """Vectors of other texts, and of the same texts by another model."""
    vector = [1.0] + [0.0] * (HashingEmbedder().dimension - 1)
    with workspace.database.writing() as connection:
        for a in articles:
            connection.execute("INSERT INTO embeddings VALUES (?, ?, ?)", [HashingEmbedder().identity, a.id, vector])
        connection.execute("INSERT INTO embeddings SELECT 'other', text_hash, ? FROM embeddings", [vector])


# the poison of each table that training reads, and the first day of which an evening knows nothing
POISONS = {
    "articles": (poison_articles, DAY + timedelta(days=1)),
    "issues": (poison_issues, DAY),
    "picks": (poison_picks, DAY),
    "decisions": (poison_decisions, DAY),
    "model_cards": (poison_model_cards, DAY + timedelta(days=1)),
}
UNDATED = {"article_feeds": poison_article_feeds, "embeddings": poison_embeddings}  # read, but for nothing that ranks


@pytest.mark.parametrize("table", POISONS)
def test_later_rows_change_no_digit(workspace, world, table: str):
    """What is dated on the day of the issue or later is not known before it; the same, dated before, is."""
    poison, first_unknown = POISONS[table]
    before = digits(workspace)
    poison(workspace, world, first_unknown)
    assert changed(before, digits(workspace)) == []


@pytest.mark.parametrize("table", POISONS)
def test_the_same_rows_a_day_earlier_are_known(workspace, world, table: str):
    """The poison works: dated a day earlier, it changes the scores."""
    poison, first_unknown = POISONS[table]
    before = digits(workspace)
    poison(workspace, world, first_unknown - timedelta(days=1))
    assert changed(before, digits(workspace)) != []


@pytest.mark.parametrize("poison", UNDATED.values())
def test_rows_without_a_date_change_no_digit(workspace, world, poison: Callable[..., None]):
    """Which other feeds carried an article, and vectors of other texts, are not known by time and not learned from."""
    before = digits(workspace)
    poison(workspace, world)
    assert changed(before, digits(workspace)) == []


def test_no_other_table_is_read(workspace, world):
    """Without any other table of the schema the same is learned: one that training comes to read needs a poison."""
    before = digits(workspace)
    with workspace.database.writing() as connection:
        tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        assert {*POISONS, *UNDATED} < tables
        for name in tables - {*POISONS, *UNDATED}:
            connection.execute(f"DROP TABLE {name}")
    assert changed(before, digits(workspace)) == []
