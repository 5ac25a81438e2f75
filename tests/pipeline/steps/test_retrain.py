"""Champion and challenger, the gate, and the way back."""

import errno
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.errors import ModelError, NotEnoughIssuesError, NotFoundError
from pipeline.core.types import Article, StepReport
from pipeline.evaluation import champion_challenger
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.model_registry import STALE_ISSUES, load_fault, roll_back, select_model, stale_note
from pipeline.steps.classify import classify_articles
from pipeline.steps.rank import rank_candidates
from pipeline.steps.retrain import retrain_models
from pipeline.store.decisions import insert
from pipeline.store.issues import add_issues
from pipeline.store.model_cards import all_cards
from world import FIRST, decision, issue, lay_world

EARLY, LATE = (AsOf.before_issue(FIRST + timedelta(weeks=n)) for n in (10, 12))  # before issues 11 and 13


def run_step(workspace: Workspace, function: Callable, as_of: AsOf) -> StepReport:
    """Run a step as of a time."""
    given = (workspace.database, workspace.newsletter, HashingEmbedder(), as_of, workspace.models_folder)
    return function(*given) if function is retrain_models else function(RankingContext(*given))


@pytest.fixture
def run(workspace: Workspace):
    """Run a step of the workspace as of a time."""
    return partial(run_step, workspace)


@dataclass(frozen=True)
class Trained:
    """A workspace of twelve issues whose first models were trained before issue 11."""

    folder: Path
    articles: list[Article]
    report: StepReport  # of the training
    untrained: list[tuple]  # the review table of the night before it

    @property
    def model(self) -> str:
        """The ranker's id."""
        return self.report.details["models"][0]


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """The trained workspace, made once, as it takes seconds."""
    workspace = Workspace.create(tmp_path_factory.mktemp("trained") / "letter", "Letter")
    _, articles = lay_world(workspace.database, 12)
    run_step(workspace, rank_candidates, EARLY)
    untrained = review(workspace)
    return Trained(workspace.folder, articles, run_step(workspace, retrain_models, EARLY), untrained)


@pytest.fixture
def trained(trained_once: Trained, workspace: Workspace) -> Trained:
    """Copy it into the workspace of the test."""
    shutil.copytree(trained_once.folder, workspace.folder, dirs_exist_ok=True)
    return trained_once


def review(workspace: Workspace) -> list[tuple]:
    """The review table, best first."""
    with workspace.database.reading() as connection:
        return connection.execute("SELECT id, rank, relevance, reasons FROM review ORDER BY rank").fetchall()


def cards(workspace: Workspace) -> dict:
    """The kept models by id."""
    with workspace.database.reading() as connection:
        return {card.id: card for card in all_cards(connection)}


def spoken(articles, flipped: float) -> list:
    """Decisions on the articles of the weeks of issues 11 and 12: honest, but for a share of them."""
    weeks = [
        a for a in articles if EARLY.issues_before - timedelta(days=7) < a.first_seen_at.date() < LATE.issues_before
    ]
    wrong = np.random.default_rng(0).permutation(len(weeks)) < flipped * len(weeks)
    at = datetime.combine(EARLY.issues_before, datetime.min.time(), UTC) + timedelta(hours=1)
    return [
        decision(a, "pick" if (", part" in a.title) ^ bool(w) else "skip", at, n)
        for n, (a, w) in enumerate(zip(weeks, wrong, strict=True), 1)
    ]


def test_the_first_model_serves_and_is_described(workspace, trained):
    """There is nothing to compare a first model with; its card says data, parameters, vectors and limits."""
    report = trained.report
    card = cards(workspace)[trained.model]
    assert report.details["promoted"]
    assert card.active
    assert (card.card["data"]["issues"], card.card["data"]["last_issue"]) == (10, 10)
    assert "the first model that is kept" in report.details["explanation"]
    with workspace.database.reading() as connection:
        data = {card.kind: card.card["data"] for card in all_cards(connection)}
    # sections are learned from picks that no feed carried too
    assert {kind: (of["picks"], of["past_picks"]) for kind, of in data.items()} == {
        "relevance": (30, 40),
        "sections": (40, 40),
    }
    assert {"params", "embedding", "limits", "format", "versions", "decision"} <= set(card.card)


