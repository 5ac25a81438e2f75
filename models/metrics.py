"""Measure rankings and sections: arrays in, figures out. Knows no issue by name and fits nothing.

Every measure of a ranking takes `picked`, the labels of one issue's candidates in ranked order, best first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

DEPTHS = (10, 25, 50)
NDCG_DEPTH = 20
READ_SHARE = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean over issues with its bootstrap interval."""

    mean: float
    low: float
    high: float


def ranked(scores: np.ndarray, ids: Sequence[str]) -> np.ndarray:
    """Return the order of candidates, best score first, ties by id and never by label.

    Parameters
    ----------
    scores : ndarray of shape (n,)
        Higher is better.
    ids : sequence of str, length n
    """
    return np.lexsort((np.asarray(ids), -np.asarray(scores, dtype=float)))


def average_precision(picked: np.ndarray) -> float:
    """Mean, over the picks, of the precision at the place where each stands."""
    places = np.flatnonzero(picked) + 1
    return float(np.mean(np.arange(1, len(places) + 1) / places)) if len(places) else np.nan


def ndcg(picked: np.ndarray, depth: int = NDCG_DEPTH) -> float:
    """Discounted gain within `depth` over the best possible one; every pick gains 1 / log2(1 + place)."""
    n_picks = int(np.sum(picked))
    if not n_picks:
        return np.nan
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    gained = np.asarray(picked[:depth], dtype=float)
    return float(gained @ discounts[: len(gained)] / discounts[: min(n_picks, depth)].sum())


def r_precision(picked: np.ndarray) -> float:
    """Share of picks among the first R candidates, R being the number of picks."""
    n_picks = int(np.sum(picked))
    return float(np.mean(picked[:n_picks])) if n_picks else np.nan


def recall_at(picked: np.ndarray, depth: int, n_picks: int | None = None) -> float:
    """Share of the picks that stand within `depth`.

    Parameters
    ----------
    n_picks : int, optional
        All that the issue picked, also what no source carried; default: those among the candidates.
    """
    total = int(np.sum(picked)) if n_picks is None else n_picks
    return float(np.sum(picked[:depth]) / total) if total else np.nan


def auc(picked: np.ndarray) -> float:
    """Chance that a pick stands above a candidate that was not picked."""
    places = np.flatnonzero(picked)
    n_picks, n_others = len(places), len(picked) - len(places)
    if not n_picks or not n_others:
        return np.nan
    others_above = places - np.arange(n_picks)
    return float(1 - others_above.sum() / (n_picks * n_others))


def read_share(picked: np.ndarray, share: float = READ_SHARE) -> float:
    """Share of the candidates read, best first, until `share` of the picks have been seen."""
    places = np.flatnonzero(picked) + 1
    if not len(places):
        return np.nan
    needed = int(np.ceil(share * len(places) - 1e-9))
    return float(places[needed - 1] / len(picked))


def issue_figures(picked: np.ndarray, n_picks: int) -> dict[str, float]:
    """Measure one issue's ranking.

    Parameters
    ----------
    picked : ndarray of shape (n,), bool
        Labels of the candidates, best first.
    n_picks : int
        All the issue's picks, also those that no source carried.

    Returns
    -------
    dict
        nan where the issue has no pick among its candidates.
    """
    picked = np.asarray(picked, dtype=bool)
    places = np.flatnonzero(picked) + 1
    figures = {
        "candidates": float(len(picked)),
        "picks": float(n_picks),
        "covered": float(len(places)),
        "coverage": len(places) / n_picks if n_picks else np.nan,
        "ap": average_precision(picked),
        "ndcg@20": ndcg(picked),
        "r_precision": r_precision(picked),
    }
    figures |= {f"recall@{k}": recall_at(picked, k) for k in DEPTHS}
    figures |= {f"recall@{k}_of_all": recall_at(picked, k, n_picks) for k in DEPTHS}
    return figures | {
        "auc": auc(picked),
        "read95": read_share(picked),
        "median_rank": float(np.median(places)) if len(places) else np.nan,
    }


