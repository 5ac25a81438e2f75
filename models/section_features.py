"""Features of an article in relation to each section, from the sections' past picks and briefs."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator

from models.examples import Floats
from models.features import Tokens
from models.knn import centred_at
from models.log_odds import log_odds_of_classes

DEPTHS = (1, 3, 10)  # numbers of a section's nearest past picks averaged over
TOKEN_VIEWS = ("address", "host")
FEATURES = ("nearest1", "nearest3", "nearest10", "centroid", "brief", "prior", *TOKEN_VIEWS, "patterns")
DRIFT_PER_YEAR = 0.15  # subtracted from the similarity to a past pick: sections change over time
CENTROID_DECAY_DAYS, PRIOR_DECAY_DAYS = 182.0, 56.0  # a pick's weight falls to 1/e in this time
LONGEST_PAUSE_DAYS = 92.0  # without an issue; what is longer changes no section
MIN_PICKS = 60  # past picks required before the first out-of-time block, and in the blocks together


class SectionFeatures(BaseEstimator):  # type: ignore[misc]
    """Features of an article in relation to each section, computed from the sections' past picks and briefs."""

    def fit(self, vectors: Floats, tokens: Tokens, days: Floats, y: NDArray[Any], briefs: Floats) -> Self:
        """Store n past picks, oldest first, and the vectors of the briefs.

        Parameters
        ----------
        vectors : array of shape (n, d)
        tokens : mapping of view to binary matrix of shape (n, n_tokens)
        days : array of shape (n,)
        y : array of shape (n,)
            The section's position in `briefs`.
        briefs : array of shape (n_sections, d)
        """
        self.mean_ = vectors.mean(axis=0) if len(vectors) >= MIN_PICKS else np.zeros(briefs.shape[1], np.float32)
        self.vectors_, self.briefs_ = centred_at(self.mean_, vectors), centred_at(self.mean_, briefs)
        self.y_, n_sections = y, len(briefs)
        self.is_empty_ = np.bincount(y, minlength=n_sections) == 0
        ages = _ages(days)
        self.drift_ = (DRIFT_PER_YEAR * ages / 365.0).astype(np.float32)
        self.centroids_ = self._centroids(np.exp(-ages / CENTROID_DECAY_DAYS).astype(np.float32))
        self.priors_ = _log_priors(y, np.exp(-ages / PRIOR_DECAY_DAYS), n_sections)
        self.section_log_odds_ = {name: log_odds_of_classes(matrix, y, n_sections) for name, matrix in tokens.items()}
        return self

    def transform(self, vectors: Floats, tokens: Tokens) -> NDArray[np.float64]:
        """Return features of shape (n, n_sections, len(FEATURES))."""
        centred = centred_at(self.mean_, vectors)
        features = np.zeros((len(vectors), len(self.briefs_), len(FEATURES)))
        for section in range(len(self.briefs_)):
            members = self.y_ == section
            # a section without past picks is compared by its brief
            picks, drift = (
                (self.vectors_[members], self.drift_[members]) if members.any() else (self.briefs_[[section]], 0)
            )
            similarities = centred @ picks.T
            similarities -= drift
            features[:, section, : len(DEPTHS)] = _nearest_means(similarities)
        for name, log_odds in self.section_log_odds_.items():
            n_tokens = np.maximum(tokens[name].getnnz(axis=1), 1)
            features[:, :, FEATURES.index(name)] = tokens[name] @ log_odds / np.sqrt(n_tokens)[:, None]
        features[:, :, FEATURES.index("centroid")] = centred @ self.centroids_.T
        features[:, :, FEATURES.index("brief")] = centred @ self.briefs_.T
        features[:, :, FEATURES.index("prior")] = self.priors_
        return features

    def _centroids(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return each section's weighted mean of its picks and, at weight 1/2, its brief (Rocchio): unit rows."""
        of_section = np.eye(len(self.briefs_), dtype=np.float32)[:, self.y_]
        centroids = (of_section * weights) @ self.vectors_ + 0.5 * self.briefs_
        centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
        return centroids


def _ages(days: Floats) -> Floats:
    """Return how long before the last each of n ascending days was, pauses counted up to `LONGEST_PAUSE_DAYS`.

    After a year without issues the first pick would else make all others too old to be similar to anything.
    """
    steps = np.minimum(np.diff(days), LONGEST_PAUSE_DAYS)
    return np.asarray(np.append(np.cumsum(steps[::-1])[::-1], 0.0))[: len(days)]


def _log_priors(y: NDArray[Any], weights: Floats, n_sections: int) -> NDArray[np.float64]:
    """Return the log of each section's weighted number of picks; the mean of the others where it has none."""
    priors = np.log(np.bincount(y, weights=weights, minlength=n_sections) + 0.5)
    used = np.bincount(y, minlength=n_sections) > 0
    priors[~used] = priors[used].mean() if used.any() else 0.0
    return np.asarray(priors)


def _nearest_means(similarities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the mean of the largest similarities of each row, at each depth: shape (n, len(DEPTHS))."""
    deepest = max(DEPTHS)
    if similarities.shape[1] > deepest:
        similarities = np.partition(similarities, -deepest, axis=1)[:, -deepest:]
    largest = np.sort(similarities, axis=1)[:, ::-1]
    return np.column_stack([largest[:, :depth].mean(axis=1) for depth in DEPTHS])
