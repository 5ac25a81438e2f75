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
from models.promotion_gate import Verdict, surprise, verdict
from models.relevance import RelevanceRanker
from pipeline.core.as_of import Moment
from pipeline.core.types import Progress
from pipeline.evaluation.replay_points import Evening, evenings
from pipeline.evaluation.results import section_hits
from pipeline.ranking.candidates import shortlisted
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.snapshot import History
from pipeline.ranking.training_set import Label, lesson_of, spoken_labels
from pipeline.store.model_cards import ModelCard

JUDGED_ON = 10  # issues
Scored = tuple[Evening, np.ndarray]


@dataclass(frozen=True)
class Trial:
    """What the gate said, and the nDCG@20 of both, issue by issue."""

    verdict: Verdict
    issues: Sequence[int]
    champion: Sequence[float]
    challenger: Sequence[float]


def hold_trial(history: History, champion: ModelCard, progress: Progress | None = None) -> Trial:
    """Let the recipe of today's code challenge the champion's."""
    new = [d for d in history.decisions if d.seq > champion.card["last_decision"]]
    before = min((d.decided_at.date() for d in new), default=history.moment.issues_before)
    # before the first issue of all there was nothing to learn from
    judged = [issue for issue in history.issues[1:] if issue.date < before][-JUDGED_ON:]
    articles, labels = _decided(history, [d.seq for d in new])
    recipe = _recipe_of(champion)
    is_same = not labels and recipe == RelevanceRanker().get_params()
    old: list[Scored] = []
    fresh: list[Scored] = []
    for done, evening in enumerate(evenings(history, judged), 1):
        if evening.picked.any():
            scores = fit_relevance(evening.known, evening.lesson, **recipe).scores(evening.examples)
            old.append((evening, scores))
            if not is_same:
                scores = fit_relevance(evening.known, evening.lesson.plus(articles, labels)).scores(evening.examples)
            fresh.append((evening, scores))
        if progress:
            progress(done, len(judged))
    champion_ndcg, challenger_ndcg = _ndcg(old), _ndcg(fresh)
    astonishment = _astonishment(history.known_at(Moment.as_of(before)), recipe, old, articles, labels)
    said = verdict(champion_ndcg, challenger_ndcg, _recall(old), _recall(fresh), astonishment)
    return Trial(said, [evening.issue.number for evening, _ in old], champion_ndcg, challenger_ndcg)


def _decided(history: History, places: Sequence[int]) -> tuple[Examples, list[Label]]:
    """Return the articles that decisions at these places in the journal were about, with the last word on each."""
    said = {d.article_id for d in history.decisions if d.seq in set(places)}
    labels = {id: label for id, label in spoken_labels(history.decisions).items() if label and id in said}
    rows = [n for n, article in enumerate(history.articles) if article.id in labels]
    return history.article_examples.take(rows), [labels[history.articles[n].id] for n in rows]


def _astonishment(
    known: History, recipe: dict[str, Any], past: Sequence[Scored], articles: Examples, labels: Sequence[Label]
) -> float:
    """Say how much the new decisions astonish a champion that saw nothing later than the judged issues."""
    if not labels or not past:
        return 0.0
    champion = fit_relevance(known, lesson_of(known, shortlisted(known)), **recipe)
    return surprise(
        np.concatenate([scores for _, scores in past]),
        np.concatenate([evening.picked for evening, _ in past]),
        champion.scores(articles),
        np.array([label.picked for label in labels]),
    )


def _recipe_of(champion: ModelCard) -> dict[str, Any]:
    """Return the champion's parameters; those that today's code no longer has are left out."""
    known: dict[str, Any] = RelevanceRanker().get_params()
    kept = {name: value for name, value in champion.card["recipe"].items() if name in known}
    return known | {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items()}


def _ndcg(scored: Sequence[Scored]) -> list[float]:
    return [metrics.ndcg(evening.picked[metrics.ranked(scores, evening.ids)]) for evening, scores in scored]


def _recall(scored: Sequence[Scored]) -> dict[str, float]:
    hits: dict[str, list[bool]] = {}
    for evening, scores in scored:
        section_hits(evening.ran_as, metrics.ranked(scores, evening.ids), hits)
    return {section: float(np.mean(found)) for section, found in hits.items()}
