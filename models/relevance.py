"""P(picked | article), and the reasons. Knows arrays alone; which article is whose, and when, stays outside."""

from collections.abc import Sequence
from copy import copy
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from models.examples import Briefs, Examples, Floats, Indices
from models.features import NEAR, FeatureExtractor, TokenFeatures, Tokens

MIN_SAMPLES = 10  # picks, and others, in the past that a rehearsal is given and in what it must foretell
DEFAULT_SHARE = 0.1  # of the articles on offer is picked, where nobody knows better
# Weights of standardised signals for a first day, as learned on issues 21-100 of a real archive; those of the others
# halved, since on a first day the others are tonight's own candidates, the wanted ones among them.
DEFAULT_WEIGHTS = dict(zip(NEAR, (0.25, 0.3, 0.3, 0.25, -0.12, -0.18, -0.25, -0.3), strict=True)) | {
    "words": 0.7, "address": 0.4, "host": 0.5, "account": 0.4, "domain": 0.4, "author": 0.4,
    "count": 0.0, "unseen": 0.4,
}  # fmt: skip
CLIP = 5.0  # bound on a standardised signal: nothing unheard-of may decide alone


class RelevanceRanker(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Weigh signals by a logistic regression that rehearsed on the past.

    In a rehearsal the latest examples are taken in blocks of time; each block's signals come from what lay before it
    alone, as they will on the night. Where the examples' times tell picks from others (old picks, new articles) a
    rehearsal would learn the era: fixed weights serve instead. Nothing is left to chance, so there is no seed.

    Parameters
    ----------
    without : tuple of str
        Groups of features to leave out: "source", "dates", "url".
    n_out_of_time : int
        So many of the latest examples are foretold.
    n_splits : int
        In so many blocks.
    C : float
        Inverse regularisation of the weights.
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
        y = np.asarray(y, dtype=int)
        weights = np.ones(len(y)) if sample_weight is None else np.asarray(sample_weight, dtype=float)
        self.classes_, self.keys_ = np.array([0, 1]), []
        if briefs is not None and y.sum() < MIN_SAMPLES:
            self.keys_ = list(briefs.keys)
            examples, y, weights = _with_briefs(examples, y, weights, briefs)
        days = np.nan_to_num(np.asarray(examples.days, dtype=float), nan=0.0)
        self.order_ = np.argsort(days, kind="stable")
        known, days = examples.take(self.order_), days[self.order_]
        y, weights = np.asarray(y, dtype=int)[self.order_], weights[self.order_]
        self.titles_, self.addresses_ = list(known.titles), {url: n for n, url in enumerate(known.urls) if url}
        self.token_features_ = TokenFeatures(without=self.without)
        tokens = self.token_features_.fit_transform(known)
        self.extractor_ = FeatureExtractor().fit(known.fullest, tokens, y, weights)
        blocks = _out_of_time_splits(days, y, self.n_out_of_time, self.n_splits)
        if blocks:
            self._learn_weights(*self._out_of_time_features(blocks, known.fullest, tokens, y, weights))
        else:
            self._use_default_weights(self.extractor_.transform(known.fullest, tokens, np.arange(len(y))), y)
        return self

    def decision_function(self, examples: Examples) -> NDArray[np.float64]:
        """Score n articles: the logit of P(picked), higher is better."""
        tokens = self.token_features_.transform(examples)
        signals = self.extractor_.transform(examples.fullest, tokens, self.own(examples))
        return self.logits(signals)

    def predict_proba(self, examples: Examples) -> NDArray[np.float64]:
        """Return P(passed over), P(picked) for n articles: shape (n, 2)."""
        picked = 1 / (1 + np.exp(-self.decision_function(examples)))
        return np.column_stack([1 - picked, picked])

    def cap_expected_picks(self, examples: Examples, most: float) -> Self:
        """Return this ranker, its odds lowered, all alike, until it foretells at most so many picks among n articles.

        The order stays. `most` is above 0; where no more are foretold, the ranker is returned as it is.
        """
        leaning = self.decision_function(examples)
        if expit(leaning).sum() <= most:
            return self
        capped = copy(self)
        capped.bias_ = self.bias_ + float(brentq(lambda shift: expit(leaning + shift).sum() - most, -50.0, 0.0))
        return capped

    def _out_of_time_features(
        self, blocks: Sequence[tuple[int, int]], vectors: Floats, tokens: Tokens, y: NDArray[Any], weights: Floats
    ) -> tuple[NDArray[np.float64], NDArray[Any], Floats]:
        """Return the signals that late examples had on their own days, what became of them, and their weights."""
        signals = []
        for start, end in blocks:
            past, block = slice(0, start), slice(start, end)
            evidence = FeatureExtractor().fit(
                vectors[past], {k: m[past] for k, m in tokens.items()}, y[past], weights[past]
            )
            signals.append(evidence.transform(vectors[block], {k: m[block] for k, m in tokens.items()}))
        rows = slice(blocks[0][0], blocks[-1][1])
        return np.vstack(signals), y[rows], weights[rows]

    def _learn_weights(self, signals: NDArray[np.float64], y: NDArray[Any], weights: Floats) -> None:
        self.mean_, self.scale_ = signals.mean(axis=0), np.maximum(signals.std(axis=0), 1e-6)
        model = LogisticRegression(C=self.C, max_iter=1000)
        model.fit(self._scaled(signals), y, sample_weight=weights)
        self.weights_ = model.coef_[0]
        # Weighed labels shift the odds: let as many picks be foretold as there were.
        leaning = self._scaled(signals) @ self.weights_
        self.bias_ = float(brentq(lambda bias: expit(leaning + bias).mean() - y.mean(), -30.0, 30.0))

    def _use_default_weights(self, signals: NDArray[np.float64], y: NDArray[Any]) -> None:
        unlabelled = signals[y == 0] if (y == 0).any() else signals
        self.mean_, self.scale_ = unlabelled.mean(axis=0), np.maximum(unlabelled.std(axis=0), 1e-6)
        self.weights_ = np.array([DEFAULT_WEIGHTS[name] for name in self.extractor_.names_])
        self.bias_ = float(-np.quantile(self._scaled(unlabelled) @ self.weights_, 1 - DEFAULT_SHARE))

    def logits(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weigh signals as Evidence gives them."""
        return np.asarray(self._scaled(signals) @ self.weights_ + self.bias_)

    def _scaled(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.clip((signals - self.mean_) / self.scale_, -CLIP, CLIP))

    def own(self, examples: Examples) -> Indices:
        """Find the articles among those learned from, by address: their rows in time, -1 for none."""
        return np.array([self.addresses_.get(url, -1) for url in examples.urls], dtype=np.intp)


def _out_of_time_splits(days: Floats, y: NDArray[Any], n_out_of_time: int, n_splits: int) -> list[tuple[int, int]]:
    """Cut the latest examples into blocks of whole days: (first, one past the last) each; none if too few.

    There must be both picks and others in what is foretold, and before it.
    """
    n = len(days)
    wanted = np.linspace(max(n - n_out_of_time, n // 4), n, n_splits + 1).astype(int)[:-1]
    edges = np.unique(np.r_[np.searchsorted(days, days[wanted]), n])
    start = next((edge for edge in edges if min(y[:edge].sum(), (1 - y[:edge]).sum()) >= MIN_SAMPLES), n)
    if min(y[start:].sum(), (1 - y[start:]).sum()) < MIN_SAMPLES:
        return []
    return [(int(a), int(b)) for a, b in pairwise(edges) if a >= start]


def _with_briefs(
    examples: Examples, y: NDArray[Any], weights: Floats, briefs: Briefs
) -> tuple[Examples, NDArray[Any], Floats]:
    """Let the sections' own descriptions stand for the first picks."""
    n = len(briefs.keys)
    described = Examples(briefs.texts, briefs.vectors)
    return Examples.concatenate([examples, described]), np.r_[y, np.ones(n, int)], np.r_[weights, np.ones(n)]
