"""k-nearest-neighbour features: mean similarity to the nearest picks, and to the nearest articles not picked."""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_consistent_length, check_is_fitted, column_or_1d, validate_data

from models.examples import Floats, Indices

DEPTHS = (1, 3, 10, 30)  # numbers of nearest neighbours averaged over
N_NEIGHBOURS = max(DEPTHS) + 2  # two more than are averaged, so that the nearest two can be dropped (explanations)
BATCH_ROWS = 512  # rows that a thread compares at a time: bounds memory, with
MOST_THREADS = 4
WEIGHT_SCALE = 15.0  # a neighbour of sample weight w has its similarity changed by log(w) / WEIGHT_SCALE
MISSING = np.float32(-2.0)  # below every similarity: fewer neighbours than N_NEIGHBOURS


class NeighbourSimilarity(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Mean similarity to the nearest picks and to the nearest others, at several depths.

    Similarity is the cosine after subtracting the mean of the training vectors, which all titles have in common.

    Parameters
    ----------
    n_others : int
        Compare with at most this many of the latest examples that were not picked: older ones cost time and did not
        improve the ranking.
    """

    def __init__(self, *, n_others: int = 6000) -> None:
        self.n_others = n_others

    def fit(self, X: Floats, y: Any, sample_weight: Floats | None = None) -> Self:
        """Store the training vectors.

        Parameters
        ----------
        X : array of shape (n, d)
            Unit vectors, oldest first.
        y : array of shape (n,)
            1 for picks; any other value is "not picked".
        sample_weight : array of shape (n,), optional
        """
        X, y = validate_data(self, X, y, ensure_min_samples=0)
        picked = y == 1
        weights = np.ones(len(y)) if sample_weight is None else column_or_1d(sample_weight)
        check_consistent_length(X, weights)
        self.mean_ = X.mean(axis=0) if len(X) else np.zeros(X.shape[1], np.float32)
        self.rows_ = [np.flatnonzero(picked), np.flatnonzero(~picked)[-self.n_others :]]
        self.vectors_ = [self.centre(X[rows]) for rows in self.rows_]
        self.offsets_ = [
            np.log(np.maximum(weights[rows], 1e-6)).astype(np.float32) / WEIGHT_SCALE for rows in self.rows_
        ]
        return self

    def transform(self, X: Floats, self_rows: Indices | None = None) -> NDArray[np.float32]:
        """Return mean similarities, picks first: shape (n, 2 * len(DEPTHS)).

        Parameters
        ----------
        X : array of shape (n, d)
            Unit vectors.
        self_rows : array of shape (n,), optional
            Training row that is the article itself, -1 for none. Exclude the article itself from its neighbours.
        """
        check_is_fitted(self)
        X = validate_data(self, X, reset=False, ensure_min_samples=0)
        return np.hstack([mean_at_depths(similarities) for similarities, _ in self.nearest(X, self_rows)])

    def nearest(
        self, X: Floats, self_rows: Indices | None = None
    ) -> list[tuple[NDArray[np.float32], NDArray[np.intp]]]:
        """Return similarities and training rows of the nearest picks, then of the nearest others.

        Each array has shape (n, N_NEIGHBOURS), nearest first, filled up with MISSING and row -1.
        """
        centred = self.centre(X)
        self_rows = np.full(len(X), -1) if self_rows is None else self_rows
        return [self._nearest_of(group, centred, self_rows) for group in (0, 1)]

    def _nearest_of(
        self, group: int, centred: Floats, self_rows: Indices
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        nearest = np.full((len(centred), N_NEIGHBOURS), MISSING, np.float32)
        rows = np.full((len(centred), N_NEIGHBOURS), -1)
        column_of = {int(row): column for column, row in enumerate(self.rows_[group])}

        def compare(start: int) -> None:
            batch = slice(start, start + BATCH_ROWS)
            similarities = centred[batch] @ self.vectors_[group].T
            similarities += self.offsets_[group]
            for n, row in enumerate(self_rows[batch]):
                if int(row) in column_of:
                    similarities[n, column_of[int(row)]] = MISSING
            columns = _largest(similarities, N_NEIGHBOURS)
            found = np.take_along_axis(similarities, columns, axis=1)
            nearest[batch, : columns.shape[1]] = found
            rows[batch, : columns.shape[1]] = np.where(found > MISSING, self.rows_[group][columns], -1)

        starts = range(0, len(centred), BATCH_ROWS)
        # products of matrices leave the interpreter to other threads
        with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
            list((pool.map if len(starts) > 1 else map)(compare, starts))
        return nearest, rows

    def centre(self, X: Floats) -> NDArray[np.float32]:
        """Subtract the training mean and normalise rows to unit length."""
        return centred_at(self.mean_, X)

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.transformer_tags.preserves_dtype = []  # always float32
        return tags


def centred_at(mean: Floats, X: Floats) -> NDArray[np.float32]:
    """Return X less a mean of shape (d,), rows normalised to unit length: shape (n, d)."""
    centred = X - mean
    norms = np.linalg.norm(centred, axis=1, keepdims=True)
    return np.asarray(centred / np.maximum(norms, 1e-9), dtype=np.float32)


def mean_at_depths(similarities: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average the first 1, 3, 10 and 30 columns of similarities, nearest first; MISSING ones are left out.

    Parameters
    ----------
    similarities : array of shape (n, at least max(DEPTHS))

    Returns
    -------
    array of shape (n, len(DEPTHS))
        0 where there is no neighbour.
    """
    present = similarities > MISSING
    sums, counts = np.cumsum(np.where(present, similarities, 0), axis=1), np.cumsum(present, axis=1)
    last = [depth - 1 for depth in DEPTHS]
    return np.asarray(sums[:, last] / np.maximum(counts[:, last], 1), dtype=np.float32)


def _largest(values: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Return the columns of the k largest values of each row, largest first."""
    n, m = values.shape
    if m <= k:
        return np.argsort(-values, axis=1, kind="stable")
    # a value below the k-th largest of the blocks' maxima is not among the k largest
    n_blocks = min(m, 4 * k)
    size = m // n_blocks
    maxima = values[:, : n_blocks * size].reshape(n, size, n_blocks).max(axis=1)
    threshold = -np.partition(-maxima, k - 1, axis=1)[:, k - 1 : k]
    rows, columns = np.divmod(np.flatnonzero(values >= threshold), m)  # ten times faster than nonzero
    first = np.searchsorted(rows, np.arange(n))
    place = np.arange(len(rows)) - first[rows]
    found = np.full((n, place.max() + 1), -np.inf, np.float32)
    found[rows, place] = values[rows, columns]
    best = np.argsort(-found, axis=1, kind="stable")[:, :k]
    return np.asarray(columns[first[:, None] + best])
