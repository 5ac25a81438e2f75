"""Decide whether a challenger may take the champion's place. Figures in, a verdict with its reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.isotonic import IsotonicRegression

from models.metrics import Interval, bootstrap

WORST_LOSS = -0.01  # of nDCG@20: the paired interval must lie above
WORST_DROP = 0.05  # of any section's recall
SURPRISE = 3.0  # standard deviations by which new decisions may astonish the champion
SELDOM = 0.02  # even where past issues never did, an editor may say the unexpected once in fifty
FEWEST_DECISIONS = 10  # fewer say nothing about themselves


@dataclass(frozen=True)
class PromotionDecision:
    """Whether the challenger is promoted, and the sentences that say why."""

    promoted: bool
    reasons: Sequence[str]
    gain: Interval  # of nDCG@20, challenger less champion


def decide_promotion(
    champion: Sequence[float],
    challenger: Sequence[float],
    champion_recall: Mapping[str, float],
    challenger_recall: Mapping[str, float],
    decision_surprise: float = 0.0,
) -> PromotionDecision:
    """Compare two rankers on the same issues.

    Parameters
    ----------
    champion, challenger : sequence of float
        nDCG@20 of each, issue by issue.
    champion_recall, challenger_recall : mapping of section to recall
    decision_surprise : float
        See `decision_surprise`.
    """
    gain = bootstrap(np.asarray(challenger) - np.asarray(champion))
    against = []
    if not gain.low > WORST_LOSS:
        against.append(
            f"its nDCG@20 may be worse by {-gain.low:.3f} (interval {gain.low:+.3f} to {gain.high:+.3f}, "
            f"allowed {WORST_LOSS:+.2f})"
        )
    for section, recall in sorted(champion_recall.items()):
        drop = recall - challenger_recall.get(section, 0.0)
        if drop > WORST_DROP + 1e-9:
            against.append(f"it finds {drop:.2f} less of section {section} (allowed {WORST_DROP})")
    if decision_surprise > SURPRISE:
        against.append(
            f"the new decisions contradict what earlier issues teach ({decision_surprise:.1f} standard deviations, "
            f"allowed {SURPRISE:.0f}): look through them with triage export decisions"
        )
    if against:
        return PromotionDecision(False, against, gain)
    return PromotionDecision(True, [f"nDCG@20 changes by {gain.mean:+.3f} ({gain.low:+.3f} to {gain.high:+.3f})"], gain)


def decision_surprise(
    past_scores: np.ndarray, past_picked: np.ndarray, scores: np.ndarray, picked: np.ndarray
) -> float:
    """Say by how many standard deviations new decisions astonish a ranker.

    What the ranker's scores promise is first learned from past issues, so that a ranker that promises too much is not
    astonished by honest decisions.

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
    if len(scores) < FEWEST_DECISIONS or not 0 < np.sum(past_picked) < len(past_picked):
        return 0.0
    promised = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(past_scores, past_picked)
    floor = max(SELDOM, 1 / (2 + len(past_scores)))
    chance = np.clip(promised.predict(scores), floor, 1 - floor)
    if_picked, if_skipped = -np.log(chance), -np.log(1 - chance)
    expected = chance * if_picked + (1 - chance) * if_skipped
    variance = chance * (1 - chance) * (if_picked - if_skipped) ** 2
    excess = np.where(picked, if_picked, if_skipped) - expected
    return float(excess.sum() / np.sqrt(variance.sum() + 1e-12))
