"""Fit the models on a snapshot, and write the reasons for a score as sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import expit

from models.examples import Examples
from models.explanations import Contribution, Explainer
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier
from pipeline.core.types import Reason
from pipeline.ranking.candidates import CandidateSet
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet

RECENT = 20  # issues; the largest of them caps the expected number of picks
MAX_CAPPED_ON = 1000  # candidates whose scores are summed for the cap; of more, every second, third … is taken
DIGITS = 6  # stored scores are rounded, so that the same inputs give the same tables on any machine


@dataclass(frozen=True, eq=False)
class FittedRanker:
    """A fitted ranker, with the issue and address of each of its training examples."""

    ranker: RelevanceRanker
    issues: Sequence[int]  # issue number of each example; 0 where no issue published it
    urls: Sequence[str]  # the pick's address; "" where unknown

    def bundle(self) -> dict[str, Any]:
        """Return what is saved: the arguments of the constructor."""
        return {"ranker": self.ranker, "issues": list(self.issues), "urls": list(self.urls)}

    def scores(self, examples: Examples) -> np.ndarray:
        """Return calibrated P(picked) of n articles."""
        return np.asarray(self.ranker.predict_proba(examples)[:, 1])

    def scores_with_reasons(
        self, examples: Examples, names: Mapping[str, str]
    ) -> tuple[np.ndarray, list[tuple[Reason, ...]]]:
        """Return the scores of n articles and the reasons for each; `names` maps section keys to names."""
        explainer = Explainer(self.ranker, examples)
        reasons = [
            tuple(self._reason(contribution, names) for contribution in contributions)
            for contributions in explainer.contributions()
        ]
        return expit(explainer.logits), reasons

    def _reason(self, contribution: Contribution, names: Mapping[str, str]) -> Reason:
        issue = self.issues[contribution.example] if contribution.example is not None else 0
        url = self.urls[contribution.example] if contribution.example is not None else ""
        text = _sentence(contribution, issue, names)
        return Reason(
            contribution.kind, text, round(float(contribution.contribution), DIGITS), issue or None, url or None
        )


def fit_relevance(snapshot: Snapshot, training_set: TrainingSet, **params: Any) -> FittedRanker:
    """Fit a ranker on the training set of a snapshot."""
    ranker = RelevanceRanker(**params)
    ranker.fit(training_set.examples, training_set.y, training_set.weights, briefs=snapshot.briefs)
    published = [label.published for label in training_set.labels]
    return FittedRanker(
        ranker,
        [r.issue.number if r else 0 for r in published],
        [(r.pick.url or "") if r else "" for r in published],
    )


def fit_sections(snapshot: Snapshot, training_set: TrainingSet, **params: Any) -> SectionClassifier:
    """Fit a classifier on past picks and the sections they were published in."""
    return SectionClassifier(**params).fit(*training_set.section_examples(), snapshot.briefs)


def cap_expected_picks(relevance: FittedRanker, snapshot: Snapshot, candidates: CandidateSet) -> FittedRanker:
    """Cap the expected number of picks at the recent maximum.

    Where few old articles are known and most of them are picks, the base rate of the training set is far too high for
    the candidates.
    """
    if not snapshot.issues or not len(candidates.rows):
        return relevance
    rows = candidates.rows[:: max(1, len(candidates.rows) // MAX_CAPPED_ON)]
    most = max(1, *(len(issue.picks) for issue in snapshot.issues[-RECENT:])) * len(rows) / len(candidates.rows)
    return replace(relevance, ranker=relevance.ranker.cap_expected_picks(snapshot.article_examples.take(rows), most))


def _sentence(contribution: Contribution, issue: int, names: Mapping[str, str]) -> str:
    is_for = contribution.contribution > 0
    if contribution.kind == "neighbour":
        label = f"picked in #{issue}" if issue else "picked" if is_for else "passed over"
        return f"like “{contribution.text}”, {label}"
    if contribution.kind == "words":
        return f"“{contribution.text}” speaks {'for' if is_for else 'against'} it"
    if contribution.kind in ("source", "author"):
        return f"{contribution.text} is {'often' if is_for else 'seldom'} picked"
    if contribution.kind == "section":
        return f"{'fits' if is_for else 'hardly fits'} {names.get(contribution.text, contribution.text)}"
    return contribution.text
