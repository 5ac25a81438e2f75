"""The step `retrain`: fit a challenger, judge it beside the champion on past issues, and let the better serve."""

import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from models.embedder import Embedder
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.errors import NotEnoughIssuesError
from pipeline.core.types import Progress, StepReport
from pipeline.evaluation.champion_challenger import Comparison, compare_models
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.fitting import fit_relevance, fit_sections
from pipeline.ranking.model_registry import register_model
from pipeline.ranking.snapshot import Snapshot, load_snapshot
from pipeline.ranking.training_set import build_training_set
from pipeline.store.database import Database
from pipeline.store.model_cards import ModelCard, activate, add_card, all_cards

FEWEST_ISSUES = 8


def retrain_models(
    database: Database,
    newsletter: Newsletter,
    embedder: Embedder,
    as_of: AsOf,
    models_folder: Path,
    progress: Progress | None = None,
) -> StepReport:
    """Fit new models, keep them with their cards, and let them serve if they pass the gate.

    Parameters
    ----------
    progress : callable, optional
        Called with (done, total) after each of the issues that the two are compared on.

    Returns
    -------
    StepReport
        details: promoted, explanation (one paragraph), models (ids), issues, champion and challenger (nDCG@20).

    Raises
    ------
    NotEnoughIssuesError
        If there are fewer than `FEWEST_ISSUES` past issues.
    """
    started = time.monotonic()
    snapshot = load_snapshot(database, newsletter, embedder, as_of)
    if len(snapshot.issues) < FEWEST_ISSUES:
        raise NotEnoughIssuesError(
            f"retraining needs {FEWEST_ISSUES} past issues, found {len(snapshot.issues)}; "
            "import more with: triage import issues PATH"
        )
    with database.reading() as connection:
        cards = all_cards(connection)
    champion = next((card for card in cards if card.active and card.kind == "relevance"), None)
    made = _fitted(snapshot, cards, embedder.identity, models_folder)
    trial = compare_models(snapshot, champion, progress) if champion else None
    promoted = trial is None or trial.decide_promotion.promoted
    why = explanation(made[0].id, champion, trial)
    judged = {} if trial is None else {k: v for k, v in asdict(trial).items() if k != "verdict"}
    _store(database, made, cards, {"decision": why, **judged}, promoted)
    details = {"promoted": promoted, "explanation": why, "models": [card.id for card in made], **judged}
    return StepReport("retrain", len(snapshot.issues), len(made), 0, time.monotonic() - started, details)


def explanation(challenger: str, champion: ModelCard | None, trial: Comparison | None) -> str:
    """Say in one paragraph what was decided and why."""
    if champion is None or trial is None:
        return f"{challenger} serves: it is the first model kept, so there was none to compare it with."
    found = f"judged on {len(trial.issues)} past issues, both fitted anew before each"
    if not trial.decide_promotion.promoted:
        against = "; and ".join(trial.decide_promotion.reasons)
        return f"{champion.id} stays, and {challenger} is kept beside it: {found}, {against}."
    if champion.id == challenger:
        return f"{champion.id} stays: there is nothing new to learn from since it was fitted."
    return (
        f"{challenger} takes the place of {champion.id}: {found}, {trial.decide_promotion.reasons[0]}, "
        "and no section is found less."
    )


def _fitted(snapshot: Snapshot, cards: Sequence[ModelCard], identity: str, folder: Path) -> list[ModelCard]:
    training_set = build_training_set(snapshot, select_candidates(snapshot))
    relevance, classifier = fit_relevance(snapshot, training_set), fit_sections(snapshot, training_set)
    return [
        register_model(
            cards, relevance.bundle(), "relevance", relevance.ranker, snapshot, training_set, identity, folder
        ),
        register_model(
            cards, {"classifier": classifier}, "sections", classifier, snapshot, training_set, identity, folder
        ),
    ]


def _store(
    database: Database, made: list[ModelCard], cards: list[ModelCard], said: dict[str, object], promoted: bool
) -> None:
    known = {card.id for card in cards}
    with database.writing() as connection:
        for card in made:
            if card.id not in known:
                add_card(connection, replace(card, card={**card.card, **said}))
            if promoted:
                activate(connection, card.id)
