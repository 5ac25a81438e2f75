"""Fit the models on what was known at a moment, and say their reasons in sentences."""

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

RECENT = 20  # issues whose largest bounds what is foretold
COUNTED = 1000  # candidates among which picks are foretold; of more, every second, third … stands for the others
DIGITS = 6  # of what is stored: the same night gives the same tables on any machine


@dataclass(frozen=True, eq=False)
class FittedRanker:
    """A fitted ranker, with the pick that each of its examples is."""

    ranker: RelevanceRanker
    issues: Sequence[int]  # issue number of each example; 0 where no issue ran it
    urls: Sequence[str]  # the pick's address; "" where unknown

    def bundle(self) -> dict[str, Any]:
        """Return what is kept of it: all that makes it anew."""
        return {"ranker": self.ranker, "issues": list(self.issues), "urls": list(self.urls)}

    def scores(self, examples: Examples) -> np.ndarray:
        """Return calibrated P(picked) of n articles."""
        return np.asarray(self.ranker.predict_proba(examples)[:, 1])

    def judge(self, examples: Examples, names: Mapping[str, str]) -> tuple[np.ndarray, list[tuple[Reason, ...]]]:
        """Return the scores of n articles and their reasons, best first; `names` are the sections' names by key."""
        told = Explainer(self.ranker, examples)
        reasons = [
            tuple(self._reason(contribution, names) for contribution in contributions)
            for contributions in told.contributions()
        ]
        return expit(told.logits), reasons

    def _reason(self, contribution: Contribution, names: Mapping[str, str]) -> Reason:
        issue = self.issues[contribution.example] if contribution.example is not None else 0
        url = self.urls[contribution.example] if contribution.example is not None else ""
        text = _sentence(contribution, issue, names)
        return Reason(
            contribution.kind, text, round(float(contribution.contribution), DIGITS), issue or None, url or None
        )


def fit_relevance(snapshot: Snapshot, training_set: TrainingSet, **recipe: Any) -> FittedRanker:
    """Fit a ranker on what was known at a moment."""
    ranker = RelevanceRanker(**recipe)
    ranker.fit(training_set.examples, training_set.y, training_set.weights, briefs=snapshot.briefs)
    ran = [label.ran for label in training_set.labels]
    return FittedRanker(
        ranker,
        [r.issue.number if r else 0 for r in ran],
        [(r.pick.url or "") if r else "" for r in ran],
    )


def fit_sections(snapshot: Snapshot, training_set: TrainingSet, **recipe: Any) -> SectionClassifier:
    """Fit a classifier on the sections under which past picks ran."""
    return SectionClassifier(**recipe).fit(*training_set.of_sections(), snapshot.briefs)


def cap_expected_picks(relevance: FittedRanker, snapshot: Snapshot, candidates: CandidateSet) -> FittedRanker:
    """Foretell at most as many picks as the largest of the last issues had.

    Where few old articles are known, most of them picks, the odds of the past are far too high for tonight.
    """
    if not snapshot.issues or not len(candidates.rows):
        return relevance
    rows = candidates.rows[:: max(1, len(candidates.rows) // COUNTED)]
    most = max(1, *(len(issue.picks) for issue in snapshot.issues[-RECENT:])) * len(rows) / len(candidates.rows)
    return replace(relevance, ranker=relevance.ranker.cap_expected_picks(snapshot.article_examples.take(rows), most))


def _sentence(contribution: Contribution, issue: int, names: Mapping[str, str]) -> str:
    speaks_for = contribution.contribution > 0
    if contribution.kind == "neighbour":
        ran = f"picked in #{issue}" if issue else "picked" if speaks_for else "passed over"
        return f"like “{contribution.text}”, {ran}"
    if contribution.kind == "words":
        return f"“{contribution.text}” speaks {'for' if speaks_for else 'against'} it"
    if contribution.kind in ("source", "author"):
        return f"{contribution.text} is {'often' if speaks_for else 'seldom'} picked"
    if contribution.kind == "section":
        return f"{'fits' if speaks_for else 'hardly fits'} {names.get(contribution.text, contribution.text)}"
    return contribution.text
