"""When a challenger may take the champion's place."""

import numpy as np
import pytest

from models.promotion_gate import MIN_DECISIONS, decide_promotion, decision_surprise

FOUND = {"teams": [True] * 80 + [False] * 20, "software": [True] * 3}


def test_an_equal_challenger_is_promoted():
    """No loss is no reason to refuse: it has seen more."""
    found = decide_promotion([0.8] * 10, [0.8] * 10, FOUND, FOUND)
    assert found.promoted
    assert found.gain.mean == 0
    assert found.reasons[0].startswith("its order is as good: nDCG@20 changes by +0.000")


def test_a_likely_loss_is_refused():
    """The lower bound counts, not the mean: a gain that may be a loss is none."""
    rng = np.random.default_rng(0)
    champion = rng.uniform(0.6, 0.9, 10)
    unsteady = champion + np.array([0.2, -0.15] * 5)
    assert not decide_promotion(champion, unsteady, FOUND, FOUND).promoted
    better = decide_promotion(champion, champion + 0.005, FOUND, FOUND)
    assert better.promoted
    assert better.reasons[0].startswith("its order is better")


@pytest.mark.parametrize("figures", [[], [np.nan]])
def test_what_cannot_be_measured_is_said(figures):
    """Without one issue to measure on the champion stays, and the reason names no number."""
    found = decide_promotion(figures, figures, {}, {})
    assert not found.promoted
    assert found.reasons == ["the two cannot be compared, because no past issue picked one of its candidates"]


def test_few_issues_do_not_decide():
    """Of five issues there is no interval: the champion stays, and the number is said."""
    found = decide_promotion([0.5] * 5, [0.9] * 5, {}, {})
    assert not found.promoted
    assert found.reasons == [
        "the two cannot be compared, because only 5 of the past issues picked one of its candidates"
    ]
    assert decide_promotion([0.5] * 6, [0.9] * 6, {}, {}).promoted


def test_a_section_must_not_be_forgotten():
    """A drop of 0.05 in a section's recall passes, more does not, and the section is named with its counts."""
    assert decide_promotion([0.8] * 9, [0.9] * 9, FOUND, {**FOUND, "teams": [True] * 75 + [False] * 25}).promoted
    refused = decide_promotion([0.8] * 9, [0.9] * 9, FOUND, {**FOUND, "teams": [True] * 74 + [False] * 26})
    assert not refused.promoted
    assert refused.reasons == ["it finds 74 of the 100 picks in teams, where 80 were found"]


@pytest.mark.parametrize(("found", "promoted"), [(2, True), (1, False)])
def test_one_pick_of_a_small_section_may_be_chance(found, promoted):
    """Of three picks one fewer is a third, and says nothing; two fewer do."""
    given = decide_promotion([0.8] * 9, [0.9] * 9, FOUND, {**FOUND, "software": [n < found for n in range(3)]})
    assert given.promoted == promoted


@pytest.fixture
def world():
    """Past scores that keep their promise, and new articles with what the editor would honestly say."""
    rng = np.random.default_rng(1)
    past, new = rng.beta(0.4, 2.5, 1000), rng.beta(0.4, 2.5, 60)
    return past, rng.random(1000) < past, new, rng.random(60) < new


def test_honest_decisions_do_not_astonish(world):
    """Decisions as likely as promised stay within the allowance, also where the ranker promises too much."""
    past, came, new, said = world
    assert decision_surprise(past, came, new, said) < 2
    assert decision_surprise(np.sqrt(past), came, np.sqrt(new), said) == pytest.approx(
        decision_surprise(past, came, new, said), abs=0.5
    )


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5])
def test_flipped_decisions_astonish(world, share):
    """From a fifth of the decisions flipped on, the gate refuses."""
    past, came, new, said = world
    flipped = said ^ (np.random.default_rng(2).permutation(60) < share * 60)
    found = decision_surprise(past, came, new, flipped)
    assert found > 3
    assert not decide_promotion([0.8] * 9, [0.8] * 9, FOUND, FOUND, found).promoted


def test_a_handful_of_decisions_says_nothing(world):
    """Too few to judge are not judged."""
    past, came, new, said = world
    few = MIN_DECISIONS - 1
    assert decision_surprise(past, came, new[:few], ~said[:few]) == 0.0


def test_one_wrong_click_is_no_contradiction():
    """Of ten articles like none that was ever picked one is: chance is taken as 2 %, and the excess is 1.81 by hand."""
    past, came = np.array([0.1] * 90 + [0.9] * 10), np.array([False] * 90 + [True] * 10)
    found = decision_surprise(past, came, np.full(10, 0.1), np.array([True] + [False] * 9))
    assert found == pytest.approx(1.807, abs=0.001)
