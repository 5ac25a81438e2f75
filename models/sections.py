"""P(section | article), for any list of sections. Knows arrays alone."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from models.features import Briefs, Examples


class SectionClassifier(BaseEstimator):  # type: ignore[misc]
    """Multinomial logistic regression over title vectors and words; the sections' own briefs are its first examples.

    Parameters
    ----------
    without : tuple of str
        Groups of features to leave out: "source", "dates", "url".
    strength : float
        Inverse regularisation.
    """

    def __init__(self, *, without: tuple[str, ...] = (), strength: float = 3.0, random_state: int = 0) -> None:
        self.without = without
        self.strength = strength
        self.random_state = random_state

    def fit(self, examples: Examples, section_keys: Sequence[str], briefs: Briefs) -> Self:
        """Learn from past picks and the section each ran under.

        Parameters
        ----------
        examples : Examples of n past picks; n may be 0
        section_keys : sequence of n keys; those that `briefs` does not list are left out
        briefs : Briefs of the newsletter's sections, in its order
        """
        known = [i for i, key in enumerate(section_keys) if key in set(briefs.keys)]
        texts = [*briefs.texts, *(examples.titles[i] for i in known)]
        vectors = np.vstack([briefs.vectors, examples.vectors[known]])
        self.classes_ = np.array(briefs.keys)
        self.words_ = TfidfVectorizer(sublinear_tf=True).fit(texts)
        self.model_ = LogisticRegression(C=self.strength, class_weight="balanced", max_iter=1000)
        keys = [*briefs.keys, *(section_keys[i] for i in known)]
        self.model_.fit(sparse.hstack([sparse.csr_matrix(2 * vectors), self.words_.transform(texts)]), keys)
        return self

    def predict_proba(self, examples: Examples) -> NDArray[np.float64]:
        """Return P(section) of shape (n, n_sections), columns as `classes_`; what a row lacks to 1 is "none"."""
        matrix = sparse.hstack([sparse.csr_matrix(2 * examples.vectors), self.words_.transform(examples.titles)])
        found = self.model_.predict_proba(matrix)
        column = {key: i for i, key in enumerate(self.model_.classes_)}
        return np.column_stack([found[:, column[key]] for key in self.classes_])
