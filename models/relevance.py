"""P(picked | article): a logistic regression on features of neighbours and tokens, fitted out of time."""

from collections.abc import Sequence
from copy import copy
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from models.examples import Briefs, Examples, Floats, Indices
from models.features import SIMILARITY_NAMES, FeatureExtractor, TokenFeatures, Tokens
from models.time_blocks import blocks_of_days

MIN_SAMPLES = 10  # picks, and others, required before the first out-of-time block and in the blocks together
DEFAULT_SHARE = 0.1  # assumed share of picks among the articles, where it cannot be learned
# Weights of standardised features where they cannot be learned, from issues 21-100 of a real archive. The weights of
# the others are halved: where there is no archive of articles, the others are the current candidates, of which some
# will be picked.
DEFAULT_WEIGHTS = dict(zip(SIMILARITY_NAMES, (0.25, 0.3, 0.3, 0.25, -0.12, -0.18, -0.25, -0.3), strict=True)) | {
    "words": 0.4, "address": 0.4, "host": 0.5, "account": 0.4, "domain": 0.4, "author": 0.4,
    "strongest": 0.2, "count": 0.0, "unseen": 0.4,
}  # fmt: skip
# The level of the probabilities is set on the latest examples that hold so many picks, about five weekly issues: an
# editor picks more in one season than in another (docs/judgement.md).
RECENT_PICKS = 60
CLIP = 5.0  # bound on a standardised feature: no outlier decides alone


