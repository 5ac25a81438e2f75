"""Update relevance scores after each decision, in milliseconds: counts and neighbours grow, few labels move weights."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.base import BaseEstimator

from models.examples import Examples, Floats, Indices
from models.features import Tokens, combine_features
from models.knn import MISSING, N_NEIGHBOURS, mean_at_depths
from models.log_odds import TokenLogOdds
from models.relevance import RelevanceRanker

DECISION_WEIGHT = 1.0  # sample weight of an editor's pick or skip
TOLERANCE = 1e-8  # of the gradient, at which a refit ends


class OnlineRanker(BaseEstimator):  # type: ignore[misc]
    """Scores of a fitted ranker for some candidates, given labels of some of them.

    A labelled candidate is added to the ranker's training examples as in a full refit: as a neighbour and in the token
    counts. Scores depend only on the current labels, not on the order in which they arrived.

    Parameters
    ----------
    refit_scale : float, optional
        Standard deviation of the normal prior around the ranker's weights, within which the labels move them; for
        weights that were not learned from examples. Default: the weights stay.
    """

    def __init__(self, refit_scale: float | None = None) -> None:
        self.refit_scale = refit_scale

    def fit(self, ranker: RelevanceRanker, candidates: Examples) -> Self:
        """Compute neighbours and tokens of m candidates.

        Parameters
        ----------
        ranker : RelevanceRanker
            Fitted without the labels of the candidates.
        candidates : Examples of m articles
        """
        self.ranker_ = ranker
        return self._set_candidates(candidates)

    def extend(self, candidates: Examples) -> Self:
        """Append further candidates after the known ones."""
        return self._set_candidates(Examples.concatenate([self.candidates_, candidates]))

    def novelty(self) -> NDArray[np.float64]:
        """Return 1 minus the similarity of each candidate to its nearest training example: shape (m,)."""
        nearest = np.maximum(*(similarities[:, 0] for similarities, _ in self.nearest_))
        return np.asarray(1.0 - nearest, dtype=np.float64)

    def scores_given(self, rows: Sequence[int], picked: Any) -> NDArray[np.float64]:
        """Return the logits of all candidates, given the labels of some.

        Parameters
        ----------
        rows : sequence of k integers
            The labelled candidates.
        picked : array of shape (k,)
            1 for a pick, 0 for a skip.

        Returns
        -------
        array of shape (m,)
        """
        labelled, labels = np.asarray(rows, dtype=np.intp), np.asarray(picked, dtype=float)
        order = np.argsort(labelled)  # the scores do not depend on the order of the labels, to the last digit
        labelled, labels = labelled[order], labels[order]
        similarities = np.hstack([self._similarities(group, labelled, labels) for group in (0, 1)])
        updated = {name: self._updated_log_odds(name, labelled, labels) for name in self.tokens_}
        log_odds, tokens = ({name: pair[n] for name, pair in updated.items()} for n in (0, 1))
        self_counts = self._self_counts(labelled, labels)
        features = self.ranker_.scaled(combine_features(similarities, log_odds, tokens, self_counts))
        weights, bias = self.ranker_.weights_, self.ranker_.bias_
        if self.refit_scale is not None and len(labelled):
            weights, bias = refit(features[labelled], labels, weights, bias, self.refit_scale)
        return np.asarray(features @ weights + bias)

    def _set_candidates(self, candidates: Examples) -> Self:
        extractor = self.ranker_.extractor_
        self.candidates_ = candidates
        self.self_rows_ = self.ranker_.training_rows(candidates)
        self.centred_ = extractor.neighbours_.centre(candidates.content_vectors)
        self.nearest_ = extractor.neighbours_.nearest(candidates.content_vectors, self.self_rows_)
        self.tokens_: Tokens = self.ranker_.token_features_.extend(candidates).transform(candidates)
        return self

    def _similarities(self, group: int, labelled: Indices, labels: Floats) -> NDArray[np.float32]:
        """Return mean similarities to the nearest picks (group 0) or others (group 1), labelled candidates included."""
        similarities, rows = self.nearest_[group]
        # a candidate that was a training example itself counts under its new label alone
        relabelled = self.self_rows_[labelled][self.self_rows_[labelled] >= 0]
        similarities = np.where(np.isin(rows, relabelled), MISSING, similarities)
        added = labelled[labels == 1 - group]
        to_added = self.centred_ @ self.centred_[added].T
        to_added[added, np.arange(len(added))] = MISSING
        return mean_at_depths(-np.sort(-np.hstack([similarities, to_added]), axis=1)[:, :N_NEIGHBOURS])

    def _updated_log_odds(self, name: str, labelled: Indices, labels: Floats) -> tuple[TokenLogOdds, sparse.csr_matrix]:
        """Return the estimator of a view with the labelled candidates counted, and the candidates' known tokens."""
        tokens, fitted = self.tokens_[name], self.ranker_.extractor_.log_odds_[name]
        added = self._label_counts(labels) - self._counts_at_fit(labelled)
        counts = np.zeros((tokens.shape[1], 2))
        counts[: len(fitted.seen_)] = np.column_stack([fitted.picked_, fitted.seen_])
        updated = TokenLogOdds(smoothing=fitted.smoothing)
        updated.picked_, updated.seen_ = (counts + tokens[labelled].T @ added).T
        picked, seen = self.ranker_.extractor_.label_counts_.sum(axis=0) + added.sum(axis=0)
        updated.rate_ = float((picked + 0.5) / (seen + 1.0))
        updated.n_features_in_ = tokens.shape[1]
        known = updated.seen_ > 0
        known[: len(fitted.seen_)] = True
        return updated, _keep_columns(tokens, known)

    def _self_counts(self, labelled: Indices, labels: Floats) -> NDArray[np.float64]:
        """Return what each candidate itself adds to the counts of picked and seen: shape (m, 2)."""
        counts = self._counts_at_fit(np.arange(len(self.self_rows_)))
        counts[labelled] = self._label_counts(labels)
        return counts

    def _counts_at_fit(self, rows: Indices) -> NDArray[np.float64]:
        """Return what candidates added to the counts when the ranker was fitted: shape (k, 2)."""
        return self.ranker_.extractor_.self_counts(self.self_rows_[rows])

    @staticmethod
    def _label_counts(labels: Floats) -> NDArray[np.float64]:
        return np.column_stack([labels, np.full(len(labels), DECISION_WEIGHT)])


