"""P(section | article), for any list of sections. Knows arrays alone."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, softmax
from sklearn.base import BaseEstimator

from models.examples import Briefs, Examples, Floats
from models.features import TokenFeatures, Tokens
from models.log_odds import TokenLogOdds
from models.title_patterns import forms_of

DEPTHS = (1, 3, 10)  # how many of a section's nearest past picks are averaged
RECORDED = ("address", "host")  # the views whose tokens tell of sections
SIGNALS = ("nearest", "near", "around", "centre", "brief", "prior", *RECORDED, "form")
DEFAULT_WEIGHTS = np.array(
    [1.0, 3.0, 2.0, 3.0, 4.0, 0.3, 0.3, 0.3, 0.5]
)  # weights while there is nothing to rehearse on
FORGOTTEN = 0.15  # of similarity, in a year: sections drift
HALF_YEAR, TWO_MONTHS = 182.0, 56.0
FEWEST = 60  # picks in the past that a rehearsal is given, and that it must foretell
UNFIT_SHARE = 0.01  # of past picks that stood as far from every section as what fits none
STRANGE = (0.0, 0.05)  # nearness at which "none" is as likely as not, and how fast that changes, before any rehearsal


class SectionClassifier(BaseEstimator):  # type: ignore[misc]
    """Weigh, with the same weights for all sections, how near an article is to each one's past picks and its brief.

    Because the weights are shared, a section with three picks, or none, is judged by the same rule as one with three
    hundred. They are fitted (a conditional logit) on signals that past picks had before their own issue.

    Parameters
    ----------
    without : tuple of str
        Groups of features to leave out: "source", "dates", "url".
    n_out_of_time : int
        So many of the latest picks are foretold.
    n_splits : int
        In so many blocks of time.
    C : float
        Inverse regularisation of the weights.
    """

    def __init__(
        self,
        *,
        without: tuple[str, ...] = (),
        n_out_of_time: int = 1200,
        n_splits: int = 12,
        C: float = 1.0,
    ) -> None:
        self.without = without
        self.n_out_of_time = n_out_of_time
        self.n_splits = n_splits
        self.C = C

    def fit(self, examples: Examples, section_keys: Sequence[str], briefs: Briefs) -> Self:
        """Learn from past picks and the section each ran under.

        Parameters
        ----------
        examples : Examples of n past picks; n may be 0
        section_keys : sequence of n keys; those that `briefs` does not list are left out
        briefs : Briefs of the newsletter's sections, in its order
        """
        place = {key: n for n, key in enumerate(briefs.keys)}
        known = [n for n, key in enumerate(section_keys) if key in place]
        days = np.nan_to_num(np.asarray(examples.days, dtype=float)[known], nan=0.0)
        order = np.argsort(days, kind="stable")
        picks, days = examples.take(np.array(known, dtype=np.intp)[order]), days[order]
        y = np.array([place[section_keys[n]] for n in known], dtype=np.intp)[order]
        self.classes_ = np.array(briefs.keys)
        self.token_features_ = TokenFeatures(without=self.without, names=RECORDED)
        tokens = self._with_forms(picks, self.token_features_.fit_transform(picks))
        self.past_ = SectionPast().fit(picks.vectors, tokens, days, y, briefs.vectors)
        self.scale_, self.weights_ = np.ones(len(SIGNALS)), DEFAULT_WEIGHTS
        self.strange_, self.slope_ = STRANGE
        signals, foretold = self._out_of_time_features(picks.vectors, tokens, days, y, briefs)
        if len(foretold) >= FEWEST:
            self.scale_ = np.maximum(signals.std(axis=(0, 1)), 1e-6)
            ran = np.unique(y)  # a section that never ran was never on offer
            chosen = np.searchsorted(ran, foretold)
            self.weights_ = _conditional_logit(signals[:, ran] / self.scale_, chosen, self.C)
            nearness = _nearness(signals)
            self.strange_ = float(np.quantile(nearness, UNFIT_SHARE))
            self.slope_ = float(max(nearness.std() / 4, 1e-3))
        return self

    def predict_proba(self, examples: Examples) -> NDArray[np.float64]:
        """Return P(section) of shape (n, n_sections), columns as `classes_`; what a row lacks to 1 is "none"."""
        signals = self.past_.transform(
            examples.vectors, self._with_forms(examples, self.token_features_.transform(examples))
        )
        fits = expit((_nearness(signals) - self.strange_) / self.slope_)
        return np.asarray(softmax(signals / self.scale_ @ self.weights_, axis=1) * fits[:, None])

    def _with_forms(self, examples: Examples, tokens: Tokens) -> Tokens:
        return {**tokens, "form": forms_of(examples.titles)}

    def _out_of_time_features(
        self, vectors: Floats, tokens: Tokens, days: Floats, y: NDArray[Any], briefs: Briefs
    ) -> tuple[NDArray[np.float64], NDArray[Any]]:
        """Return the signals that the latest picks had before they were known, and their sections."""
        n = len(y)
        wanted = np.linspace(max(n - self.n_out_of_time, n // 3), n, self.n_splits + 1).astype(int)[:-1]
        edges = np.unique(np.r_[np.searchsorted(days, days[wanted]), n]) if n else wanted[:0]
        signals, foretold = [np.zeros((0, len(briefs.keys), len(SIGNALS)))], [y[:0]]
        for start, end in pairwise(edges):
            if start < FEWEST:
                continue
            before = {name: matrix[:start] for name, matrix in tokens.items()}
            past = SectionPast().fit(vectors[:start], before, days[:start], y[:start], briefs.vectors)
            signals.append(past.transform(vectors[start:end], {k: m[start:end] for k, m in tokens.items()}))
            foretold.append(y[start:end])
        return np.concatenate(signals), np.concatenate(foretold)


class SectionPast(BaseEstimator):  # type: ignore[misc]
    """What is known of each section's past picks, and how an article stands to each."""

    def fit(self, vectors: Floats, tokens: Tokens, days: Floats, y: NDArray[Any], briefs: Floats) -> Self:
        """Remember n past picks, in order of time, and the sections' briefs (n_sections, d)."""
        self.mean_ = vectors.mean(axis=0) if len(vectors) >= FEWEST else np.zeros(briefs.shape[1], np.float32)
        self.vectors_, self.briefs_ = self._centred(vectors), self._centred(briefs)
        self.y_, n_sections = y, len(briefs)
        ages = days[-1] - days if len(days) else days
        self.penalties_ = (FORGOTTEN * ages / 365.0).astype(np.float32)
        fresh = np.exp(-ages / HALF_YEAR).astype(np.float32)
        of_section = np.eye(n_sections, dtype=np.float32)[:, y]
        self.centres_ = (of_section * fresh) @ self.vectors_ + 0.5 * self.briefs_
        self.centres_ /= np.maximum(np.linalg.norm(self.centres_, axis=1, keepdims=True), 1e-9)
        recent = np.bincount(y, weights=np.exp(-ages / TWO_MONTHS), minlength=n_sections)
        # of a section that never ran nobody knows how often it will: as often as the others
        ran = np.bincount(y, minlength=n_sections) > 0
        self.priors_ = np.log(recent + 0.5)
        self.priors_[~ran] = self.priors_[ran].mean() if ran.any() else 0.0
        self.log_odds_ = {
            name: [TokenLogOdds(smoothing=1.0).fit(tokens[name], y == section) for section in range(n_sections)]
            for name in tokens
        }
        return self

    def transform(self, vectors: Floats, tokens: Tokens) -> NDArray[np.float64]:
        """Return signals of shape (n, n_sections, len(SIGNALS))."""
        centred = self._centred(vectors)
        signals = np.zeros((len(vectors), len(self.briefs_), len(SIGNALS)))
        for section in range(len(self.briefs_)):
            own = self.y_ == section
            # the brief stands for the picks of a section that never ran
            past, penalties = (self.vectors_[own], self.penalties_[own]) if own.any() else (self.briefs_[[section]], 0)
            near = centred @ past.T - penalties
            signals[:, section, : len(DEPTHS)] = _nearest_means(near)
            for name, records in self.log_odds_.items():
                signals[:, section, SIGNALS.index(name)] = records[section].transform(tokens[name])
        signals[:, :, SIGNALS.index("centre")] = centred @ self.centres_.T
        signals[:, :, SIGNALS.index("brief")] = centred @ self.briefs_.T
        signals[:, :, SIGNALS.index("prior")] = self.priors_
        return signals

    def _centred(self, vectors: Floats) -> NDArray[np.float32]:
        moved = vectors - self.mean_
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _nearness(signals: NDArray[np.float64]) -> NDArray[np.float64]:
    """How near each article stands to whatever section is nearest, by its past picks or its brief: shape (n,)."""
    pair = signals[:, :, [SIGNALS.index("near"), SIGNALS.index("brief")]]
    return np.asarray(pair.max(axis=(1, 2)))


