"""Scores that move with each label agree with a model that is fitted anew."""

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import spearmanr
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from models.features import Examples
from models.live import LiveLogits

SOURCES = ("a.example", "b.example", "c.example")


def examples(rng: np.random.Generator, n: int, d: int = 16) -> Examples:
    vectors = rng.normal(size=(n, d))
    return Examples(
        titles=[f"story {i}" for i in range(n)],
        vectors=vectors / np.linalg.norm(vectors, axis=1, keepdims=True),
        sources=rng.choice(SOURCES, n).tolist(),
    )


def matrix(rows: Examples) -> np.ndarray:
    sources = [[float(source == s) for s in SOURCES] for source in rows.sources]
    return np.hstack([2 * rows.vectors, sources])


@pytest.fixture
def world():
    """A fitted logistic regression, the same curvature as LiveLogits, and candidates it has not seen."""
    rng = np.random.default_rng(7)
    seen, candidates = examples(rng, 600), examples(rng, 200)
    weights = rng.normal(size=matrix(seen).shape[1])
    y = rng.random(600) < expit(matrix(seen) @ weights - 1)
    truth = rng.random(200) < expit(matrix(candidates) @ weights - 1)
    model = LogisticRegression(C=3.0, fit_intercept=False, max_iter=1000).fit(matrix(seen), y)
    live = LiveLogits(strength=3.0).fit(
        seen,
        model.decision_function(matrix(seen)),
        np.ones(600),
        candidates,
        model.decision_function(matrix(candidates)),
    )
    return seen, y, candidates, truth, model, live


def test_order_is_that_of_a_full_refit(world):
    """After fifty labels the candidates stand as if the model had been fitted anew on all of them."""
    seen, y, candidates, truth, model, live = world
    rows = np.arange(50)
    anew = clone(model).fit(np.vstack([matrix(seen), matrix(candidates)[rows]]), np.append(y, truth[rows]))
    logits = live.after(rows, truth[rows])
    assert spearmanr(logits, anew.decision_function(matrix(candidates))).statistic >= 0.99
    assert np.abs(logits - anew.decision_function(matrix(candidates))).max() < 0.25


def test_labels_do_not_depend_on_their_order(world):
    """What is learned follows from what stands decided, not from the way there; nothing decided, nothing learned."""
    *_, live = world
    assert live.after([3, 5], [1, 0]) == pytest.approx(live.after([5, 3], [0, 1]))
    assert live.after([], []) == pytest.approx(live.means_)


def test_skip_lowers_its_like_and_little_else(world):
    """A story that is the skipped one's twin falls far, one at a right angle hardly."""
    *_, live = world
    twin = Examples(titles=["twin"], vectors=np.eye(16)[:1], sources=["a.example"])
    other = Examples(titles=["other"], vectors=np.eye(16)[1:2], sources=["z.example"])
    first = len(live.means_)
    for example in (twin, twin, other):
        live.extend(example, np.zeros(1))
    fall = live.after([first], [0])[first:] - live.means_[first:]
    assert fall[1] == pytest.approx(fall[0])
    assert fall[1] < -0.1
    assert abs(fall[2]) < abs(fall[1]) / 3


def test_doubt_shrinks_with_what_was_seen(world):
    """The more the ranker was fitted on, the less a label may move it."""
    seen, _, candidates, *_, live = world
    few = LiveLogits(strength=3.0).fit(seen.take(slice(60)), np.zeros(60), np.ones(60), candidates, live.means_)
    assert (live.doubt() < few.doubt()).all()
    assert (live.doubt() > 0).all()
