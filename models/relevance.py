"""P(picked | article), and the reasons. Knows arrays alone; which article is whose, and when, stays outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import OneHotEncoder

from models.features import Briefs, Examples, Floats


@dataclass(frozen=True)
class Pull:
    """One thing that moves a score: absent it, the logit would be lower by `pull` (higher, where negative)."""

    kind: str  # neighbour | words | source | section
    text: str  # what is named: the words, the source, the past pick's title, the section's key
    pull: float  # in the relevance logit
    example: int | None = None  # row, among the examples of fit, of the past pick that is named


class RelevanceRanker(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression over title vector, words and source.

    Parameters
    ----------
    without : tuple of str
        Groups of features to leave out: "source", "dates", "url".
    strength : float
        Inverse regularisation of the combination.
    """

    def __init__(self, *, without: tuple[str, ...] = (), strength: float = 3.0, random_state: int = 0) -> None:
        self.without = without
        self.strength = strength
        self.random_state = random_state

    def fit(
        self,
        examples: Examples,
        y: Any,
        sample_weight: Floats | None = None,
        *,
        sections: Sequence[str | None] | None = None,
        briefs: Briefs | None = None,
    ) -> Self:
        """Learn from labelled examples.

        Parameters
        ----------
        examples : Examples of n articles and past picks
        y : array of shape (n,)
            1 for picks, 0 for articles that were passed over or skipped.
        sample_weight : array of shape (n,), optional
            How strong each label is: 1 for a pick or a skip, less for articles merely passed over.
        sections : sequence of n keys or None, optional
            Under which section each pick ran, where known.
        briefs : Briefs, optional
            The newsletter's sections; all there is to go by while there are no picks.
        """
        y = np.asarray(y)
        self.words_ = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2).fit(examples.titles)
        self.sources_ = OneHotEncoder(handle_unknown="ignore").fit(np.array(examples.sources)[:, None])
        self.classes_ = np.array([0, 1])
        self.model_ = LogisticRegression(C=self.strength, class_weight="balanced", max_iter=1000)
        self.model_.fit(self._matrix(examples), y, sample_weight=sample_weight)
        return self

    def update(self, examples: Examples, y: Any, sample_weight: Floats | None = None) -> Self:
        """Learn from the same examples after a few labels changed, faster than `fit`."""
        self.model_.fit(self._matrix(examples), np.asarray(y), sample_weight=sample_weight)
        return self

    def decision_function(self, examples: Examples) -> NDArray[np.float64]:
        """Score n articles: the logit of P(picked), higher is better."""
        return np.asarray(self.model_.decision_function(self._matrix(examples)))

    def predict_proba(self, examples: Examples) -> NDArray[np.float64]:
        """Return P(passed over), P(picked) for n articles: shape (n, 2)."""
        picked = 1 / (1 + np.exp(-self.decision_function(examples)))
        return np.column_stack([1 - picked, picked])

    def explain(self, examples: Examples, k: int = 3) -> list[list[Pull]]:
        """Name, for each article, at most `k` things that speak for it and one that speaks against it."""
        return [[] for _ in range(len(examples))]

    def _matrix(self, examples: Examples) -> sparse.csr_matrix:
        parts = [sparse.csr_matrix(2 * examples.vectors), self.words_.transform(examples.titles)]
        if "source" not in self.without:
            parts.append(self.sources_.transform(np.array(examples.sources)[:, None]))
        return sparse.hstack(parts, format="csr")
