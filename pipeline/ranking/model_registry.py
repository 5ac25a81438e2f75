"""The models a workspace keeps: saved with their cards, chosen for a moment, verified before they are loaded."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.base import BaseEstimator

from models import serialization
from pipeline.core.as_of import AsOf
from pipeline.core.errors import ModelError, NotFoundError
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet
from pipeline.store.database import Database
from pipeline.store.model_cards import ModelCard, activate, all_cards

STALE_ISSUES = 4  # a kept model serves until so many newer issues are known; then a night fits its own
LIMITS = (
    "It ranks what the feeds carried, for this newsletter and its editors. It has learned what was picked, not what is "
    "true or good, and knows nothing of stories that no source carried."
)


def register_model(
    cards: Sequence[ModelCard],
    bundle: dict[str, Any],
    kind: str,
    model: BaseEstimator,
    snapshot: Snapshot,
    training_set: TrainingSet,
    identity: str,
    folder: Path,
) -> ModelCard:
    """Save a fitted model and return its card, not yet stored. The same lesson and recipe give the same model.

    Parameters
    ----------
    cards : sequence of ModelCard
        Of the models kept already: one that would be made again stays as it is.
    bundle : dict
        What `load_model` gives back: the model, and what its reasons may name.
    kind : str
        "relevance" or "sections".
    identity : str
        Of the embedding model.
    """
    recipe = json.loads(json.dumps(model.get_params()))
    before = snapshot.as_of.issues_before
    model_id = f"{kind}-{before}-{_digest(kind, recipe, identity, list(snapshot.briefs.keys), training_set)}"
    known = next((card for card in cards if card.id == model_id), None)
    if known and (folder / f"{model_id}.skops").exists():
        return known
    sha256 = serialization.save(bundle, folder / f"{model_id}.skops")
    said = [label for label in training_set.labels if label.label_source and not label.ran]
    card = {
        "recipe": recipe,
        "embedding": identity,
        "sections": list(snapshot.briefs.keys),
        "scikit_learn": serialization.library_version(),
        "last_decision": max((d.seq for d in snapshot.decisions), default=0),
        "data": {
            "issues": len(snapshot.issues),
            "first_issue": snapshot.issues[0].number if snapshot.issues else None,
            "last_issue": snapshot.issues[-1].number if snapshot.issues else None,
            "picks": sum(label.picked for label in training_set.labels),
            "passed_over": sum(not label.label_source for label in training_set.labels),
            "decided": len(said),
            "skipped": sum(not label.picked for label in said),
            "editors": sorted({label.label_source for label in said}),
        },
        "limits": LIMITS,
    }
    return ModelCard(model_id, kind, snapshot.as_of.time, before, sha256, False, card)


def select_model(kind: str, snapshot: Snapshot, cards: Sequence[ModelCard], identity: str) -> ModelCard | None:
    """Choose the kept model that serves a moment, None if none does.

    It must be the active one of its kind, made from vectors of the same model and for the same sections, have seen
    nothing of the moment's future, and have missed fewer than `STALE_ISSUES` of the issues known.
    """
    for card in cards:
        unseen = sum(issue.date >= card.trained_before for issue in snapshot.issues)
        fits = (
            card.active
            and card.kind == kind
            and card.card["embedding"] == identity
            and card.card["sections"] == list(snapshot.briefs.keys)
            and _saw_no_future(card, snapshot.as_of)
        )
        if fits and unseen < STALE_ISSUES:
            return card
    return None


def load_model(card: ModelCard, folder: Path) -> dict[str, Any]:
    """Read a kept model after checking that it is the one its card describes.

    Raises
    ------
    ModelError
        If it is altered, foreign or from another version; the next move is named.
    """
    try:
        kept: dict[str, Any] = serialization.load(folder / f"{card.id}.skops", card.sha256, card.card["scikit_learn"])
    except serialization.ArtifactError as error:
        raise ModelError(f"{error}; go back with: triage models rollback ID, or fit anew: triage retrain") from error
    return kept


def _saw_no_future(card: ModelCard, as_of: AsOf) -> bool:
    return card.trained_before <= as_of.issues_before and card.created_at <= as_of.time


def roll_back(database: Database, model_id: str, folder: Path) -> ModelCard:
    """Let an earlier model serve again, after checking that it can be loaded.

    Raises
    ------
    NotFoundError
        If no model has this id.
    ModelError
        If its file is missing, altered or from another version.
    """
    with database.reading() as connection:
        card = next((card for card in all_cards(connection) if card.id == model_id), None)
    if card is None:
        raise NotFoundError(f"no model {model_id!r}; list them with: triage models list")
    load_model(card, folder)
    with database.writing() as connection:
        return activate(connection, model_id)


def _digest(
    kind: str, recipe: dict[str, Any], identity: str, sections: Sequence[str], training_set: TrainingSet
) -> str:
    labels = [(label.picked, label.weight, label.section) for label in training_set.labels]
    examples = training_set.examples
    told = [kind, recipe, identity, sections, labels, examples.titles, examples.urls, examples.sources]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:8]
