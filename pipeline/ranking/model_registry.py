"""Model registry: save fitted models with their cards, select the active one, verify it before it is loaded."""

import logging
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from models import serialization
from pipeline.core.as_of import AsOf
from pipeline.core.atomic_write import write_atomically
from pipeline.core.errors import ModelError, NotFoundError
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.trained_model import TrainedModel
from pipeline.store.database import Database
from pipeline.store.issues import known_issues
from pipeline.store.model_cards import ModelCard, activate, all_cards, set_aside

log = logging.getLogger("triage.models")
STALE_ISSUES = 4  # newer issues known: from so many on a night fits its own models


def register_model(trained: TrainedModel, cards: Sequence[ModelCard], folder: Path) -> ModelCard:
    """Save a fitted model and return its card, not yet stored. The same training set and parameters give the same id.

    Of the models registered already, `cards`, the one with its id is returned where it can be loaded.

    Raises
    ------
    ModelError
        If the folder cannot be written to.
    """
    known = next((card for card in cards if card.id == trained.id), None)
    if known and load_fault(known, folder) is None:
        return known
    data, sha256 = serialization.dumps(trained.bundle)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / f"{trained.id}.skops", data)
    except OSError as error:
        raise ModelError(f"cannot write to {folder} ({error.strerror}); make room, then run: triage retrain") from error
    as_of = trained.snapshot.as_of
    return ModelCard(trained.id, trained.kind, as_of.time, as_of.issues_before, sha256, False, trained.card)


def select_model(kind: str, snapshot: Snapshot, cards: Sequence[ModelCard], identity: str) -> ModelCard | None:
    """Select the registered model that a snapshot is ranked with, None if there is none.

    It must be the active one of its kind, fitted on vectors of the same embedding model and for the same sections,
    have seen nothing later than the snapshot, and have missed fewer than `STALE_ISSUES` of its issues.
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


def _saw_no_future(card: ModelCard, as_of: AsOf) -> bool:
    return card.trained_before <= as_of.issues_before and card.created_at <= as_of.time


def load_model(card: ModelCard, folder: Path) -> dict[str, Any]:
    """Load a registered model after checking that it is the one its card describes.

    Raises
    ------
    ModelError
        If it is missing, altered, foreign or from another version.
    """
    try:
        bundle: dict[str, Any] = serialization.load(folder / f"{card.id}.skops", card.sha256)
    except serialization.ArtifactError as error:
        raise ModelError(str(error)) from error
    return bundle


def load_fault(card: ModelCard, folder: Path) -> str | None:
    """Return why a registered model cannot be loaded, None if it can."""
    try:
        load_model(card, folder)
    except ModelError as error:
        return str(error)
    return None


def load_or_set_aside(card: ModelCard, database: Database, folder: Path) -> dict[str, Any] | None:
    """Load a registered model; one that cannot be loaded is deactivated, named in the log, and None is returned.

    Its file stays, so that `roll_back` can activate it once it can be loaded again.
    """
    try:
        return load_model(card, folder)
    except ModelError as error:
        deactivate_unloadable(database, card, str(error))
        log.warning("%s is set aside, because %s; a model is fitted now instead", card.id, error)
        return None


def deactivate_unloadable(database: Database, card: ModelCard, why: str) -> None:
    """Deactivate a model that cannot be loaded and keep the reason in its card."""
    with database.writing() as connection:
        set_aside(connection, card.id, why)


def roll_back(database: Database, model_id: str, folder: Path) -> ModelCard:
    """Activate an earlier model, after checking that it can be loaded.

    Raises
    ------
    NotFoundError
        If no model has this id.
    ModelError
        If its file is missing, altered or from another version; what is active stays active.
    """
    with database.reading() as connection:
        card = next((card for card in all_cards(connection) if card.id == model_id), None)
    if card is None:
        raise NotFoundError(f"no model {model_id!r}; list them with: triage models list")
    if why := load_fault(card, folder):
        raise ModelError(f"{model_id} cannot be loaded: {why}; fit a new model with: triage retrain")
    with database.writing() as connection:
        return activate(connection, model_id)


def stale_note(database: Database, card: ModelCard) -> str:
    """Say that nights do not rank with a model because too many issues came after it; "" if they do."""
    with database.reading() as connection:
        unseen = sum(issue.date >= card.trained_before for issue in known_issues(connection, date.max))
    if unseen < STALE_ISSUES:
        return ""
    return (
        f"but {unseen} issues came after it, and nights use a model only until {STALE_ISSUES} have: "
        "they fit their own; keep a new one with: triage retrain"
    )
