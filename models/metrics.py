"""Metrics of rankings and of section probabilities.

Every ranking metric takes `picked`, the labels of one issue's candidates in ranked order, best first. Average
precision, nDCG and AUC differ from scikit-learn's in the last digit alone (tested). They are our own so that recorded
figures stay comparable, and because the nightly step `rank` imports this module and sklearn.metrics takes two seconds
to import. Functions that only a replay calls import scikit-learn where they use it.
"""

from collections.abc import Mapping, Sequence

import numpy as np

DEPTHS = (10, 25, 50)
NDCG_DEPTH = 20
READ_SHARE = 0.95
BINS = 10  # of probability, equally wide


def ranked(scores: np.ndarray, ids: Sequence[str]) -> np.ndarray:
    """Return the rows of the candidates, highest score first; ties are ordered by id.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Higher is better.
    ids : sequence of str, length n
    """
    return np.lexsort((np.asarray(ids), -np.asarray(scores, dtype=float)))


def average_precision(picked: np.ndarray) -> float:
    """Return the mean over the picks of the precision at the rank of each; nan without picks."""
    ranks = np.flatnonzero(picked) + 1
    return float(np.mean(np.arange(1, len(ranks) + 1) / ranks)) if len(ranks) else np.nan


def ndcg(picked: np.ndarray, depth: int = NDCG_DEPTH) -> float:
    """Return the normalised discounted cumulative gain at `depth`, with binary gains; nan without picks."""
    n_picks = int(np.sum(picked))
    if not n_picks:
        return np.nan
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    gains = np.asarray(picked[:depth], dtype=float)
    return float(gains @ discounts[: len(gains)] / discounts[: min(n_picks, depth)].sum())


def r_precision(picked: np.ndarray) -> float:
    """Return the precision at R, where R is the number of picks; nan without picks."""
    n_picks = int(np.sum(picked))
    return float(np.mean(picked[:n_picks])) if n_picks else np.nan


def recall_at(picked: np.ndarray, depth: int, n_picks: int | None = None) -> float:
    """Return the share of the picks ranked within `depth`; nan without picks.

    Parameters
    ----------
    n_picks : int, optional
        Number of picks of the issue, those that were no candidates included; default: those among the candidates.
    """
    total = int(np.sum(picked)) if n_picks is None else n_picks
    return float(np.sum(picked[:depth]) / total) if total else np.nan


def recall_curve(picked: Sequence[np.ndarray]) -> list[float]:
    """Return the mean share of the picks of several issues ranked within 1, 2, … 100; [] without issues."""
    shares = [[recall_at(of_issue, k) for k in range(1, 101)] for of_issue in picked]
    return [float(value) for value in np.mean(shares, axis=0)] if shares else []


def auc(picked: np.ndarray) -> float:
    """Return the area under the ROC curve; nan without picks, or without others."""
    positions = np.flatnonzero(picked)
    n_picks, n_others = len(positions), len(picked) - len(positions)
    if not n_picks or not n_others:
        return np.nan
    others_above = positions - np.arange(n_picks)
    return float(1 - others_above.sum() / (n_picks * n_others))


def read_share(picked: np.ndarray, share: float = READ_SHARE) -> float:
    """Return the share of the candidates to read, best first, to find `share` of the picks; nan without picks."""
    ranks = np.flatnonzero(picked) + 1
    if not len(ranks):
        return np.nan
    needed = int(np.ceil(share * len(ranks) - 1e-9))
    return float(ranks[needed - 1] / len(picked))


