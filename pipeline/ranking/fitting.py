"""Fit the models on a snapshot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

import numpy as np
from scipy.special import expit

from models.examples import Examples
from models.explanations import Explainer
from models.online import OnlineRanker
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier
from pipeline.core.types import Reason
from pipeline.ranking.candidates import CandidateSet
from pipeline.ranking.reasons import ReasonWriter, author_counts, publisher_of, source_counts
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet
from pipeline.store.archive_counts import FEW_ISSUES

RECENT = 20  # issues; the largest of them caps the expected number of picks
REFIT_SCALE = 0.4  # standard deviation of a weight around its default, chosen on issues 42-98
MAX_CAPPED_ON = 1000  # candidates whose scores are summed for the cap; of more, every second, third … is taken


@dataclass(frozen=True, eq=False)
class FittedRanker:
    """A fitted ranker, with the issue and address of each of its training examples."""

    ranker: RelevanceRanker
    issues: Sequence[int]  # issue number of each example; 0 where no issue published it
    urls: Sequence[str]  # the pick's address; "" where unknown
    # host, account or author → articles picked, and that could be
    sources: Mapping[str, Sequence[int]] = field(default_factory=dict)
    authors: Mapping[str, Sequence[int]] = field(default_factory=dict)

    def bundle(self) -> dict[str, Any]:
        """Return what is saved: the arguments of the constructor."""
        sources, authors = ({k: list(v) for k, v in counts.items()} for counts in (self.sources, self.authors))
        return {
            "ranker": self.ranker,
            "issues": list(self.issues),
            "urls": list(self.urls),
            "sources": sources,
            "authors": authors,
        }

    @property
    def is_calibrated(self) -> bool:
        """Whether its probabilities can be shown: their level was learned, from at least `FEW_ISSUES` past issues."""
        return self.ranker.is_calibrated_ and len(set(self.issues) - {0}) >= FEW_ISSUES

    def scores(self, examples: Examples) -> np.ndarray:
        """Return P(picked) of n articles, calibrated where `is_calibrated`."""
        return np.asarray(self.ranker.predict_proba(examples)[:, 1])

    def scores_with_reasons(
        self, examples: Examples, names: Mapping[str, str], sections: Sequence[str | None] = ()
    ) -> tuple[np.ndarray, list[tuple[Reason, ...]]]:
        """Return the scores of n articles and the reasons for each.

        `names` maps section keys to names. `sections` are the sections that are shown of the n articles, if any: a
        reason that an article fits its nearest section names this one, which is as near where they differ.

        Before any article was passed over, those that were not picked are the candidates themselves: that nobody picked
        these yet speaks against none of them.
        """
        was_passed_over = any(picked < judged for picked, judged in self.sources.values())
        learned_from = "sections" if self.ranker.brief_keys_ else "picks"
        explainer = Explainer(self.ranker, examples, [publisher_of(url) for url in examples.urls])
        writer = ReasonWriter(self.issues, self.urls, self.sources, self.authors, names, learned_from)
        reasons = [
            tuple(
                writer.reason(c._replace(names=(section,)) if section and c.kind == "section" else c)
                for c in contributions
                if (c.contribution > 0 or was_passed_over) and writer.is_borne_out(c)
            )
            for contributions, section in zip_longest(explainer.contributions(), sections)
        ]
        return expit(explainer.logits), reasons


def online_ranker(relevance: FittedRanker, candidates: Examples) -> OnlineRanker:
    """Return the ranker that learns from decisions on the candidates, as the desk uses it.

    Where its weights could not be learned, decisions move them too; learned ones are better left alone
    (docs/judgement.md).
    """
    return OnlineRanker(None if relevance.ranker.is_calibrated_ else REFIT_SCALE).fit(relevance.ranker, candidates)


def fit_relevance(snapshot: Snapshot, training_set: TrainingSet, **params: Any) -> FittedRanker:
    """Fit a ranker on the training set of a snapshot."""
    ranker = RelevanceRanker(**params)
    ranker.fit(training_set.content_examples, training_set.y, training_set.weights, briefs=snapshot.briefs)
    published = [label.published for label in training_set.labels]
    return FittedRanker(
        ranker,
        [r.issue.number if r else 0 for r in published],
        [(r.pick.url or "") if r else "" for r in published],
        source_counts(snapshot, training_set),
        author_counts(snapshot, training_set),
    )


def fit_sections(snapshot: Snapshot, training_set: TrainingSet, **params: Any) -> SectionClassifier:
    """Fit a classifier on past picks and the sections they were published in."""
    examples, keys, is_title = training_set.section_examples()
    return SectionClassifier(**params).fit(examples, keys, snapshot.briefs, is_title)


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
