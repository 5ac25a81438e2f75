"""Move relevance scores as labels arrive, in milliseconds: what a full refit would do, to second order."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve, cholesky, solve_triangular
from scipy.special import expit
from sklearn.base import BaseEstimator
from sklearn.preprocessing import OneHotEncoder

from models.features import Examples, Floats

MOST_SOURCES = 500
MOST_STEPS = 25  # Newton's method needs about five


class LiveLogits(BaseEstimator):  # type: ignore[misc]
    """Gaussian posterior over linear weights, around a fitted ranker; each new label moves it (Laplace's method).

    The ranker's own logits are the mean. How far a label may move them, and whom else it moves, follows from the
    curvature of the ranker's likelihood on what it was fitted on, in title vectors and sources: where it has seen
    much, little moves; where a story is unlike all it has seen, more.

    Parameters
    ----------
    strength : float
        Variance of a weight before anything was seen: the inverse regularisation of the ranker.

    References
    ----------
    Rasmussen and Williams (2006), Gaussian Processes for Machine Learning, section 2.1 and algorithm 3.1.
    """

    def __init__(self, *, strength: float = 1.0) -> None:
        self.strength = strength

    def fit(self, seen: Examples, logits: Floats, weights: Floats, candidates: Examples, means: Floats) -> Self:
        """Learn how freely the candidates' scores may move.

        Parameters
        ----------
        seen : Examples of n articles that the ranker was fitted on
        logits : array of shape (n,)
            Its logits for them.
        weights : array of shape (n,)
            How strong the label of each was.
        candidates : Examples of m articles
        means : array of shape (m,)
            The ranker's logits for the candidates, before any label of theirs is known.
        """
        self.sources_ = OneHotEncoder(
            handle_unknown="infrequent_if_exist", max_categories=MOST_SOURCES, sparse_output=False, dtype=np.float32
        ).fit(_column(candidates.sources))
        p = expit(np.asarray(logits, dtype=np.float64))
        slopes = np.sqrt(np.asarray(weights) * p * (1 - p)).astype(np.float32)
        features = self._features(seen) * slopes[:, None]
        precision = (features.T @ features).astype(np.float64)
        precision[np.diag_indices_from(precision)] += 1 / self.strength
        self.factor_ = cholesky(precision, lower=True)
        self.whitened_ = np.zeros((0, len(precision)))
        self.means_ = np.zeros(0)
        return self.extend(candidates, means)

    def extend(self, candidates: Examples, means: Floats) -> Self:
        """Know further candidates."""
        whitened = solve_triangular(self.factor_, self._features(candidates).T.astype(np.float64), lower=True).T
        self.whitened_ = np.vstack([self.whitened_, whitened])
        self.means_ = np.append(self.means_, means)
        return self

    def doubt(self) -> NDArray[np.float64]:
        """Return the standard deviation of each candidate's logit: shape (m,)."""
        return np.asarray(np.sqrt((self.whitened_**2).sum(axis=1)))

    def after(self, rows: Sequence[int], picked: Any) -> NDArray[np.float64]:
        """Return all candidates' logits once the labels of some are known.

        Parameters
        ----------
        rows : sequence of k integers
            Which candidates.
        picked : array of shape (k,)
            1 for a pick, 0 for a skip.

        Returns
        -------
        array of shape (m,)
        """
        if not len(rows):
            return self.means_.copy()
        told = self.whitened_[np.asarray(rows)]
        pulls = _mode(told @ told.T, self.means_[np.asarray(rows)], np.asarray(picked, dtype=np.float64))
        return np.asarray(self.means_ + self.whitened_ @ (told.T @ pulls))

    def _features(self, examples: Examples) -> NDArray[np.float32]:
        sources = self.sources_.transform(_column(examples.sources))
        return np.hstack([2 * np.asarray(examples.vectors, dtype=np.float32), sources])


def _mode(covariance: NDArray[np.float64], means: Floats, y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Find by Newton's method the weights a of the mode f = means + covariance a."""
    f = np.asarray(means, dtype=np.float64).copy()
    pulls = np.zeros_like(f)
    for _ in range(MOST_STEPS):
        p = expit(f)
        root = np.sqrt(p * (1 - p))
        b = root**2 * (f - means) + y - p
        inner = np.eye(len(f)) + root[:, None] * covariance * root
        pulls = b - root * cho_solve(cho_factor(inner), root * (covariance @ b))
        before, f = f, means + covariance @ pulls
        if np.max(np.abs(f - before)) < 1e-6:
            break
    return pulls


def _column(sources: Sequence[str]) -> NDArray[Any]:
    return np.array(sources, dtype=object)[:, None]