def issue_figures(picked: np.ndarray, n_picks: int) -> dict[str, float]:
    """Return all ranking metrics of one issue.

    Parameters
    ----------
    picked : ndarray of shape (n,), bool
        Labels of the candidates, best first.
    n_picks : int
        Number of picks of the issue, those that were no candidates included.

    Returns
    -------
    dict
        Metric → value; nan where the issue has no pick among its candidates.
    """
    picked = np.asarray(picked, dtype=bool)
    ranks = np.flatnonzero(picked) + 1
    figures = {
        "candidates": float(len(picked)),
        "picks": float(n_picks),
        "covered": float(len(ranks)),
        "coverage": len(ranks) / n_picks if n_picks else np.nan,
        "ap": average_precision(picked),
        "ndcg@20": ndcg(picked),
        "r_precision": r_precision(picked),
    }
    figures |= {f"recall@{k}": recall_at(picked, k) for k in DEPTHS}
    figures |= {f"recall@{k}_of_all": recall_at(picked, k, n_picks) for k in DEPTHS}
    return figures | {
        "auc": auc(picked),
        "read95": read_share(picked),
        "median_rank": float(np.median(ranks)) if len(ranks) else np.nan,
    }


def mean_figures(per_issue: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of each metric over the issues where it is not nan."""
    return {name: _mean([figures[name] for figures in per_issue]) for name in (per_issue[0] if per_issue else ())}


def section_figures(truth: Sequence[str], probabilities: np.ndarray, sections: Sequence[str]) -> dict[str, float]:
    """Return the metrics of section probabilities.

    Parameters
    ----------
    truth : sequence of str, length n
        The section of each pick.
    probabilities : ndarray of shape (n, n_sections)
    sections : sequence of str, length n_sections
        The keys of the columns.

    Returns
    -------
    dict
        top1, top2: share of picks whose section is the most probable, or among the two most probable.
        macro_f1: mean F1 over the sections that occur in `truth`.
        calibration_error: of the most probable section.
    """
    if not len(truth):
        return dict.fromkeys(("top1", "top2", "macro_f1", "calibration_error"), np.nan)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    names = np.asarray(sections)
    best_two = names[order[:, :2]]
    true = np.asarray(truth)
    correct = best_two[:, 0] == true
    return {
        "top1": float(correct.mean()),
        "top2": float((best_two == true[:, None]).any(axis=1).mean()),
        "macro_f1": macro_f1(true, best_two[:, 0]),
        "calibration_error": calibration_error(probabilities.max(axis=1), correct),
    }


def macro_f1(truth: np.ndarray, predicted: np.ndarray) -> float:
    """Return the mean F1 over the classes that occur in `truth`; 0 for a class never predicted."""
    from sklearn.metrics import f1_score

    return float(f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0))


def reliability(probabilities: np.ndarray, outcomes: np.ndarray) -> list[tuple[float, float, int]]:
    """Return a reliability table over BINS bins of probability.

    scikit-learn's `calibration_curve` gives no counts, which `calibration_error` needs.

    Returns
    -------
    list of (mean probability, observed frequency, count)
        For each bin that is not empty.
    """
    bin_of = np.minimum((np.asarray(probabilities) * BINS).astype(int), BINS - 1)
    return [
        (float(probabilities[bin_of == b].mean()), float(outcomes[bin_of == b].mean()), int(np.sum(bin_of == b)))
        for b in range(BINS)
        if np.any(bin_of == b)
    ]


def calibration_error(probabilities: np.ndarray, outcomes: np.ndarray) -> float:
    """Return the expected calibration error: the mean gap between probability and frequency, weighted by count.

    References
    ----------
    Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning.
    """
    rows = reliability(probabilities, outcomes)
    total = sum(n for _, _, n in rows)
    return sum(n * abs(mean - observed) for mean, observed, n in rows) / total if total else np.nan


def confusion(truth: Sequence[str], predicted: Sequence[str], sections: Sequence[str]) -> np.ndarray:
    """Return the confusion matrix: rows are the true sections, columns the predicted ones."""
    # scikit-learn's refuses no pick, and warns of one section
    place = {key: n for n, key in enumerate(sections)}
    counts = np.zeros((len(sections), len(sections)), dtype=int)
    np.add.at(counts, ([place[key] for key in truth], [place[key] for key in predicted]), 1)
    return counts


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan
