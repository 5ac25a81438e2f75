"""The estimate of what is left to find is the one that probability gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from models.remaining_picks import number_of_picks, remaining


def test_number_of_picks_by_hand():
    """Of two stories with chances 1/2 and 1/4: none 3/8, one 4/8, both 1/8."""
    assert number_of_picks([0.5, 0.25]) == pytest.approx([3 / 8, 4 / 8, 1 / 8])


def test_equal_chances_give_a_binomial():
    """With one chance for all, the distribution is the binomial."""
    assert number_of_picks([0.2] * 30) == pytest.approx(binom.pmf(np.arange(31), 30, 0.2))


@given(st.lists(st.floats(0, 1), max_size=40))
def test_interval_holds_nine_tenths(probabilities):
    """The interval lies within what is possible and holds at least nine tenths of the mass."""
    left = remaining(probabilities)
    mass = number_of_picks(probabilities)
    assert 0 <= left.low <= left.high <= len(probabilities)
    assert mass[left.low : left.high + 1].sum() >= 0.9 - 1e-9


def test_interval_allows_for_a_generous_week():
    """Stories of one week are picked or passed over together, so the interval is wider than a binomial's."""
    left = remaining([0.1] * 130)
    assert left.low < binom.ppf(0.05, 130, 0.1)
    assert left.high > binom.ppf(0.95, 130, 0.1)


def test_nothing_left_is_said():
    """With no story left there is nothing to find."""
    assert (remaining([]).expected, remaining([]).low, remaining([]).high) == (0.0, 0, 0)
