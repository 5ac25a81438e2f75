"""Estimate how many picks are left among stories not yet decided, from calibrated probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

# Issues differ in size: an editor is more generous one week than another, which all stories' logits share.
# Chosen on issues 61-100 of a real archive (docs/replay.md); with 0 the interval is too narrow before reading starts.
GENEROSITY = 0.5  # standard deviation
LEVEL = 0.9  # share of the mass that the interval holds, at least
NODES, SHARES = np.polynomial.hermite_e.hermegauss(5)


@dataclass(frozen=True, slots=True)
class Remaining:
    """Estimated picks among the undecided stories."""

    stories: int
    expected: float
    low: int  # with `high`, the 90 % prediction interval
    high: int


def remaining(probabilities: Sequence[float]) -> Remaining:
    """Estimate the picks among stories from each one's probability of being picked.

    Parameters
    ----------
    probabilities : sequence of n floats in [0, 1]
        Calibrated P(picked), independent given the model and how generous the editor is that week.
    """
    p = np.clip(np.asarray(probabilities, dtype=float), 1e-9, 1 - 1e-9)
    weeks = [
        share * number_of_picks(expit(logit(p) + GENEROSITY * node)) for node, share in zip(NODES, SHARES, strict=True)
    ]
    mass = np.sum(weeks, axis=0) / SHARES.sum()
    below = np.cumsum(mass)
    tail = (1 - LEVEL) / 2
    low, high = (int(np.searchsorted(below, edge)) for edge in (tail, 1 - tail))
    return Remaining(len(probabilities), float(np.sum(probabilities)), low, min(high, len(probabilities)))


def number_of_picks(probabilities: Sequence[float]) -> np.ndarray:
    """Return P(0 picks), P(1 pick), …: the Poisson-binomial distribution, from the product of all stories' own.

    Stories are multiplied two by two, then pairs, then fours, each round at once by Fourier's transform.
    """
    p = np.asarray(probabilities, dtype=float)
    mass = np.column_stack([1 - p, p]) if len(p) else np.ones((1, 1))
    while len(mass) > 1:
        if len(mass) % 2:
            mass = np.vstack([mass, np.eye(1, mass.shape[1])])
        size = 2 * mass.shape[1] - 1
        waves = np.fft.rfft(mass, size, axis=1)
        mass = np.fft.irfft(waves[::2] * waves[1::2], size, axis=1)
    return np.asarray(np.clip(mass[0, : len(p) + 1], 0, 1))
