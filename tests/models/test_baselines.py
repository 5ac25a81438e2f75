"""The rankers that ours must beat, each against a small case."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from models import baselines


def test_chance_is_the_same_every_time():
    """The same seed gives the same order, another seed another."""
    assert np.array_equal(baselines.random_scores(5, 7), baselines.random_scores(5, 7))
    assert not np.array_equal(baselines.random_scores(5, 7), baselines.random_scores(5, 8))


def test_mean_cosine_by_hand():
    """The mean of the two nearest of three picks."""
    picks = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]])
    assert baselines.mean_cosine(np.array([[1.0, 0.0]]), picks, 2) == pytest.approx([(1 + 0.6) / 2])
    assert baselines.mean_cosine(picks, picks[:0]).tolist() == [0, 0, 0]


def test_source_prior_by_hand():
    """One of two picked, average 1/4: (1 + 2/4) / (2 + 2); an unknown source gets the average."""
    scores = baselines.source_prior(["a", "z"], ["a", "a", "b", "b"], np.array([1, 0, 0, 0]))
    assert scores == pytest.approx([(1 + 0.5) / 4, 0.25])


def test_shared_counts_equal_a_fit_of_the_past_alone():
    """Counting all words once gives the scores of a vectoriser that saw the past alone: nothing leaks."""
    titles = ["red apples rot", "green apples grow", "blue cars drive", "fast cars crash", "red cars from tomorrow"]
    y = np.array([1, 1, 0, 0])
    vectoriser = TfidfVectorizer(ngram_range=(1, 2)).fit(titles[:4])
    model = LinearSVC(C=0.11, class_weight="balanced", dual="auto", random_state=0, max_iter=5000)
    model.fit(vectoriser.transform(titles[:4]), y)
    expected = model.decision_function(vectoriser.transform(titles[4:]))
    assert baselines.TfidfSvm(titles).scores(range(4), y, [4]) == pytest.approx(expected, abs=1e-6)
