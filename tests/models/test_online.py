"""Scores that move with each label agree with a ranker that is fitted anew."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.base import clone

from models.examples import Examples
from models.online import OnlineRanker, refit
from models.relevance import RelevanceRanker

WORDS = [f"word{n}" for n in range(400)]
THEMES, WIDTH = 12, 32


def invent(rng: np.random.Generator, n: int, days: np.ndarray, name: str) -> tuple[Examples, np.ndarray]:
    """Invent n articles about themes, with words and sources of their own, and say which an editor would pick."""
    theme = rng.integers(THEMES, size=n)
    vectors = np.eye(WIDTH)[theme] + 0.25 * rng.normal(size=(n, WIDTH))
    examples = Examples(
        titles=[" ".join(rng.choice(WORDS[t * 20 : t * 20 + 60], 7)) for t in theme],
        vectors=(vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        sources=[f"site{(t * 3 + rng.integers(8)) % 40}.example" for t in theme],
        urls=[f"https://x.example/{name}/{i}" for i in range(n)],
        days=days,
    )
    return examples, (rng.random(n) < np.where(theme < 3, 0.6, 0.05)).astype(int)


@pytest.fixture(scope="module")
def world():
    """A ranker that knows two years, tonight's candidates, and what the editor thinks of them."""
    rng = np.random.default_rng(7)
    seen, y = invent(rng, 3000, np.sort(rng.integers(700, size=3000)).astype(float), "old")
    candidates, truth = invent(rng, 300, np.full(300, 701.0), "new")
    ranker = RelevanceRanker().fit(seen, y)
    return seen, y, candidates, truth, ranker, OnlineRanker().fit(ranker, candidates)


def anew(world, rows, labels) -> np.ndarray:
    """Scores of the candidates by a ranker that is fitted on all that is known."""
    seen, y, candidates, _, ranker, _ = world
    result = Examples.concatenate([seen, candidates.take(rows)])
    return clone(ranker).fit(result, np.append(y, labels)).decision_function(candidates)


def test_nothing_decided_nothing_moves(world):
    """Before the first decision the scores are the ranker's own."""
    _, _, candidates, _, ranker, live = world
    assert live.scores_given([], []) == pytest.approx(ranker.decision_function(candidates), abs=1e-5)


def test_order_is_that_of_a_full_refit(world):
    """After forty decisions the undecided stand as if the ranker had been fitted anew."""
    *_, truth, _, live = world
    rows = np.arange(40)
    left = np.setdiff1d(np.arange(300), rows)
    moved, refitted = live.scores_given(rows, truth[rows])[left], anew(world, rows, truth[rows])[left]
    assert spearmanr(moved, refitted).statistic >= 0.99


def test_skips_lower_what_is_like_them(world):
    """Ten skips of one theme lower the rest of it, and all stand as after a full refit."""
    _, _, candidates, _, _, live = world
    theme = np.flatnonzero(np.asarray(candidates.vectors)[:, 0] > 0.5)
    skipped, rest = theme[:10], theme[10:]
    fall = live.scores_given(skipped, np.zeros(10)) - live.scores_given([], [])
    assert fall[rest].mean() < fall[np.setdiff1d(np.arange(300), theme)].mean() - 0.07  # the least of eight seeds
    left = np.setdiff1d(np.arange(300), skipped)
    refitted = anew(world, skipped, np.zeros(10))
    assert spearmanr(live.scores_given(skipped, np.zeros(10))[left], refitted[left]).statistic >= 0.98


def test_labels_do_not_depend_on_their_order(world):
    """What is learned follows from what stands decided, not from the way there."""
    *_, live = world
    assert live.scores_given([3, 5], [1, 0]) == pytest.approx(live.scores_given([5, 3], [0, 1]))


def test_label_of_tonights_own_article_replaces_its_silence(world):
    """On a first day tonight's candidates are the unlabelled side: a pick then stops counting as passed over."""
    seen, y, candidates, truth, *_ = world
    context = Examples.concatenate([seen, candidates])
    ranker = RelevanceRanker().fit(context, np.append(y, np.zeros(300, int)))
    rows = np.arange(20)
    labels = np.append(y, np.zeros(300, int))
    labels[3000:3020] = truth[:20]
    refitted = clone(ranker).fit(context, labels).decision_function(candidates)
    live = OnlineRanker().fit(ranker, candidates).scores_given(rows, truth[:20])
    assert spearmanr(live[20:], refitted[20:]).statistic >= 0.99


def test_stranger_is_new_and_twin_is_not(world):
    """What resembles something already judged is no discovery."""
    seen, _, candidates, _, ranker, _ = world
    twin = Examples(titles=["twin"], vectors=np.asarray(seen.vectors)[:1])
    novelty = OnlineRanker().fit(ranker, candidates).extend(twin).novelty()
    assert novelty[-1] == pytest.approx(0, abs=1e-5)
    assert novelty.max() > 0.1


def first_week(seed: int) -> tuple[Examples, np.ndarray, RelevanceRanker]:
    """Tonight's candidates of a newsletter without past issues, what its editor thinks of them, and its ranker."""
    rng = np.random.default_rng(seed)
    candidates, truth = invent(rng, 150, np.full(150, 1.0), "first")
    return candidates, truth, RelevanceRanker().fit(candidates, np.zeros(150), np.full(150, 0.5))


def test_two_decisions_move_a_first_list():
    """One pick and one skip are enough to change the order, and taking them back restores it."""
    candidates, truth, ranker = first_week(0)
    live = OnlineRanker().fit(ranker, candidates)
    rows = [int(np.argmax(truth == 1)), int(np.argmax(truth == 0))]
    before, after = live.scores_given([], []), live.scores_given(rows, truth[rows])
    places = [np.argsort(np.argsort(-scores)) for scores in (before, after)]
    assert np.mean(places[0] != places[1]) > 0.5
    assert np.array_equal(live.scores_given(rows[::-1], truth[rows[::-1]]).round(9), after.round(9))
    assert np.array_equal(live.scores_given([], []), before)


def test_refit_by_hand():
    """One pick with one feature of 1, prior 0 with deviation 1: weight and bias w solve w = 1 - expit(2 w)."""
    weights, bias = refit(np.array([[1.0]]), np.array([1.0]), np.array([0.0]), 0.0, 1.0)
    assert weights[0] == pytest.approx(bias)
    assert bias == pytest.approx(1 - 1 / (1 + np.exp(-2 * bias)))


def test_refit_without_leeway_keeps_the_weights():
    """The narrower the prior, the less the labels move the weights; nothing diverges on extreme features."""
    rng = np.random.default_rng(3)
    features, y = rng.choice([-5.0, 5.0], size=(60, 16)), rng.integers(2, size=60).astype(float)
    away = [np.abs(refit(features, y, np.ones(16), -2.0, scale)[0] - 1).max() for scale in (1e-4, 0.4, 4.0)]
    assert away == sorted(away)
    assert away[0] < 1e-3
    assert np.isfinite(away).all()


def test_few_labels_move_weights_only_where_asked():
    """With leeway the labels of a first list change the weights; undone, the scores are the ranker's again."""
    candidates, truth, ranker = first_week(1)
    live, still = OnlineRanker(0.4).fit(ranker, candidates), OnlineRanker().fit(ranker, candidates)
    rows = np.arange(12)
    assert not np.allclose(live.scores_given(rows, truth[rows]), still.scores_given(rows, truth[rows]))
    assert np.array_equal(live.scores_given(rows, truth[rows]), live.scores_given(rows[::-1], truth[rows[::-1]]))
    assert np.array_equal(live.scores_given([], []), still.scores_given([], []))
