"""Replay a reader: candidates are read from the top, and each decision re-ranks those not yet read.

The simulated editor knows what the issue picked. The ranker is the desk's own `online_ranker`, fitted on what was known
before the issue. As in ASReview's simulation mode, the result is the curve of picks found by number read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from models import metrics
from models.intervals import bootstrap
from models.remaining_picks import remaining
from pipeline.evaluation.replay_points import ReplayPoint
from pipeline.ranking.fitting import FittedRanker, online_ranker

CHECKPOINTS = (10, 25, 50, 100)  # candidates read when the estimate of what is left is compared with the truth


@dataclass(frozen=True)
class RemainingEstimate:
    """The estimate of the picks left at some point of the reading, and how many were left."""

    read: int
    expected: float
    low: int
    high: int
    left: int

    @property
    def holds(self) -> bool:
        """Whether the interval holds the truth."""
        return self.low <= self.left <= self.high


@dataclass(frozen=True, eq=False)
class LiveReading:
    """One issue, read with and without learning from the decisions."""

    read_at: np.ndarray  # (n,) 1 for the candidate that was read first
    static_at: np.ndarray  # the same without learning: the rank before reading
    picked: np.ndarray  # (n,) bool
    estimates: Sequence[RemainingEstimate]

    def found(self, *, live: bool = True) -> np.ndarray:
        """Return which candidates were picks, in reading order: shape (n,), bool."""
        return np.asarray(self.picked[np.argsort(self.read_at if live else self.static_at)])


def read_live(point: ReplayPoint, relevance: FittedRanker) -> LiveReading:
    """Read an issue's candidates from the top, deciding each as the issue did.

    Re-ranking ends with the last pick and the last checkpoint: the order of what is left makes no difference then.

    Parameters
    ----------
    point : ReplayPoint
        The candidates and what the issue picked of them.
    relevance : FittedRanker
        Fitted on what was known before the issue.
    """
    picked, online = point.picked, online_ranker(relevance, point.examples)
    logits = online.scores_given([], [])
    static = metrics.ranked(logits, point.ids)
    order: list[int] = []
    estimates: list[RemainingEstimate] = []
    unread = np.ones(len(picked), dtype=bool)
    # the estimate is also compared where no pick is left, else only issues with late picks would be measured
    while picked[unread].any() or len(order) < min(CHECKPOINTS[-1], len(picked)):
        best = metrics.ranked(np.where(unread, logits, -np.inf), point.ids)[0]
        order.append(int(best))
        unread[best] = False
        logits = online.scores_given(order, picked[order])
        if len(order) in CHECKPOINTS:
            estimates.append(_estimate(len(order), logits[unread], int(picked[unread].sum())))
    rest = [int(row) for row in metrics.ranked(logits, point.ids) if unread[row]]
    return LiveReading(_places([*order, *rest]), _places(static), picked, estimates)


def live_record(readings: Sequence[LiveReading]) -> dict[str, object]:
    """Return the mean figures of live reading beside reading without learning.

    Returns
    -------
    dict
        read95 (live, static, ratio), curve (share of picks found by number read, live and static), estimates (by number
        read: how many issues, and in which share of them the interval held the number of picks left).
    """
    readings = [reading for reading in readings if reading.picked.any()]
    live, static = ([metrics.read_share(r.found(live=is_live)) for r in readings] for is_live in (True, False))
    return {
        "issues": len(readings),
        "read95": {"live": _mean(live), "static": _mean(static), "ratio": _mean(live) / _mean(static)},
        "difference": vars(bootstrap(np.array(live) - np.array(static))),
        "curve": {
            "live": metrics.recall_curve([r.found() for r in readings]),
            "static": metrics.recall_curve([r.found(live=False) for r in readings]),
        },
        "estimates": _estimates(readings),
    }


def _estimate(read: int, logits: np.ndarray, left: int) -> RemainingEstimate:
    found = remaining(expit(logits))
    return RemainingEstimate(read, found.expected, found.low, found.high, left)


def _places(order: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the 1-based place of each row in an order of all rows."""
    places = np.empty(len(order), dtype=int)
    places[np.asarray(order, dtype=int)] = np.arange(1, len(order) + 1)
    return places


def _estimates(readings: Sequence[LiveReading]) -> Mapping[str, Mapping[str, float]]:
    found: dict[str, Mapping[str, float]] = {}
    for read in CHECKPOINTS:
        of_all = [p for reading in readings for p in reading.estimates if p.read == read]
        if of_all:
            found[str(read)] = {
                "issues": len(of_all),
                "held": _mean([p.holds for p in of_all]),
                "expected": _mean([p.expected for p in of_all]),
                "left": _mean([p.left for p in of_all]),
            }
    return found


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if len(values) else float("nan")