def refit(
    features: NDArray[np.float64], y: Floats, weights: NDArray[np.float64], bias: float, scale: float
) -> tuple[NDArray[np.float64], float]:
    """Return the most probable weights and bias of a logistic regression, given a normal prior around known ones.

    Parameters
    ----------
    features : array of shape (k, n_features)
        Standardised.
    y : array of shape (k,)
        1 for a pick, 0 for a skip.
    weights, bias : array of shape (n_features,), float
        Mean of the prior.
    scale : float
        Standard deviation of the prior of each weight and of the bias.
    """
    design, prior = np.column_stack([features, np.ones(len(y))]), np.append(weights, bias)

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits, away = design @ at, (at - prior) / scale
        value = np.logaddexp(0, logits).sum() - y @ logits + away @ away / 2
        return float(value), design.T @ (expit(logits) - y) + away / scale

    def hessian(at: NDArray[np.float64]) -> NDArray[np.float64]:
        p = expit(design @ at)
        return np.asarray((design.T * (p * (1 - p))) @ design + np.eye(len(prior)) / scale**2)

    point = minimize(loss, prior, jac=True, hess=hessian, method="trust-ncg", options={"gtol": TOLERANCE}).x
    return point[:-1], float(point[-1])


def _keep_columns(tokens: sparse.csr_matrix, columns: NDArray[np.bool_]) -> sparse.csr_matrix:
    """Remove the non-zeros outside some columns; the shape stays."""
    kept = columns[tokens.indices]
    ends = np.r_[0, np.cumsum(kept)][tokens.indptr]
    return sparse.csr_matrix((tokens.data[kept], tokens.indices[kept], ends), tokens.shape)
