"""P(section | article) for any list of sections: a conditional logit on features of each article and section."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, softmax
from sklearn.base import BaseEstimator, ClassifierMixin

from models.conditional_logit import conditional_logit
from models.examples import Briefs, Examples, Floats
from models.features import TokenFeatures, Tokens
from models.section_features import DEPTHS, FEATURES, MIN_PICKS, TOKEN_VIEWS, SectionFeatures
from models.time_blocks import blocks_of_days
from models.title_patterns import match_patterns

NO_SECTION = ""  # the class "fits no section"
DEFAULT_WEIGHTS = np.array([1.0, 3.0, 2.0, 3.0, 4.0, 0.3, 0.6, 0.6, 1.0])  # used while there are too few past picks
N_LATEST = 400  # out-of-time picks on which the intercepts of the sections are fitted
INTERCEPT_C = 0.1  # inverse regularisation strength of the intercepts, chosen with N_LATEST on issues 21-100
NO_SECTION_SHARE = 0.01  # of past picks, the share that is as far from every section as an article without one
AS_SIMILAR_AS_BRIEF = np.array([[1.0] * len(DEPTHS), [0.0] * len(DEPTHS)])  # slope and intercept at each depth
DEFAULT_THRESHOLD, DEFAULT_WIDTH = 0.0, 0.05  # similarity at which NO_SECTION has probability 1/2, and its scale


class SectionClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Conditional logit on the similarity of an article to each section's past picks and its brief.

    The weights are shared by all sections, so a section with few past picks, or none, needs no weights of its own.
    They are fitted out of time: the features of past picks are computed from the picks before them. Each section has an
    intercept beside them, fitted on the latest of these picks, so that sections are predicted as often as they now run.

    Parameters
    ----------
    without : tuple of str
        Feature groups to leave out, of `features.GROUP_OF_VIEW`.
    n_out_of_time : int
        Number of the latest picks on which the weights are fitted.
    n_splits : int
        Number of blocks into which they are split.
    C : float
        Inverse regularisation strength of the weights.

    Attributes
    ----------
    classes_ : array of shape (n_sections + 1,)
        Section keys in the order of the briefs, then NO_SECTION.
    section_keys_ : list of str
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

    def fit(
        self, examples: Examples, section_keys: Sequence[str], briefs: Briefs, is_title: Sequence[bool] = ()
    ) -> Self:
        """Learn from past picks and the section of each.

        Parameters
        ----------
        examples : Examples of n past picks; n may be 0
        section_keys : sequence of n keys; picks of sections that `briefs` does not list are left out
        briefs : Briefs of the newsletter's sections
        is_title : sequence of n bool, optional
            Which picks say how often their section runs a story: not links inside prose. Default, or if none does: all.
        """
        self.section_keys_ = list(briefs.keys)
        self.classes_ = np.array([*briefs.keys, NO_SECTION])
        picks, days, y, known = _in_time_order(examples, section_keys, briefs)
        self.token_features_ = TokenFeatures(without=self.without, names=TOKEN_VIEWS)
        tokens = {**self.token_features_.fit_transform(picks), "patterns": match_patterns(picks.titles)}
        self.extractor_ = SectionFeatures().fit(picks.vectors, tokens, days, y, briefs.vectors)
        self.scale_, self.weights_ = np.ones(len(FEATURES)), DEFAULT_WEIGHTS
        self.intercepts_ = np.zeros(len(briefs.keys))
        self.threshold_, self.width_ = DEFAULT_THRESHOLD, DEFAULT_WIDTH
        self.nearest_by_brief_ = AS_SIMILAR_AS_BRIEF
        features, is_empty, sections = self._out_of_time_features(picks.vectors, tokens, days, y, briefs)
        if len(sections) >= MIN_PICKS:
            self.nearest_by_brief_ = _nearest_by_brief(features, is_empty)
            self._learn_threshold(features, is_empty)
            features = _impute(features, is_empty, self.nearest_by_brief_)
            self._learn_weights(features, sections, np.unique(y))
            counted = np.asarray(is_title or [True] * len(examples))[known][-len(sections) :]
            counted |= not counted.any()
            self._learn_intercepts(features[counted][-N_LATEST:], sections[counted][-N_LATEST:])
        return self

    def predict(self, examples: Examples) -> NDArray[np.str_]:
        """Return the most probable class of n articles, a section key or NO_SECTION: shape (n,)."""
        return np.asarray(self.classes_[self.predict_proba(examples).argmax(axis=1)])

    def predict_proba(self, examples: Examples) -> NDArray[np.float64]:
        """Return the probability of each of `classes_`: shape (n, n_sections + 1). Rows sum to 1."""
        sections = self.section_probabilities(examples)
        return np.column_stack([sections, np.maximum(1 - sections.sum(axis=1), 0)])

    def section_probabilities(self, examples: Examples) -> NDArray[np.float64]:
        """Return the probability of each of `section_keys_`: shape (n, n_sections).

        The rest of a row to 1 is the probability of NO_SECTION.
        """
        tokens = {**self.token_features_.transform(examples), "patterns": match_patterns(examples.titles)}
        features = self.extractor_.transform(examples.vectors, tokens)
        is_empty = np.broadcast_to(self.extractor_.is_empty_, features.shape[:2])
        features = _impute(features, is_empty, self.nearest_by_brief_)
        has_section = expit((_best_similarity(features) - self.threshold_) / self.width_)
        return np.asarray(softmax(self._logits(features), axis=1) * has_section[:, None])

    def _logits(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(features / self.scale_ @ self.weights_ + self.intercepts_)

    def _learn_weights(self, features: NDArray[np.float64], y: NDArray[Any], used: NDArray[Any]) -> None:
        """Fit the weights; sections outside `used` were never a possible choice.

        A pick counts in inverse proportion to the square root of its section's number of picks, so that small sections
        are not ignored.
        """
        self.scale_ = np.maximum(features.std(axis=(0, 1)), 1e-6)
        sample_weight = 1 / np.sqrt(np.bincount(y)[y])
        self.weights_ = conditional_logit(
            features[:, used] / self.scale_,
            np.searchsorted(used, y),
            self.C,
            sample_weight=sample_weight / sample_weight.mean(),
        )

    def _learn_threshold(self, features: NDArray[np.float64], is_empty: NDArray[np.bool_]) -> None:
        """Set how similar an article is to its nearest section, of those that have picks, where it has one."""
        similarity = _best_similarity(np.where(is_empty[:, :, None], -np.inf, features))
        self.threshold_ = float(np.quantile(similarity, NO_SECTION_SHARE))
        self.width_ = float(max(similarity.std() / 4, 1e-3))

    def _learn_intercepts(self, features: NDArray[np.float64], y: NDArray[Any]) -> None:
        """Fit an intercept for each section of these picks, beside the weights; the others keep the mean, 0."""
        used = np.unique(y)
        logits = self._logits(features)[:, used]
        is_section = np.broadcast_to(np.eye(len(used)), (*logits.shape, len(used)))
        self.intercepts_[used] = conditional_logit(is_section, np.searchsorted(used, y), INTERCEPT_C, offset=logits)

    def _out_of_time_features(
        self, vectors: Floats, tokens: Tokens, days: Floats, y: NDArray[Any], briefs: Briefs
    ) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[Any]]:
        """Return the features of the latest picks, each from the picks before its block, and their sections.

        The second array, of shape (n, n_sections), says which sections had no pick before.
        """
        n = len(y)
        features, sections = [np.zeros((0, len(briefs.keys), len(FEATURES)))], [y[:0]]
        is_empty = [np.zeros((0, len(briefs.keys)), dtype=bool)]
        for start, end in blocks_of_days(days, max(n - self.n_out_of_time, n // 3), self.n_splits):
            if start < MIN_PICKS:
                continue
            before = {name: matrix[:start] for name, matrix in tokens.items()}
            extractor = SectionFeatures().fit(vectors[:start], before, days[:start], y[:start], briefs.vectors)
            features.append(extractor.transform(vectors[start:end], {k: m[start:end] for k, m in tokens.items()}))
            is_empty.append(np.tile(extractor.is_empty_, (end - start, 1)))
            sections.append(y[start:end])
        return np.concatenate(features), np.concatenate(is_empty), np.concatenate(sections)


def _in_time_order(
    examples: Examples, section_keys: Sequence[str], briefs: Briefs
) -> tuple[Examples, Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Return the picks of known sections, oldest first, with their days, their sections' positions and their rows."""
    position = {key: n for n, key in enumerate(briefs.keys)}
    known = [n for n, key in enumerate(section_keys) if key in position]
    days = np.nan_to_num(np.asarray(examples.days, dtype=float)[known], nan=0.0)
    order = np.argsort(days, kind="stable")
    y = np.array([position[section_keys[n]] for n in known], dtype=np.intp)
    rows = np.array(known, dtype=np.intp)[order]
    return examples.take(rows), days[order], y[order], rows


