"""Baseline rankers that a replay compares ours with."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from models.examples import Floats

Rows = Sequence[int] | NDArray[np.intp]
NEIGHBOURS = 5
SVM_C = 0.11  # ASReview's default of 2025
PSEUDO_ARTICLES = 2.0  # smoothing of a source's rate: pseudo-counts at the average rate


def random_scores(n: int, seed: int) -> Floats:
    """Return uniform random scores."""
    return np.random.default_rng(seed).random(n)


def mean_cosine(candidates: Floats, picks: Floats, neighbours: int = NEIGHBOURS) -> Floats:
    """Return the mean cosine to the nearest past picks (as Digest Engine does); 0 where there is none."""
    if not len(picks):
        return np.zeros(len(candidates))
    cosines = candidates @ picks.T
    k = min(neighbours, len(picks))
    return np.asarray(np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1))


def source_prior(candidates: Sequence[str], sources: Sequence[str], y: NDArray[np.int_]) -> Floats:
    """Return the smoothed share of each candidate's source that was picked before.

    Parameters
    ----------
    candidates : sequence of str, length n
        The candidates' sources.
    sources : sequence of str, length m
        The sources of past articles.
    y : array of shape (m,)
        1 for past picks, else 0.
    """
    average = float(np.mean(y)) if len(y) else 0.0
    seen: dict[str, int] = {}
    picked: dict[str, int] = {}
    for source, label in zip(sources, y, strict=True):
        seen[source] = seen.get(source, 0) + 1
        picked[source] = picked.get(source, 0) + int(label)
    return np.array(
        [(picked.get(s, 0) + PSEUDO_ARTICLES * average) / (seen.get(s, 0) + PSEUDO_ARTICLES) for s in candidates]
    )


class TfidfSvm:
    """Linear support vector machine on tf-idf of the titles (as arxiv-sanity-lite and ASReview do).

    Words are counted once for all texts. Each fit uses the vocabulary and document frequencies of its own examples
    alone, so nothing of later issues leaks into a score.

    Parameters
    ----------
    titles : sequence of str
        All titles that `scores` refers to by row.
    """

    def __init__(self, titles: Sequence[str]) -> None:
        self.counts = CountVectorizer(ngram_range=(1, 2)).fit_transform(titles).astype(np.float64)

    def scores(self, examples: Rows, y: NDArray[np.int_], candidates: Rows) -> Floats:
        """Fit on some rows of the titles with their labels, and return the scores of other rows."""
        counts = self.counts[list(examples)]
        known = np.flatnonzero(counts.getnnz(axis=0))
        svm = LinearSVC(C=SVM_C, class_weight="balanced", dual="auto", random_state=0, max_iter=5000)
        model = make_pipeline(TfidfTransformer(), svm).fit(counts[:, known], y)
        return np.asarray(model.decision_function(self.counts[list(candidates)][:, known]))