def _nearest_means(similarities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean of the nearest, at each depth: shape (n, len(DEPTHS))."""
    deepest = max(DEPTHS)
    if similarities.shape[1] > deepest:
        similarities = -np.partition(-similarities, deepest, axis=1)[:, :deepest]
    best = -np.sort(-similarities, axis=1)
    return np.column_stack([best[:, :depth].mean(axis=1) for depth in DEPTHS])


def _conditional_logit(signals: NDArray[np.float64], y: NDArray[Any], C: float) -> NDArray[np.float64]:
    """Find the weights, shared by all sections, under which the sections that were chosen are most probable.

    A section that runs four times as often as another counts twice as much, so that the small ones are heard.

    References
    ----------
    McFadden (1974), conditional logit analysis of qualitative choice behavior.
    """
    rows = np.arange(len(y))
    heard = 1 / np.sqrt(np.bincount(y, minlength=signals.shape[1])[y])
    heard /= heard.mean()

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        logits = signals @ weights
        surplus = softmax(logits, axis=1)
        surplus[rows, y] -= 1
        value = -heard @ log_softmax(logits, axis=1)[rows, y] + weights @ weights / (2 * C)
        return float(value), np.einsum("n,nk,nkd->d", heard, surplus, signals) + weights / C

    return np.asarray(minimize(loss, np.zeros(signals.shape[2]), jac=True, method="L-BFGS-B").x)
