"""Rankers that ours must beat, in the words of the literature and of the peers. Arrays in, scores out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from models.examples import Floats

Rows = Sequence[int] | NDArray[np.intp]
NEIGHBOURS = 5
PSEUDO_ARTICLES = 2.0  # smoothing of a source's record, in articles at the average rate


def random_scores(n: int, seed: int) -> Floats:
    """Score by chance, the same chance for the same seed."""
    return np.random.default_rng(seed).random(n)


def mean_cosine(candidates: Floats, picks: Floats, neighbours: int = NEIGHBOURS) -> Floats:
    """Mean cosine to the nearest past picks; 0 where there is none (Digest Engine)."""
    if not len(picks):
        return np.zeros(len(candidates))
    cosines = candidates @ picks.T
    k = min(neighbours, len(picks))
    return np.asarray(np.partition(cosines, -k, axis=1)[:, -k:].mean(axis=1))


def source_prior(candidates: Sequence[str], sources: Sequence[str], y: NDArray[np.int_]) -> Floats:
    """Share of a source's articles that were picked, drawn to the average where they are few."""
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
    """Linear support vector machine on tf-idf of the titles (arxiv-sanity-lite, ASReview).

    Words are counted once for all texts. Each fit uses only the words and document frequencies of its own examples,
    so a later issue's words change no score, to the last bit.

    Parameters
    ----------
    C : float
        0.11 as in ASReview's default of 2025, 0.01 as in arxiv-sanity-lite.
    """

    def __init__(self, titles: Sequence[str], C: float = 0.11) -> None:
        self.counts = CountVectorizer(ngram_range=(1, 2)).fit_transform(titles).astype(np.float64)
        self.C = C

    def scores(self, examples: Rows, y: NDArray[np.int_], candidates: Rows) -> Floats:
        """Fit on rows of the titles with their labels, and score other rows."""
        counts = self.counts[list(examples)]
        known = np.flatnonzero(counts.getnnz(axis=0))
        svm = LinearSVC(C=self.C, class_weight="balanced", dual="auto", random_state=0, max_iter=5000)
        model = make_pipeline(TfidfTransformer(), svm).fit(counts[:, known], y)
        return np.asarray(model.decision_function(self.counts[list(candidates)][:, known]))
