"""Fit the models on what was known at a moment, and say their reasons in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy.special import expit

from models.examples import Examples
from models.explanations import Pull, Told
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier
from pipeline.core.types import Reason
from pipeline.ranking.candidates import Shortlisted
from pipeline.ranking.snapshot import History
from pipeline.ranking.training_set import Lesson

RECENT = 20  # issues whose largest bounds what is foretold
COUNTED = 1000  # candidates among which picks are foretold; of more, every second, third … stands for the others
DIGITS = 6  # of what is stored: the same night gives the same tables on any machine


@dataclass(frozen=True, eq=False)
class Relevance:
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
        told = Told(self.ranker, examples)
        reasons = [tuple(self._reason(pull, names) for pull in pulls) for pulls in told.pulls()]
        return expit(told.logits), reasons

    def _reason(self, pull: Pull, names: Mapping[str, str]) -> Reason:
        issue = self.issues[pull.example] if pull.example is not None else 0
        url = self.urls[pull.example] if pull.example is not None else ""
        text = _sentence(pull, issue, names)
        return Reason(pull.kind, text, round(float(pull.pull), DIGITS), issue or None, url or None)


def fit_relevance(history: History, lesson: Lesson, **recipe: Any) -> Relevance:
    """Fit a ranker on what was known at a moment."""
    ranker = RelevanceRanker(**recipe)
    ranker.fit(lesson.examples, lesson.y, lesson.weights, sections=lesson.sections, briefs=history.briefs)
    ran = [label.ran for label in lesson.labels]
    return Relevance(
        ranker,
        [r.issue.number if r else 0 for r in ran],
        [(r.pick.url or "") if r else "" for r in ran],
    )


def fit_sections(history: History, lesson: Lesson, **recipe: Any) -> SectionClassifier:
    """Fit a classifier on the sections under which past picks ran."""
    return SectionClassifier(**recipe).fit(*lesson.of_sections(), history.briefs)


def sober(relevance: Relevance, history: History, candidates: Shortlisted) -> Relevance:
    """Foretell at most as many picks as the largest of the last issues had.

    Where few old articles are known, most of them picks, the odds of the past are far too high for tonight.
    """
    if not history.issues or not len(candidates.rows):
        return relevance
    rows = candidates.rows[:: max(1, len(candidates.rows) // COUNTED)]
    most = max(1, *(len(issue.picks) for issue in history.issues[-RECENT:])) * len(rows) / len(candidates.rows)
    return replace(relevance, ranker=relevance.ranker.foretelling(history.article_examples.take(rows), most))


def _sentence(pull: Pull, issue: int, names: Mapping[str, str]) -> str:
    speaks_for = pull.pull > 0
    if pull.kind == "neighbour":
        ran = f"picked in #{issue}" if issue else "picked" if speaks_for else "passed over"
        return f"like “{pull.text}”, {ran}"
    if pull.kind == "words":
        return f"“{pull.text}” speaks {'for' if speaks_for else 'against'} it"
    if pull.kind in ("source", "author"):
        return f"{pull.text} is {'often' if speaks_for else 'seldom'} picked"
    if pull.kind == "section":
        return f"{'fits' if speaks_for else 'hardly fits'} {names.get(pull.text, pull.text)}"
    return pull.text