def mean_figures(per_issue: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Average each figure over the issues where it can be measured."""
    return {name: _mean([figures[name] for figures in per_issue]) for name in (per_issue[0] if per_issue else ())}


def section_figures(truth: Sequence[str], probabilities: np.ndarray, sections: Sequence[str]) -> dict[str, float]:
    """Measure how well sections are told.

    Parameters
    ----------
    truth : sequence of str, length n
        The section in which each pick stood.
    probabilities : ndarray of shape (n, n_sections)
    sections : sequence of str, length n_sections
        The keys of the columns.

    Returns
    -------
    dict
        top1, top2: share of picks whose section is the most probable, or among the two most probable.
        macro_f1: mean F1 over the sections that occur in `truth`. calibration_error: see there.
    """
    if not len(truth):
        return dict.fromkeys(("top1", "top2", "macro_f1", "calibration_error"), np.nan)
    order = np.argsort(-probabilities, axis=1, kind="stable")
    names = np.asarray(sections)
    best_two = names[order[:, :2]]
    told = np.asarray(truth)
    right = best_two[:, 0] == told
    return {
        "top1": float(right.mean()),
        "top2": float((best_two == told[:, None]).any(axis=1).mean()),
        "macro_f1": macro_f1(told, best_two[:, 0]),
        "calibration_error": calibration_error(probabilities.max(axis=1), right),
    }


def macro_f1(truth: np.ndarray, told: np.ndarray) -> float:
    """Mean F1 over the classes that occur in `truth`; a class never told scores 0."""
    scores = []
    for name in np.unique(truth):
        hits = np.sum((truth == name) & (told == name))
        scores.append(2 * hits / (np.sum(truth == name) + np.sum(told == name)))
    return float(np.mean(scores))


def reliability(probabilities: np.ndarray, outcomes: np.ndarray, bins: int = 10) -> list[tuple[float, float, int]]:
    """Compare what was promised with what came, in equally wide bins.

    Returns
    -------
    list of (mean probability, share that came true, number)
        For each bin that is not empty.
    """
    place = np.minimum((np.asarray(probabilities) * bins).astype(int), bins - 1)
    return [
        (float(probabilities[place == b].mean()), float(outcomes[place == b].mean()), int(np.sum(place == b)))
        for b in range(bins)
        if np.any(place == b)
    ]


def calibration_error(probabilities: np.ndarray, outcomes: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between promise and outcome, bins weighted by their number.

    References
    ----------
    Naeini, Cooper, Hauskrecht (2015), Obtaining well calibrated probabilities using Bayesian binning.
    """
    rows = reliability(probabilities, outcomes, bins)
    total = sum(n for _, _, n in rows)
    return sum(n * abs(promised - came) for promised, came, n in rows) / total if total else np.nan


def bootstrap(
    values: Sequence[float] | np.ndarray, *, draws: int = 2000, level: float = 0.95, seed: int = 0
) -> Interval:
    """Mean over issues with the percentile interval of resampled issues.

    Give the differences of two rankers, issue by issue, for a paired interval. nan is left out.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if not len(known):
        return Interval(np.nan, np.nan, np.nan)
    sample = np.random.default_rng(seed).integers(0, len(known), (draws, len(known)))
    low, high = np.quantile(known[sample].mean(axis=1), [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(known.mean()), float(low), float(high))


def confusion(truth: Sequence[str], told: Sequence[str], sections: Sequence[str]) -> np.ndarray:
    """Count (n_sections, n_sections): the row is the true section, the column the one that was told."""
    place = {name: n for n, name in enumerate(sections)}
    counts = np.zeros((len(sections), len(sections)), dtype=int)
    for true, said in zip(truth, told, strict=True):
        counts[place[true], place[said]] += 1
    return counts


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else np.nan
