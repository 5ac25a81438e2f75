"""Judge a challenger beside the champion on past issues, both fitted anew before each. Stores nothing.

The issues lie before the first decision that the champion has not seen, and the challenger is given those decisions
too: labels that would spoil the ranking show themselves there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models import metrics
from models.examples import Examples
from models.promotion_gate import PromotionDecision, decide_promotion, decision_surprise
from models.relevance import RelevanceRanker
from pipeline.core.as_of import AsOf
from pipeline.core.types import Progress
from pipeline.evaluation.replay_points import ReplayPoint, replay_points
from pipeline.evaluation.results import section_hits
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import Label, build_training_set, spoken_labels
from pipeline.store.model_cards import ModelCard

JUDGED_ON = 10  # issues
Scored = tuple[ReplayPoint, np.ndarray]


@dataclass(frozen=True)
class Comparison:
    """The gate's decision, and the nDCG@20 of both models, issue by issue."""

    decision: PromotionDecision
    issues: Sequence[int]
    champion: Sequence[float]
    challenger: Sequence[float]


def compare_models(snapshot: Snapshot, champion: ModelCard, progress: Progress | None = None) -> Comparison:
    """Let the recipe of today's code challenge the champion's."""
    new = [d for d in snapshot.decisions if d.seq > champion.card["last_decision"]]
    before = min((d.decided_at.date() for d in new), default=snapshot.as_of.issues_before)
    # before the first issue of all there was nothing to learn from
    judged = [issue for issue in snapshot.issues[1:] if issue.date < before][-JUDGED_ON:]
    articles, labels = _decided(snapshot, [d.seq for d in new])
    recipe = _recipe_of(champion)
    is_same = not labels and recipe == RelevanceRanker().get_params()
    old: list[Scored] = []
    fresh: list[Scored] = []
    for done, point in enumerate(replay_points(snapshot, judged), 1):
        if point.picked.any():
            scores = fit_relevance(point.known, point.training_set, **recipe).scores(point.examples)
            old.append((point, scores))
            if not is_same:
                scores = fit_relevance(point.known, point.training_set.plus(articles, labels)).scores(point.examples)
            fresh.append((point, scores))
        if progress:
            progress(done, len(judged))
    champion_ndcg, challenger_ndcg = _ndcg(old), _ndcg(fresh)
    decision_surprise = _decision_surprise(snapshot.at(AsOf.before_issue(before)), recipe, old, articles, labels)
    said = decide_promotion(champion_ndcg, challenger_ndcg, _recall(old), _recall(fresh), decision_surprise)
    return Comparison(said, [point.issue.number for point, _ in old], champion_ndcg, challenger_ndcg)


def _decided(snapshot: Snapshot, places: Sequence[int]) -> tuple[Examples, list[Label]]:
    """Return the articles that decisions at these places in the journal were about, with the last word on each."""
    said = {d.article_id for d in snapshot.decisions if d.seq in set(places)}
    labels = {id: label for id, label in spoken_labels(snapshot.decisions).items() if label and id in said}
    rows = [n for n, article in enumerate(snapshot.articles) if article.id in labels]
    return snapshot.article_examples.take(rows), [labels[snapshot.articles[n].id] for n in rows]


def _decision_surprise(
    known: Snapshot, recipe: dict[str, Any], past: Sequence[Scored], articles: Examples, labels: Sequence[Label]
) -> float:
    """Say how much the new decisions astonish a champion that saw nothing later than the judged issues."""
    if not labels or not past:
        return 0.0
    champion = fit_relevance(known, build_training_set(known, select_candidates(known)), **recipe)
    return decision_surprise(
        np.concatenate([scores for _, scores in past]),
        np.concatenate([point.picked for point, _ in past]),
        champion.scores(articles),
        np.array([label.picked for label in labels]),
    )


def _recipe_of(champion: ModelCard) -> dict[str, Any]:
    """Return the champion's parameters; those that today's code no longer has are left out."""
    known: dict[str, Any] = RelevanceRanker().get_params()
    kept = {name: value for name, value in champion.card["recipe"].items() if name in known}
    return known | {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _ndcg(scored: Sequence[Scored]) -> list[float]:
    return [metrics.ndcg(point.picked[metrics.ranked(scores, point.ids)]) for point, scores in scored]


def _recall(scored: Sequence[Scored]) -> dict[str, float]:
    hits: dict[str, list[bool]] = {}
    for point, scores in scored:
        section_hits(point.ran_as, metrics.ranked(scores, point.ids), hits)
    return {section: float(np.mean(found)) for section, found in hits.items()}