def test_a_card_names_weak_spots_exposure_and_how_to_reproduce(workspace, run):
    """Figures have intervals; the ignored theme that one issue ran is named with its source; a rerun gives the id."""
    issues, articles = lay_world(workspace.database, 12)
    odd = [a for a in articles if a.title.startswith("stock tips")][8:14:2]
    picks = tuple(replace(issues[0].picks[0], title=a.title, url=a.url, position=9, section="random") for a in odd)
    late = [i for i in issues if i.number in (6, 7, 8)]
    with workspace.database.writing() as connection:
        add_issues(connection, [replace(i, picks=(*i.picks, p)) for i, p in zip(late, picks, strict=True)])
    model_id, sections_id = run(retrain_models, EARLY).details["models"]
    card = cards(workspace)[model_id].card
    assert card["measured_on"][-1] == 10
    assert card["figures"]["ndcg@20"]["low"] <= card["figures"]["ndcg@20"]["mean"] <= card["figures"]["ndcg@20"]["high"]
    assert card["exposure"]["sources_in_top"] <= card["exposure"]["sources_in_pool"]
    assert cards(workspace)[sections_id].card["weak_sections"]["random"].endswith(" of 3 picks placed there")
    before = re.search(r"--as-of (\S+),", card["reproduce"])[1]
    assert run(retrain_models, AsOf.before_issue(date.fromisoformat(before))).details["models"][0] == model_id


def test_decisions_are_judged_by_a_champion_that_saw_none_of_them(workspace, run, trained, monkeypatch):
    """What the champion is fitted on, to see how improbable the new decisions are, holds none of these."""
    with workspace.database.writing() as connection:
        insert(connection, spoken(trained.articles, flipped=0))
    seen = []

    def fit(known, training_set, **params):
        seen.append((known, training_set))
        return fit_relevance(known, training_set, **params)

    monkeypatch.setattr(champion_challenger, "fit_relevance", fit)
    run(retrain_models, LATE)
    assert len(seen) > 1
    assert all(not known.decisions for known, _ in seen)
    judge_of_decisions = seen[-1][1]
    assert {label.label_source for label in judge_of_decisions.labels} <= {"", *(f"issue {n}" for n in range(1, 11))}


def test_an_honest_challenger_takes_over(workspace, run, trained):
    """With honest decisions and newer issues the gate opens, and says why in one paragraph."""
    first = trained.model
    with workspace.database.writing() as connection:
        insert(connection, spoken(trained.articles, flipped=0))
    report = run(retrain_models, LATE)
    second = report.details["models"][0]
    assert report.details["promoted"], report.details["explanation"]
    assert report.details["explanation"].startswith(f"{second} replaces {first}: compared on 9 past issues")
    assert {id: card.active for id, card in cards(workspace).items() if card.kind == "relevance"} == {
        first: False,
        second: True,
    }


@pytest.mark.parametrize("flipped", [0.2, 0.5])
def test_poisoned_decisions_are_refused(workspace, run, trained, flipped):
    """With a fifth of the decisions flipped the champion stays, and the ranking is as without them."""
    first = trained.model
    with workspace.database.writing() as connection:
        insert(connection, spoken(trained.articles, flipped))
    report = run(retrain_models, LATE)
    assert not report.details["promoted"]
    assert report.details["explanation"].startswith(f"{first} stays")
    assert max(report.details["issues"]) <= 10
    assert cards(workspace)[first].active


def test_rollback_restores_every_digit(workspace, run, trained):
    """After a rollback the review table is what it was, byte for byte."""
    first = trained.model
    run(classify_articles, LATE)
    run(rank_candidates, LATE)
    before = review(workspace)
    assert run(retrain_models, LATE).details["models"][0] != first
    run(rank_candidates, LATE)
    assert review(workspace) != before
    roll_back(workspace.database, first, workspace.models_folder)
    run(rank_candidates, LATE)
    assert review(workspace) == before


