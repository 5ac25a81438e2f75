"""What became of past articles that carried a word, or came from a source: counts in, log-odds out."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from models.examples import Floats, Indices


class TokenLogOdds(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Log-odds of being picked, token by token, drawn towards the base rate where a token was seen seldom.

    Parameters
    ----------
    smoothing : float
        So many imagined sightings at the base rate stand beside the real ones.
    """

    def __init__(self, *, smoothing: float = 1.0) -> None:
        self.smoothing = smoothing

    def fit(self, tokens: sparse.csr_matrix, y: Any, sample_weight: Floats | None = None) -> Self:
        """Count, over n articles, who carried each of m tokens (a binary matrix) and was picked (y = 1) or not."""
        y = np.asarray(y, dtype=float)
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.picked_ = np.asarray(tokens.T @ (weights * y)).ravel()
        self.seen_ = np.asarray(tokens.T @ weights).ravel()
        self.rate_ = float((weights @ y + 0.5) / (weights.sum() + 1.0))
        return self

    def transform(self, tokens: sparse.csr_matrix, own: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the sum of each article's log-odds over the root of its number of tokens: shape (n,).

        Parameters
        ----------
        own : array of shape (n, 2), optional
            What each article itself added to picked and seen, and now must not be told.
        """
        sums = np.asarray(self.log_odds(tokens, own).sum(axis=1)).ravel()
        return np.asarray(sums / np.sqrt(np.maximum(tokens.getnnz(axis=1), 1)))

    def log_odds(self, tokens: sparse.csr_matrix, own: NDArray[np.float64] | None = None) -> sparse.csr_matrix:
        """Return the log-odds of each token an article carries, against the base rate: shape (n, m), sparse."""
        picked, seen = self._counts(tokens, own)
        share = (picked + self.smoothing * self.rate_) / (seen + self.smoothing)
        odds = np.log(share / (1 - share)) - np.log(self.rate_ / (1 - self.rate_))
        return sparse.csr_matrix((odds, tokens.indices, tokens.indptr), tokens.shape)

    def counts(self, tokens: sparse.csr_matrix, own: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return how often an article's tokens were seen before: shape (n,)."""
        _, seen = self._counts(tokens, own)
        counts = sparse.csr_matrix((seen, tokens.indices, tokens.indptr), tokens.shape)
        return np.asarray(counts.sum(axis=1)).ravel()

    def _counts(self, tokens: sparse.csr_matrix, own: NDArray[np.float64] | None) -> tuple[Any, Any]:
        picked, seen = self.picked_[tokens.indices], self.seen_[tokens.indices]
        if own is not None:
            rows = np.repeat(np.arange(tokens.shape[0]), np.diff(tokens.indptr))
            picked, seen = np.maximum(picked - own[rows, 0], 0), np.maximum(seen - own[rows, 1], 0)
        return picked, seen


def vocabulary(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """Number all tokens in the order they are met."""
    return {token: n for n, token in enumerate(dict.fromkeys(token for row in rows for token in row))}


def token_matrix(rows: Sequence[Sequence[str]], numbers: dict[str, int]) -> sparse.csr_matrix:
    """Mark which of the numbered tokens each row carries: binary, shape (n, len(numbers))."""
    columns = np.fromiter((numbers.get(token, -1) for row in rows for token in row), dtype=np.intp)
    at: Indices = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    known = columns >= 0
    pairs = (at[known], columns[known])
    matrix = sparse.csr_matrix((np.ones(len(pairs[0])), pairs), (len(rows), len(numbers)))  # sums what is said twice
    matrix.data[:] = 1
    return matrix