class RelevanceRanker(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Logistic regression on features that are themselves learned from labelled examples.

    The weights are fitted out of time: the latest examples are split into blocks of whole days, and the features of
    each block are computed from the examples before it, as they are when new candidates are scored. Where there are
    too few picks or others in the blocks, or before them (an archive of picks without the articles of their time),
    DEFAULT_WEIGHTS are used. Fitting is deterministic.

    Parameters
    ----------
    without : tuple of str
        Feature groups to leave out, of `features.GROUP_OF_VIEW`.
    n_out_of_time : int
        Number of the latest examples on which the weights are fitted, or the default weights are standardised.
    n_splits : int
        Number of blocks into which they are split.
    C : float
        Inverse regularisation strength of the weights.

    Attributes
    ----------
    is_calibrated_ : bool
        Whether the level of the probabilities was learned; if False, a share of DEFAULT_SHARE is assumed.
    """

    def __init__(
        self,
        *,
        without: tuple[str, ...] = (),
        n_out_of_time: int = 3000,
        n_splits: int = 8,
        C: float = 0.1,
    ) -> None:
        self.without = without
        self.n_out_of_time = n_out_of_time
        self.n_splits = n_splits
        self.C = C

    def fit(
        self, examples: Examples, y: Any, sample_weight: Floats | None = None, *, briefs: Briefs | None = None
    ) -> Self:
        """Learn from labelled examples.

        Parameters
        ----------
        examples : Examples of n articles and past picks
        y : array of shape (n,)
            1 for picks, 0 for articles that were passed over or skipped.
        sample_weight : array of shape (n,), optional
            1 for a pick or a skip, less for articles that were merely passed over.
        briefs : Briefs, optional
            The newsletter's sections; used as picks while there are fewer than MIN_SAMPLES picks.
        """
        y = np.asarray(y, dtype=int)
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.classes_, self.brief_keys_ = np.array([0, 1]), []
        if briefs is not None and y.sum() < MIN_SAMPLES:
            self.brief_keys_ = list(briefs.keys)
            examples, y, weights = _append_briefs(examples, y, weights, briefs)
        days = np.nan_to_num(np.asarray(examples.days, dtype=float), nan=0.0)
        self.time_order_ = np.argsort(days, kind="stable")
        examples = examples.take_content(self.time_order_)  # only one view of the vectors is used
        days = days[self.time_order_]
        y, weights = np.asarray(y, dtype=int)[self.time_order_], weights[self.time_order_]
        self.titles_, self.row_by_url_ = list(examples.titles), {url: n for n, url in enumerate(examples.urls) if url}
        self.token_features_ = TokenFeatures(without=self.without)
        vectors, tokens = examples.vectors, self.token_features_.fit_transform(examples)
        self.extractor_ = FeatureExtractor().fit(vectors, tokens, y, weights)
        blocks = _out_of_time_splits(days, y, self.n_out_of_time, self.n_splits)
        if blocks:
            self._learn_weights(*self._out_of_time_features(blocks, vectors, tokens, y, weights))
        else:
            self._use_default_weights(vectors, tokens, y)
        return self

    def decision_function(self, examples: Examples) -> NDArray[np.float64]:
        """Return the logit of P(picked) of n articles, higher is better: shape (n,).

        An article that was a training example (the same url) is scored without its own label.
        """
        tokens = self.token_features_.transform(examples)
        features = self.extractor_.transform(examples.content_vectors, tokens, self.training_rows(examples))
        return self.logits(features)

    def predict_proba(self, examples: Examples) -> NDArray[np.float64]:
        """Return P(not picked) and P(picked) of n articles: shape (n, 2)."""
        picked = 1 / (1 + np.exp(-self.decision_function(examples)))
        return np.column_stack([1 - picked, picked])

    def predict(self, examples: Examples) -> NDArray[np.int_]:
        """Return 1 for articles that are more likely picked than not, else 0: shape (n,)."""
        return np.asarray(self.classes_[(self.decision_function(examples) > 0).astype(int)])

    def cap_expected_picks(self, examples: Examples, max_expected: float) -> Self:
        """Return a ranker whose expected number of picks among n articles is at most `max_expected`.

        All logits are lowered by the same amount, so the order is unchanged. Where no more picks are expected, the
        ranker itself is returned.

        Parameters
        ----------
        examples : Examples of n articles
        max_expected : float
            Above 0.
        """
        logits = self.decision_function(examples)
        if expit(logits).sum() <= max_expected:
            return self
        capped = copy(self)
        capped.bias_ = self.bias_ + float(brentq(lambda shift: expit(logits + shift).sum() - max_expected, -50.0, 0.0))
        return capped

    def logits(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logits of features of shape (n, n_features), as `extractor_` gives them."""
        return np.asarray(self.scaled(features) @ self.weights_ + self.bias_)

    def scaled(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return features standardised as the weights expect them, outliers clipped: the same shape."""
        return np.asarray(np.clip((features - self.mean_) / self.scale_, -CLIP, CLIP))

    def training_rows(self, examples: Examples) -> Indices:
        """Return the training row with the same url as each article, -1 for none: shape (n,)."""
        return np.array([self.row_by_url_.get(url, -1) for url in examples.urls], dtype=np.intp)

    def _out_of_time_features(
        self, blocks: Sequence[tuple[int, int]], vectors: Floats, tokens: Tokens, y: NDArray[Any], weights: Floats
    ) -> tuple[NDArray[np.float64], NDArray[Any], Floats]:
        """Return features, y and weights of the examples in the blocks, each computed from those before its block."""
        features = []
        for start, end in blocks:
            past, block = slice(0, start), slice(start, end)
            extractor = FeatureExtractor().fit(
                vectors[past], {k: m[past] for k, m in tokens.items()}, y[past], weights[past]
            )
            features.append(extractor.transform(vectors[block], {k: m[block] for k, m in tokens.items()}))
        rows = slice(blocks[0][0], blocks[-1][1])
        return np.vstack(features), y[rows], weights[rows]

    def _learn_weights(self, features: NDArray[np.float64], y: NDArray[Any], weights: Floats) -> None:
        self.mean_, self.scale_ = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-6)
        model = LogisticRegression(C=self.C, max_iter=1000)
        model.fit(self.scaled(features), y, sample_weight=weights)
        self.weights_ = model.coef_[0]
        # sample weights shift the intercept: set it so that the expected number of picks is the observed one of late
        latest = slice(_first_recent(y), None)
        logits, share = self.scaled(features[latest]) @ self.weights_, y[latest].mean()
        self.bias_ = float(brentq(lambda bias: expit(logits + bias).mean() - share, -30.0, 30.0))
        self.is_calibrated_ = True

    def _use_default_weights(self, vectors: Floats, tokens: Tokens, y: NDArray[Any]) -> None:
        """Standardise features, and set the level, by the latest examples that were not picked."""
        rows = (np.flatnonzero(y == 0) if (y == 0).any() else np.arange(len(y)))[-self.n_out_of_time :]
        others = self.extractor_.transform(vectors[rows], {name: m[rows] for name, m in tokens.items()}, rows)
        self.mean_, self.scale_ = others.mean(axis=0), np.maximum(others.std(axis=0), 1e-6)
        self.weights_ = np.array([DEFAULT_WEIGHTS[name] for name in self.extractor_.names_])
        self.is_calibrated_ = False
        self.bias_ = float(-np.quantile(self.scaled(others) @ self.weights_, 1 - DEFAULT_SHARE))


def _first_recent(y: NDArray[Any]) -> int:
    """Return the first of the latest rows that hold RECENT_PICKS picks, and at least MIN_SAMPLES others."""
    picks, others = np.cumsum(y[::-1]), np.cumsum(1 - y[::-1])
    enough = np.flatnonzero((picks >= RECENT_PICKS) & (others >= MIN_SAMPLES))
    return len(y) - 1 - int(enough[0]) if len(enough) else 0


def _out_of_time_splits(days: Floats, y: NDArray[Any], n_out_of_time: int, n_splits: int) -> list[tuple[int, int]]:
    """Split the latest examples into blocks of whole days: (first row, one past the last) each.

    None where there are fewer than MIN_SAMPLES picks, or others, in the blocks or before them.
    """
    n = len(days)
    blocks = blocks_of_days(days, max(n - n_out_of_time, n // 4), n_splits)
    start = next((a for a, _ in blocks if min(y[:a].sum(), (1 - y[:a]).sum()) >= MIN_SAMPLES), n)
    if min(y[start:].sum(), (1 - y[start:]).sum()) < MIN_SAMPLES:
        return []
    return [(a, b) for a, b in blocks if a >= start]


def _append_briefs(
    examples: Examples, y: NDArray[Any], weights: Floats, briefs: Briefs
) -> tuple[Examples, NDArray[Any], Floats]:
    """Append the sections' texts as picks."""
    n = len(briefs.keys)
    described = Examples(briefs.texts, briefs.vectors)
    return Examples.concatenate([examples, described]), np.r_[y, np.ones(n, int)], np.r_[weights, np.ones(n)]
