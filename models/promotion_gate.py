"""Promotion gate: decide from replay figures whether a newly fitted model replaces the serving one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression

from models.intervals import Interval, bootstrap

MIN_GAIN = -0.01  # of nDCG@20: lower bound of the paired interval
MAX_RECALL_DROP = 0.05  # in any section; one pick fewer is allowed in each, however few it has
MAX_SURPRISE = 3.0  # standard deviations: larger excess log loss of new decisions under the champion is refused
MIN_PROBABILITY = 0.02  # of either label of a decision, however rare it was in past issues
MIN_DECISIONS = 10  # fewer are not tested


@dataclass(frozen=True)
class PromotionDecision:
    """Whether the challenger is promoted, and why."""

    promoted: bool
    reasons: Sequence[str]
    gain: Interval  # of nDCG@20, challenger less champion


def decide_promotion(
    champion: Sequence[float],
    challenger: Sequence[float],
    champion_found: Mapping[str, Sequence[bool]],
    challenger_found: Mapping[str, Sequence[bool]],
    surprise: float = 0.0,
) -> PromotionDecision:
    """Promote the challenger unless it may be worse, forgets a section, or new decisions contradict the champion.

    Parameters
    ----------
    champion, challenger : sequence of float
        nDCG@20 of each on the same issues.
    champion_found, challenger_found : mapping of section to sequence of bool
        Whether each found each of the section's picks, in any order.
    surprise : float
        As returned by `decision_surprise`.
    """
    gain = bootstrap(np.asarray(challenger) - np.asarray(champion))
    objections = []
    if np.isnan(gain.low):
        n = int(np.sum(~np.isnan(np.asarray(champion, dtype=float))))
        known = f"only {n} of the past issues" if n else "no past issue"
        objections.append(f"the two cannot be compared, because {known} picked one of its candidates")
    elif not gain.low > MIN_GAIN:
        objections.append(
            f"its nDCG@20 may be worse by {-gain.low:.3f} (interval {gain.low:+.3f} to {gain.high:+.3f}, "
            f"allowed {MIN_GAIN:+.2f})"
        )
    for section, of_section in sorted(champion_found.items()):
        n, found, found_before = len(of_section), sum(challenger_found.get(section, ())), sum(of_section)
        if found_before - found > max(1, MAX_RECALL_DROP * n):
            objections.append(f"it finds {found} of the {n} picks in {section}, where {found_before} were found")
    if surprise > MAX_SURPRISE:
        objections.append(
            f"the new decisions contradict what earlier issues teach ({surprise:.1f} standard deviations, "
            f"allowed {MAX_SURPRISE:.0f}): look through them with triage export decisions"
        )
    if objections:
        return PromotionDecision(False, objections, gain)
    order = "is better" if gain.low > 0 else "is as good"
    change = f"its order {order}: nDCG@20 changes by {gain.text('+.3f')}"
    return PromotionDecision(True, [change], gain)


def decision_surprise(
    past_scores: np.ndarray, past_picked: np.ndarray, scores: np.ndarray, picked: np.ndarray
) -> float:
    """Return how unlikely new decisions are under a ranker, in standard deviations of their log loss.

    Scores are first calibrated on past issues by isotonic regression, so that an overconfident ranker does not make
    ordinary decisions look unlikely.

    Parameters
    ----------
    past_scores, past_picked : ndarray of shape (m,)
        Scores of past candidates, each given before its issue, and which were picked.
    scores, picked : ndarray of shape (n,)
        Scores of newly decided articles, and which the editor picked.

    Returns
    -------
    float
        Standardised excess of the decisions' log loss over its expectation; 0 for too few decisions.
    """
    if len(scores) < MIN_DECISIONS or not 0 < np.sum(past_picked) < len(past_picked):
        return 0.0
    calibration = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(past_scores, past_picked)
    floor = max(MIN_PROBABILITY, 1 / (2 + len(past_scores)))
    chance = np.clip(calibration.predict(scores), floor, 1 - floor)
    if_picked, if_skipped = -np.log(chance), -np.log(1 - chance)
    expected = chance * if_picked + (1 - chance) * if_skipped
    variance = chance * (1 - chance) * (if_picked - if_skipped) ** 2
    excess = np.where(picked, if_picked, if_skipped) - expected
    return float(excess.sum() / np.sqrt(variance.sum() + 1e-12))
