"""Measures, each against a case worked by hand."""

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, ndcg_score, roc_auc_score

from models import metrics as ev

# places 1, 3 and 6 of eight hold the picks
PICKED = np.array([1, 0, 1, 0, 0, 1, 0, 0], dtype=bool)


def test_average_precision_by_hand():
    """Picks at 1, 3, 6 have precisions 1/1, 2/3, 3/6."""
    assert ev.average_precision(PICKED) == pytest.approx((1 + 2 / 3 + 3 / 6) / 3)
    assert math.isnan(ev.average_precision(np.zeros(4, dtype=bool)))


def test_ndcg_by_hand():
    """Gains are discounted by log2(1 + place) and divided by the best order's sum."""
    best = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ev.ndcg(PICKED) == pytest.approx((1 / math.log2(2) + 1 / math.log2(4) + 1 / math.log2(7)) / best)
    assert ev.ndcg(PICKED, depth=2) == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_recall_and_r_precision_by_hand():
    """Two of the first three are picks; recall over all picks counts those that no source carried."""
    assert ev.r_precision(PICKED) == pytest.approx(2 / 3)
    assert ev.recall_at(PICKED, 5) == pytest.approx(2 / 3)
    assert ev.recall_at(PICKED, 5, n_picks=4) == pytest.approx(2 / 4)


def test_recall_curve_is_the_mean_over_issues():
    """By the first candidate one of two issues has its only pick, by the second both."""
    curve = ev.recall_curve([np.array([True, False]), np.array([False, True])])
    assert (len(curve), curve[:2], curve[-1], ev.recall_curve([])) == (100, [0.5, 1.0], 1.0, [])


def test_auc_by_hand():
    """Of 15 pairs, the pick at 3 loses to one other and the pick at 6 to three."""
    assert ev.auc(PICKED) == pytest.approx(11 / 15)
    assert math.isnan(ev.auc(np.ones(3, dtype=bool)))


def test_read_share_by_hand():
    """All three picks are needed for 95 %, and the third stands at six of eight."""
    assert ev.read_share(PICKED) == pytest.approx(6 / 8)
    assert ev.read_share(PICKED, share=0.5) == pytest.approx(3 / 8)


def test_issue_figures_keep_coverage_beside_recall():
    """An issue of six picks of which three were carried has a coverage of one half."""
    figures = ev.issue_figures(PICKED, 6)
    assert (figures["coverage"], figures["median_rank"]) == (0.5, 3.0)
    assert figures["recall@10_of_all"] == pytest.approx(figures["recall@10"] / 2)


def test_an_issue_without_picks_counts_in_no_mean():
    """Nothing was to be carried: its coverage is unknown, neither 0 nor 1, and the mean is that of the other issues."""
    none, half = ev.issue_figures(np.zeros(8, dtype=bool), 0), ev.issue_figures(PICKED, 6)
    assert math.isnan(none["coverage"])
    assert ev.mean_figures([none, half])["coverage"] == 0.5


def test_ties_are_broken_by_id():
    """Equal scores stand in the order of their ids, whatever the order they came in."""
    assert list(ev.ranked(np.array([0.5, 0.5, 0.9]), ["b", "a", "c"])) == [2, 1, 0]


def test_sections_by_hand():
    """Two of three are right at first sight, all within two; F1 is 2/3 and 2/3."""
    p = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1]])
    figures = ev.section_figures(["a", "b", "b"], p, ["a", "b", "c"])
    assert (figures["top1"], figures["top2"]) == (pytest.approx(2 / 3), 1.0)
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 2 / 3) / 2)


def test_calibration_error_by_hand():
    """Bins of 0.15 (none came) and 0.85 (half came) miss by 0.15 and 0.35."""
    error = ev.calibration_error(np.array([0.15, 0.15, 0.85, 0.85]), np.array([0, 0, 1, 0]))
    assert error == pytest.approx((0.15 + 0.35) / 2)
    assert ev.reliability(np.array([1.0]), np.array([1])) == [(1.0, 1.0, 1)]


def test_confusion_counts_rows_as_truth():
    """A pick of section a predicted as b is counted in row a, column b."""
    assert ev.confusion(["a", "a", "b"], ["a", "b", "b"], ["a", "b"]).tolist() == [[1, 1], [0, 1]]
    assert ev.confusion([], [], ["a", "b"]).tolist() == [[0, 0], [0, 0]]
    assert ev.confusion(["a", "a"], ["a", "a"], ["a"]).tolist() == [[2]]


def test_metrics_equal_those_of_scikit_learn():
    """Average precision, nDCG and AUC of random rankings differ from scikit-learn's by rounding alone."""
    rng = np.random.default_rng(0)
    for n in rng.integers(30, 300, 50):
        picked, scores = rng.permutation(np.arange(n) < max(1, n // 12)), -np.arange(n, dtype=float)
        assert ev.average_precision(picked) == pytest.approx(average_precision_score(picked, scores), abs=1e-12)
        assert ev.ndcg(picked) == pytest.approx(ndcg_score([picked], [scores], k=20), abs=1e-12)
        assert ev.auc(picked) == pytest.approx(roc_auc_score(picked, scores), abs=1e-12)