def test_the_same_inputs_give_the_same_model(workspace, run, trained):
    """Retraining twice makes nothing new and says so."""
    kept = cards(workspace)
    report = run(retrain_models, EARLY)
    assert report.details["models"] == trained.report.details["models"]
    assert "nothing new" in report.details["explanation"]
    assert cards(workspace) == kept


def alter(workspace: Workspace, model: str) -> None:
    """Change the last byte of a model's file."""
    file = workspace.models_folder / f"{model}.skops"
    file.write_bytes(file.read_bytes()[:-1] + b"x")


def test_an_altered_model_is_not_loaded(workspace, run, trained, caplog):
    """One changed byte: the night names it, fits its own model and deactivates it; rollback refuses with the reason."""
    model = trained.model
    alter(workspace, model)
    run(rank_candidates, EARLY)
    assert review(workspace) == trained.untrained
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [f"{model} is set aside"]
    assert not cards(workspace)[model].active
    with pytest.raises(ModelError, match=r"altered.*triage retrain"):
        roll_back(workspace.database, model, workspace.models_folder)


def test_retrain_saves_an_altered_model_again(workspace, run, trained):
    """With the same data the model's id is the same: the file is written anew and the model is active again."""
    model = trained.model
    alter(workspace, model)
    report = run(retrain_models, EARLY)
    assert report.details["models"][0] == model
    assert report.details["explanation"].startswith(f"{model} is active: there is no other model that can be loaded")
    card = cards(workspace)[model]
    assert (card.active, card.set_aside, load_fault(card, workspace.models_folder)) == (True, None, None)


def test_a_model_serves_only_where_it_fits(workspace, trained):
    """Never one fitted on later issues, other vectors, or too few of the known issues."""
    from pipeline.ranking.snapshot import load_snapshot

    lay_world(workspace.database, 10 + STALE_ISSUES)
    kept = list(cards(workspace).values())

    def served(as_of: AsOf, identity: str = HashingEmbedder().identity):
        snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
        return select_model("relevance", snapshot, kept, identity)

    assert served(EARLY)
    assert served(AsOf.before_issue(FIRST + timedelta(weeks=9))) is None
    assert served(EARLY, "other/256/1") is None
    assert served(AsOf.before_issue(FIRST + timedelta(weeks=9 + STALE_ISSUES)))
    assert served(AsOf.before_issue(FIRST + timedelta(weeks=10 + STALE_ISSUES))) is None


def test_a_model_that_nights_would_not_use_is_said_when_activated(workspace, trained):
    """Rolled back to, a model that has not seen four issues is active and yet not ranked with."""
    lay_world(workspace.database, 13)
    card = next(iter(cards(workspace).values()))
    assert stale_note(workspace.database, card) == ""
    with workspace.database.writing() as connection:
        add_issues(connection, [issue(14, [("teams", "A title", None)])])
    assert stale_note(workspace.database, card).startswith("but 4 issues came after it")


def test_too_little_history_names_the_numbers(workspace, run):
    """Eight issues are needed; the message says how many there are."""
    lay_world(workspace.database, 3)
    with pytest.raises(NotEnoughIssuesError, match="needs 8 past issues, found 3"):
        run(retrain_models, AsOf.before_issue(FIRST + timedelta(weeks=4)))
    with pytest.raises(NotFoundError, match="triage models list"):
        roll_back(workspace.database, "nobody", workspace.models_folder)


def test_full_disk_is_told_in_one_sentence(workspace, run, monkeypatch):
    """A model that cannot be saved is registered nowhere."""

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    lay_world(workspace.database, 12)
    monkeypatch.setattr("pipeline.ranking.model_registry.write_atomically", refuse)
    with pytest.raises(ModelError, match=r"cannot write to .*models \(No space left on device\); make room"):
        run(retrain_models, EARLY)
    assert cards(workspace) == {}
