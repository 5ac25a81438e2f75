"""Intervals of means over issues."""

import math

import numpy as np
import pytest
from scipy import stats

from models.intervals import Interval, bootstrap


def test_bootstrap_interval_holds_the_mean():
    """The interval of a constant is the constant; of a spread it lies on both sides."""
    constant = bootstrap([0.2] * 6 + [math.nan])
    assert (constant.low, constant.mean, constant.high) == pytest.approx((0.2, 0.2, 0.2))
    spread = bootstrap([0.0, 1.0] * 20)
    assert spread.low < 0.5 < spread.high
    assert bootstrap([0.0, 1.0] * 20) == spread


def test_few_issues_have_no_interval():
    """Of five values the mean is told, and why it has no interval; a sixth that is not measurable does not count."""
    found = bootstrap([0.1, 0.2, 0.3, 0.4, 0.5, math.nan])
    assert found.mean == pytest.approx(0.3)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert found.text() == "0.300 (no interval: fewer than 6 issues)"
    assert Interval.of({"mean": 0.3, "low": None}).text() == found.text()
    assert Interval.of({"mean": 0.3, "low": 0.1, "high": 0.6}).text("+.2f") == "+0.30 (+0.10 to +0.60)"
    assert bootstrap([]).text() == "–"


def test_intervals_equal_those_of_scipy():
    """The interval is scipy's percentile bootstrap, up to rounding."""
    values = np.random.default_rng(3).normal(size=40)
    expected = stats.bootstrap(
        (values,), np.mean, n_resamples=2000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    found = bootstrap(values)
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-12)
