"""The articles to rate are the most probable ones and one from each part of the rest."""

import numpy as np

from models.rating import rows_to_rate


def test_most_probable_and_one_of_each_part():
    """Seven of ten are the top; the other three come one from each of the three groups below."""
    top, groups = np.tile([1.0, 0, 0, 0], (7, 1)), np.repeat(np.eye(4)[1:], 20, axis=0)
    noise = 0.01 * np.random.default_rng(0).normal(size=(67, 4))
    vectors, scores = np.vstack([top, groups]) + noise, np.r_[np.arange(7, 0, -1), -np.ones(60)]
    chosen = rows_to_rate(scores, vectors, [f"{n:02}" for n in range(67)], 10)
    assert chosen[:7] == list(range(7))
    assert sorted((row - 7) // 20 for row in chosen[7:]) == [0, 1, 2]
    assert chosen == rows_to_rate(scores, vectors, [f"{n:02}" for n in range(67)], 10)


def test_fewer_than_wanted_and_equal_vectors():
    """Of five articles all are rated; equal ones are no trouble."""
    assert sorted(rows_to_rate(np.arange(5.0), np.eye(5), list("abcde"), 20)) == [0, 1, 2, 3, 4]
    assert len(rows_to_rate(np.zeros(40), np.ones((40, 3)), [f"{n:02}" for n in range(40)], 20)) == 20
    assert rows_to_rate(np.zeros(0), np.ones((0, 3)), [], 20) == []
