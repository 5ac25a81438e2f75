"""Smoothed log-odds of being picked, per token (target encoding): binary token matrices in, log-odds out."""

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import logit
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted, column_or_1d, validate_data

from models.examples import Floats

# Chosen on issues 21-100, 0.2 to 50 tried (docs/judgement.md): a token seen once tells much of whether an article is
# picked, and little of its section.
SMOOTHING, CLASS_SMOOTHING = 0.5, 5.0


class TokenLogOdds(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Log-odds of being picked for each token, shrunk towards the base rate for rare tokens.

    Parameters
    ----------
    smoothing : float
        Pseudo-counts at the base rate added to each token's counts.
    """

    def __init__(self, *, smoothing: float = SMOOTHING) -> None:
        self.smoothing = smoothing

    def fit(self, X: sparse.csr_matrix, y: Any, sample_weight: Floats | None = None) -> Self:
        """Count the picks and the examples that carry each token.

        Parameters
        ----------
        X : binary matrix of shape (n, n_tokens)
        y : array of shape (n,)
            1 for picks; any other value is "not picked".
        sample_weight : array of shape (n,), optional
        """
        X = _validated(self, X, reset=True)
        y = (column_or_1d(y) == 1).astype(float)
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.picked_ = np.asarray(X.T @ (weights * y)).ravel()
        self.seen_ = np.asarray(X.T @ weights).ravel()
        self.rate_ = float((weights @ y + 0.5) / (weights.sum() + 1.0))
        return self

    def transform(self, X: sparse.csr_matrix, self_counts: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the sum of each article's log-odds over the square root of its number of tokens: shape (n, 1).

        Parameters
        ----------
        X : binary matrix of shape (n, n_tokens)
        self_counts : array of shape (n, 2), optional
            What each article itself added to `picked_` and `seen_` when it was a training example; subtracted, so that
            its own label is excluded.
        """
        check_is_fitted(self)
        X = _validated(self, X)
        sums = np.asarray(self.log_odds(X, self_counts).sum(axis=1)).ravel()
        return np.asarray(sums / np.sqrt(np.maximum(X.getnnz(axis=1), 1)))[:, None]

    def log_odds(self, X: sparse.csr_matrix, self_counts: NDArray[np.float64] | None = None) -> sparse.csr_matrix:
        """Return the log-odds of each token an article carries, less those of the base rate: (n, n_tokens), sparse."""
        picked, seen = self._counts_at(X, self_counts)
        share = (picked + self.smoothing * self.rate_) / (seen + self.smoothing)
        odds = np.log(share / (1 - share)) - np.log(self.rate_ / (1 - self.rate_))
        return sparse.csr_matrix((odds, X.indices, X.indptr), X.shape)

    def strongest(self, X: sparse.csr_matrix, self_counts: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the log-odds of each article's token most for it plus those of the one most against it: (n, 1).

        In a sum, one telling word is outvoted by many that merely seem to tell something.
        """
        odds = self.log_odds(X, self_counts)
        return np.asarray((odds.max(axis=1) + odds.min(axis=1)).toarray())

    def counts(self, X: sparse.csr_matrix, self_counts: NDArray[np.float64] | None = None) -> NDArray[np.float64]:
        """Return the number of training examples of each article's tokens, summed over its tokens: shape (n,)."""
        _, seen = self._counts_at(X, self_counts)
        counts = sparse.csr_matrix((seen, X.indices, X.indptr), X.shape)
        return np.asarray(counts.sum(axis=1)).ravel()

    def _counts_at(self, X: sparse.csr_matrix, self_counts: NDArray[np.float64] | None) -> tuple[Any, Any]:
        """Return `picked_` and `seen_` for each non-zero of X."""
        picked, seen = self.picked_[X.indices], self.seen_[X.indices]
        if self_counts is not None:
            rows = np.repeat(np.arange(X.shape[0]), np.diff(X.indptr))
            seen = np.maximum(seen - self_counts[rows, 1], 0)
            # an article whose title or address changed since it was a training example never added to its new tokens:
            # without the cap they would have more picks than examples
            picked = np.clip(picked - self_counts[rows, 0], 0, seen)
        return picked, seen

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        tags.input_tags.sparse = True
        tags.input_tags.positive_only = True
        return tags


def log_odds_of_classes(
    X: sparse.csr_matrix, y: NDArray[Any], n_classes: int, smoothing: float = CLASS_SMOOTHING
) -> NDArray[np.float64]:
    """Return the log-odds that `TokenLogOdds` gives each token for each class against the rest.

    Parameters
    ----------
    X : binary matrix of shape (n, n_tokens)
    y : array of shape (n,)
        Classes from 0 to `n_classes` - 1.
    smoothing : float
        Pseudo-counts at the base rate added to each token's counts.

    Returns
    -------
    array of shape (n_tokens, n_classes)
    """
    picked = X.T @ np.eye(n_classes)[y]
    seen = X.getnnz(axis=0)[:, None]
    rates = (np.bincount(y, minlength=n_classes) + 0.5) / (len(y) + 1.0)
    return np.asarray(logit((picked + smoothing * rates) / (seen + smoothing)) - logit(rates))


def vocabulary(rows: Iterable[Sequence[str]]) -> dict[str, int]:
    """Number the distinct tokens in order of first occurrence."""
    return {token: n for n, token in enumerate(dict.fromkeys(chain.from_iterable(rows)))}


def token_matrix(rows: Sequence[Sequence[str]], numbers: dict[str, int]) -> sparse.csr_matrix:
    """Return a binary matrix of shape (n, len(numbers)) of the tokens in each row; unknown tokens are ignored."""
    # without a bytecode loop: explaining 10,000 titles word by word looks up 1.5 million tokens
    columns = np.fromiter(map(numbers.get, chain.from_iterable(rows), repeat(-1)), dtype=np.intp)
    row_of = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    known = columns >= 0
    pairs = (row_of[known], columns[known])
    matrix = sparse.csr_matrix((np.ones(len(pairs[0])), pairs), (len(rows), len(numbers)))  # sums repeated tokens
    matrix.data[:] = 1
    return matrix


def _validated(estimator: TokenLogOdds, X: Any, *, reset: bool = False) -> sparse.csr_matrix:
    """Check a matrix and return it in CSR form."""
    X = validate_data(
        estimator, X, reset=reset, accept_sparse="csr", ensure_non_negative=True, ensure_min_samples=0,
        ensure_min_features=0,
    )  # fmt: skip
    return X if sparse.issparse(X) else sparse.csr_matrix((X > 0).astype(float))
