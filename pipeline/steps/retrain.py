"""The step `retrain`: fit a challenger, compare it with the champion on past issues, and activate the better."""

import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from models.embedder import Embedder
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.errors import NotEnoughIssuesError
from pipeline.core.types import Progress, StepReport
from pipeline.evaluation.card_figures import card_figures, latest_scored, section_card_figures
from pipeline.evaluation.champion_challenger import Comparison, compare_models
from pipeline.evaluation.changes import describe_changes
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.fitting import fit_relevance, fit_sections
from pipeline.ranking.model_registry import load_or_set_aside, register_model
from pipeline.ranking.snapshot import Snapshot, load_snapshot
from pipeline.ranking.trained_model import TrainedModel
from pipeline.ranking.training_set import build_training_set
from pipeline.store.database import Database
from pipeline.store.model_cards import ModelCard, activate, add_card, all_cards

MIN_ISSUES = 8
REPRODUCE = "triage retrain --as-of {before}, with the same version and data, gives a model of the same id"


def retrain_models(
    database: Database,
    newsletter: Newsletter,
    embedder: Embedder,
    as_of: AsOf,
    models_folder: Path,
    progress: Progress | None = None,
) -> StepReport:
    """Fit new models, register them with their cards, and activate them if they pass the promotion gate.

    Parameters
    ----------
    progress : callable, optional
        Called with (done, total) after each issue that the two are compared on.

    Returns
    -------
    StepReport
        details: promoted, explanation (one paragraph), changes (how the latest
        issues differ from those before), models (ids), issues, champion and challenger (nDCG@20).

    Raises
    ------
    NotEnoughIssuesError
        If there are fewer than `MIN_ISSUES` past issues.
    """
    started = time.monotonic()
    snapshot = load_snapshot(database, newsletter, embedder, as_of)
    if len(snapshot.issues) < MIN_ISSUES:
        raise NotEnoughIssuesError(
            f"retraining needs {MIN_ISSUES} past issues, found {len(snapshot.issues)}; "
            "import more with: triage import issues PATH"
        )
    champion = _champion(database, models_folder)
    with database.reading() as connection:
        cards = all_cards(connection)
    fitted = _fit_and_register(snapshot, cards, embedder.identity, models_folder)
    comparison = compare_models(snapshot, champion, progress) if champion else None
    promoted = comparison is None or comparison.decision.promoted
    why = explanation(fitted[0].id, champion, comparison, is_first=all(card.kind != "relevance" for card in cards))
    changes = describe_changes(snapshot)
    compared = comparison.figures if comparison else {}
    measured = {
        "relevance": comparison.card if comparison else card_figures(latest_scored(snapshot, progress)),
        "sections": section_card_figures(snapshot),
    }
    reproduce = REPRODUCE.format(before=snapshot.as_of.issues_before)
    said = {"decision": why, "changes": changes, **compared, "reproduce": reproduce}
    described = [replace(card, card={**card.card, **said, **measured[card.kind]}) for card in fitted]
    _store(database, described, {card.id for card in fitted if card in cards}, promoted)
    models = [card.id for card in fitted]
    details = {"promoted": promoted, "explanation": why, "changes": changes, "models": models, **compared}
    return StepReport("retrain", len(snapshot.issues), len(fitted), 0, time.monotonic() - started, details)


def explanation(
    challenger: str, champion: ModelCard | None, comparison: Comparison | None, *, is_first: bool = False
) -> str:
    """Say in one paragraph which model is active now and why; `is_first`: none was kept before."""
    if is_first:
        return f"{challenger} is active: the first model that is kept. The next triage retrain compares with it."
    if champion is None or comparison is None:
        return f"{challenger} is active: there is no other model that can be loaded to compare it with."
    tested_on = f"compared on {len(comparison.issues)} past issues, both fitted anew before each"
    if not comparison.issues:
        return f"{champion.id} stays, and {challenger} is kept beside it: {'; and '.join(comparison.decision.reasons)}."
    if not comparison.decision.promoted:
        against = "; and ".join(comparison.decision.reasons)
        return f"{champion.id} stays, and {challenger} is kept beside it: {tested_on}, {against}."
    if champion.id == challenger:
        return f"{champion.id} stays: there is nothing new to learn from since it was fitted."
    return (
        f"{challenger} replaces {champion.id}: {tested_on}, {comparison.decision.reasons[0]}, "
        "and it forgets no section."
    )


def _champion(database: Database, folder: Path) -> ModelCard | None:
    """Return the active ranker; those that cannot be loaded are set aside first, as a night would."""
    with database.reading() as connection:
        active = [card for card in all_cards(connection) if card.active]
    loadable = [card for card in active if load_or_set_aside(card, database, folder)]
    return next((card for card in loadable if card.kind == "relevance"), None)


def _fit_and_register(snapshot: Snapshot, cards: Sequence[ModelCard], identity: str, folder: Path) -> list[ModelCard]:
    training_set = build_training_set(snapshot, select_candidates(snapshot))
    relevance, classifier = fit_relevance(snapshot, training_set), fit_sections(snapshot, training_set)
    learned_from = (snapshot, training_set, identity)
    trained = (
        TrainedModel("relevance", relevance.ranker, relevance.bundle(), *learned_from),
        TrainedModel("sections", classifier, {"classifier": classifier}, *learned_from),
    )
    return [register_model(model, cards, folder) for model in trained]


def _store(database: Database, described: Sequence[ModelCard], stored: Collection[str], promoted: bool) -> None:
    with database.writing() as connection:
        for card in described:
            if card.id not in stored:  # new, or saved again because its file could not be loaded
                add_card(connection, card)
            if promoted:
                activate(connection, card.id)
