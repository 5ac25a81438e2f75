"""A model is registered with what it learned from, and ranks a snapshot only where it may."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from models import serialization
from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.types import Issue
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.model_registry import STALE_ISSUES, register_model, select_model
from pipeline.ranking.snapshot import load_snapshot
from pipeline.ranking.trained_model import TrainedModel
from pipeline.ranking.training_set import build_training_set
from pipeline.store.decisions import insert
from pipeline.store.model_cards import ModelCard
from world import FIRST, decision, lay_world

DAY = date(2026, 3, 6)
AS_OF = AsOf.before_issue(DAY)
CARD = ModelCard(
    "relevance-1", "relevance", AS_OF.time, DAY, "", True, {"embedding": "model/3/x", "sections": ["teams", "data"]}
)


def selected(card: ModelCard, n_unseen: int = 0) -> bool:
    """Whether a model ranks the snapshot of DAY, of which it has not seen so many issues."""
    issues = [Issue(n, card.trained_before + timedelta(days=n)) for n in range(-3, n_unseen)]
    snapshot = SimpleNamespace(as_of=AS_OF, issues=issues, briefs=SimpleNamespace(keys=("teams", "data")))
    return select_model("relevance", snapshot, [card], "model/3/x") is card


@pytest.mark.parametrize(
    "changed",
    [
        {"active": False},
        {"kind": "sections"},
        {"trained_before": DAY + timedelta(days=1)},
        {"created_at": AS_OF.time + timedelta(seconds=1)},
        {"card": CARD.card | {"embedding": "model/3/y"}},
        {"card": CARD.card | {"sections": ["data", "teams"]}},
        {"card": CARD.card | {"sections": ["teams"]}},
    ],
)
def test_a_model_ranks_only_what_it_was_made_for(changed):
    """The active one of its kind, of these vectors and sections, which saw nothing later than the snapshot."""
    assert selected(CARD)
    assert not selected(replace(CARD, **changed))


def test_a_stale_model_ranks_nothing():
    """The issue on the day of training is unseen too."""
    assert selected(CARD, STALE_ISSUES - 1)
    assert not selected(CARD, STALE_ISSUES)


@pytest.fixture
def learned(workspace):
    """A snapshot with two picks, a skip and a correction of the editor, its training set and a fitted ranker."""
    _, articles = lay_world(workspace.database, 8)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=8))
    at = datetime.combine(as_of.issues_before, datetime.min.time(), UTC) - timedelta(hours=2)
    new = [a for a in articles if a.first_seen_at.date() > FIRST + timedelta(weeks=7)]
    verdicts = ("pick", "pick", "skip", "section")
    with workspace.database.writing() as connection:
        insert(
            connection,
            [decision(a, v, at, n, section="teams") for n, (a, v) in enumerate(zip(new, verdicts, strict=False), 1)],
        )
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
    training_set = build_training_set(snapshot, select_candidates(snapshot))
    return snapshot, training_set, fit_relevance(snapshot, training_set).ranker


def register(learned, folder, cards=()):
    """Register the ranker."""
    snapshot, training_set, ranker = learned
    trained = TrainedModel("relevance", ranker, {"ranker": ranker}, snapshot, training_set, "m/3/x")
    return register_model(trained, cards, folder)


def test_a_card_counts_what_the_model_learned_from(learned, tmp_path):
    """Picks of issues, articles passed over, and the editor's decisions with how many of them are skips."""
    snapshot, training_set, _ = learned
    card = register(learned, tmp_path).card
    data = card["data"]
    assert (data["decided"], data["skipped"], data["editors"]) == (3, 1, ["Ed"])
    assert (data["issues"], data["first_issue"], data["last_issue"]) == (8, 1, 8)
    assert (data["picks"], data["past_picks"]) == (8 * 3 + 2, 32)
    assert data["passed_over"] == len(training_set.labels) - data["picks"] - data["skipped"]
    assert card["last_decision"] == len(snapshot.decisions) == 4


def test_a_registered_model_is_written_once(learned, tmp_path):
    """The same model is the card that is known; where its file is damaged, it is written again."""
    first = register(learned, tmp_path)
    known = replace(first, active=True)
    assert register(learned, tmp_path, [known]) is known
    file = tmp_path / f"{first.id}.skops"
    file.write_bytes(b"damaged")
    again = register(learned, tmp_path, [known])
    assert again.id == first.id
    assert serialization.load(file, again.sha256)


def test_a_model_is_called_after_the_day_it_was_fitted(learned):
    """Not after the day from which on it knows nothing, which is tomorrow."""
    snapshot, training_set, ranker = learned
    now = replace(snapshot, as_of=AsOf.now(datetime(2026, 4, 10, 3, tzinfo=UTC)))
    trained = TrainedModel("relevance", ranker, {}, now, training_set, "model/3/x")
    assert trained.id.startswith("relevance-2026-04-10-")
