"""Compare a challenger with the champion on past issues, both fitted anew before each. Stores nothing.

The issues precede the first decision that the champion has not seen, and the challenger is trained on those decisions
too, so that decisions which would damage the ranking lower its figures here.
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
from pipeline.evaluation.card_figures import MAX_COMPARED_ISSUES, ScoredPoint, card_figures
from pipeline.evaluation.replay_points import replay_points
from pipeline.evaluation.results import section_hits
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import Label, build_training_set, decision_labels
from pipeline.store.model_cards import ModelCard


@dataclass(frozen=True)
class Comparison:
    """The gate's decision, the nDCG@20 of both models, issue by issue, and the figures for the challenger's card."""

    decision: PromotionDecision
    issues: Sequence[int]
    champion: Sequence[float]
    challenger: Sequence[float]
    card: dict[str, Any]

    @property
    def figures(self) -> dict[str, Sequence[float]]:
        """The issues compared and the nDCG@20 of both models, as reports and cards hold them."""
        return {"issues": self.issues, "champion": self.champion, "challenger": self.challenger}


def compare_models(snapshot: Snapshot, champion: ModelCard, progress: Progress | None = None) -> Comparison:
    """Compare the default parameters of this version with the champion's."""
    new = [d for d in snapshot.decisions if d.seq > champion.card["last_decision"]]
    before = min((d.decided_at.date() for d in new), default=snapshot.as_of.issues_before)
    # before the very first issue there was nothing to train on
    compared = [issue for issue in snapshot.issues[1:] if issue.date < before][-MAX_COMPARED_ISSUES:]
    articles, labels = _decided(snapshot, [d.seq for d in new])
    params = _params_of(champion)
    is_same = not labels and params == RelevanceRanker().get_params()
    of_champion: list[ScoredPoint] = []
    of_challenger: list[ScoredPoint] = []
    for done, point in enumerate(replay_points(snapshot, compared), 1):
        if point.picked.any():
            scores = fit_relevance(point.known, point.training_set, **params).scores(point.examples)
            of_champion.append((point, scores))
            if not is_same:
                scores = fit_relevance(point.known, point.training_set.extended(articles, labels)).scores(
                    point.examples
                )
            of_challenger.append((point, scores))
        if progress:
            progress(done, len(compared))
    champion_ndcg, challenger_ndcg = _ndcg(of_champion), _ndcg(of_challenger)
    surprise = _decision_surprise(snapshot.at(AsOf.before_issue(before)), params, of_champion, articles, labels)
    decision = decide_promotion(champion_ndcg, challenger_ndcg, _found(of_champion), _found(of_challenger), surprise)
    numbers = [point.issue.number for point, _ in of_champion]
    return Comparison(decision, numbers, champion_ndcg, challenger_ndcg, card_figures(of_challenger))


def _decided(snapshot: Snapshot, seqs: Sequence[int]) -> tuple[Examples, list[Label]]:
    """Return the articles of these decisions, with the label after the last decision on each."""
    ids = {d.article_id for d in snapshot.decisions if d.seq in set(seqs)}
    labels = {id: label for id, label in decision_labels(snapshot.decisions).items() if label and id in ids}
    rows = [n for n, article in enumerate(snapshot.articles) if article.id in labels]
    return snapshot.article_examples.take(rows), [labels[snapshot.articles[n].id] for n in rows]


def _decision_surprise(
    known: Snapshot, params: dict[str, Any], past: Sequence[ScoredPoint], articles: Examples, labels: Sequence[Label]
) -> float:
    """Measure how improbable the new decisions are to a champion fitted on what was known before them."""
    if not labels or not past:
        return 0.0
    champion = fit_relevance(known, build_training_set(known, select_candidates(known)), **params)
    return decision_surprise(
        np.concatenate([scores for _, scores in past]),
        np.concatenate([point.picked for point, _ in past]),
        champion.scores(articles),
        np.array([label.picked for label in labels]),
    )


def _params_of(champion: ModelCard) -> dict[str, Any]:
    """Return the champion's parameters; those that this version does not have are left out."""
    known: dict[str, Any] = RelevanceRanker().get_params()
    kept = {name: value for name, value in champion.card["params"].items() if name in known}
    return known | {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _ndcg(scored: Sequence[ScoredPoint]) -> list[float]:
    return [metrics.ndcg(point.picked[metrics.ranked(scores, point.ids)]) for point, scores in scored]


def _found(scored: Sequence[ScoredPoint]) -> dict[str, list[bool]]:
    """Return, by name of section, whether each pick is in the top READING_DEPTH."""
    hits: dict[str, list[bool]] = {}
    for point, scores in scored:
        section_hits(point.published_as, metrics.ranked(scores, point.ids), hits)
    names = {section.key: section.name for point, _ in scored for section in point.known.newsletter.sections}
    return {names.get(key, key): found for key, found in hits.items()}