def _nearest_by_brief(features: NDArray[np.float64], is_empty: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Fit how similar an article is to a section's nearest picks, by how similar it is to its brief.

    Returns
    -------
    array of shape (2, len(DEPTHS))
        Slope and intercept at each depth, over all pairs of an article and a section with picks.
    """
    pairs = features[~is_empty]
    brief = pairs[:, FEATURES.index("brief")]
    slope_and_intercept = np.polyfit(brief, pairs[:, : len(DEPTHS)], 1)
    return np.asarray(slope_and_intercept) if slope_and_intercept[0].min() > 0 else AS_SIMILAR_AS_BRIEF


def _impute(
    features: NDArray[np.float64], is_empty: NDArray[np.bool_], nearest_by_brief: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return features in which sections without picks have the similarity to picks that their brief predicts.

    The nearest of many picks is nearer than a brief: compared by their briefs alone, new sections would always lose,
    and their articles would fit none.
    """
    slope, intercept = nearest_by_brief
    imputed = features.copy()
    brief = features[is_empty][:, [FEATURES.index("brief")]]
    imputed[is_empty, : len(DEPTHS)] = intercept + slope * brief
    return imputed


def _best_similarity(features: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each article's similarity to its nearest section, by past picks or brief: shape (n,)."""
    pair = features[:, :, [FEATURES.index("nearest3"), FEATURES.index("brief")]]
    return np.asarray(pair.max(axis=(1, 2)))
