"""How near an article stands to past picks, against how near to what was passed over. Vectors in, similarities out."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from models.examples import Floats, Indices

DEPTHS = (1, 3, 10, 30)  # how many of the nearest are averaged
DEEPEST = max(DEPTHS) + 1  # one more, so that the nearest can be taken away and the mean be formed again
ROWS = 512  # articles compared at a time: bounds memory
SHARPNESS = 15.0  # a label of weight w is as good as one log(w) / SHARPNESS farther away
FAR = np.float32(-2.0)  # below every similarity: no such neighbour


class NeighbourSimilarity(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Mean similarity to the nearest picks and to the nearest others, at several depths.

    Similarity is the cosine after the reference's mean is taken away, which all titles share and which says nothing.

    Parameters
    ----------
    n_others : int
        So many of the latest articles that were not picked are compared with: older ones add time, not knowledge.
    """

    def __init__(self, *, n_others: int = 6000) -> None:
        self.n_others = n_others

    def fit(self, vectors: Floats, y: Any, sample_weight: Floats | None = None) -> Self:
        """Remember a reference of n unit vectors in order of time, 1 for picks and 0 for others."""
        picked = np.asarray(y) == 1
        weights = np.ones(len(picked)) if sample_weight is None else np.asarray(sample_weight)
        self.mean_ = vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], np.float32)
        self.rows_ = [np.flatnonzero(picked), np.flatnonzero(~picked)[-self.n_others :]]
        self.vectors_ = [self.centred(vectors[rows]) for rows in self.rows_]
        self.penalties_ = [
            np.log(np.maximum(weights[rows], 1e-6)).astype(np.float32) / SHARPNESS for rows in self.rows_
        ]
        return self

    def transform(self, vectors: Floats, own: Indices | None = None) -> NDArray[np.float32]:
        """Return mean similarities: shape (n, 2 * len(DEPTHS)), picks first.

        Parameters
        ----------
        own : array of shape (n,), optional
            Row of the reference that is the article itself, -1 for none: nobody is their own neighbour.
        """
        return np.hstack([means(near) for near, _ in self.nearest(vectors, own)])

    def nearest(
        self, vectors: Floats, own: Indices | None = None
    ) -> list[tuple[NDArray[np.float32], NDArray[np.intp]]]:
        """Return the similarities and reference rows of the nearest picks, and of the nearest others, best first."""
        centred = self.centred(vectors)
        own = np.full(len(vectors), -1) if own is None else own
        return [self._side(side, centred, own) for side in (0, 1)]

    def _side(self, side: int, vectors: Floats, own: Indices) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        near = np.full((len(vectors), DEEPEST), FAR, np.float32)
        rows = np.full((len(vectors), DEEPEST), -1)
        place = {int(row): n for n, row in enumerate(self.rows_[side])}
        for start in range(0, len(vectors), ROWS):
            these = slice(start, start + ROWS)
            similarities = vectors[these] @ self.vectors_[side].T
            similarities += self.penalties_[side]
            for n, row in enumerate(own[these]):
                if int(row) in place:
                    similarities[n, place[int(row)]] = FAR
            columns = _largest(similarities, DEEPEST)
            found = np.take_along_axis(similarities, columns, axis=1)
            near[these, : columns.shape[1]] = found
            rows[these, : columns.shape[1]] = np.where(found > FAR, self.rows_[side][columns], -1)
        return near, rows

    def centred(self, vectors: Floats) -> NDArray[np.float32]:
        """Take the reference's mean away, and return unit rows."""
        moved = vectors - self.mean_
        norms = np.linalg.norm(moved, axis=1, keepdims=True)
        return np.asarray(moved / np.maximum(norms, 1e-9), dtype=np.float32)


def means(near: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average similarities (n, DEEPEST), best first, over each depth; what is not there is left out."""
    there = near > FAR
    sums, counts = np.cumsum(np.where(there, near, 0), axis=1), np.cumsum(there, axis=1)
    at = [depth - 1 for depth in DEPTHS]
    return np.asarray(sums[:, at] / np.maximum(counts[:, at], 1), dtype=np.float32)


def _largest(values: NDArray[np.float32], k: int) -> NDArray[np.intp]:
    """Columns of the k largest values of each row, best first."""
    n, m = values.shape
    if m <= k:
        return np.argsort(-values, axis=1, kind="stable")
    # what is less than the k-th largest of the blocks' maxima is not among the k largest
    n_blocks = min(m, 4 * k)
    size = m // n_blocks
    tops = values[:, : n_blocks * size].reshape(n, size, n_blocks).max(axis=1)
    least = -np.partition(-tops, k - 1, axis=1)[:, k - 1 : k]
    rows, columns = np.divmod(np.flatnonzero(values >= least), m)  # ten times faster than nonzero
    first = np.searchsorted(rows, np.arange(n))
    place = np.arange(len(rows)) - first[rows]
    found = np.full((n, place.max() + 1), -np.inf, np.float32)
    found[rows, place] = values[rows, columns]
    best = np.argsort(-found, axis=1, kind="stable")[:, :k]
    return np.asarray(columns[first[:, None] + best])
