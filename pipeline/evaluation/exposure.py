"""Exposure: how many sources, and how many articles of sources never picked from, the top of a shortlist shows."""

from collections.abc import Sequence

import numpy as np

READING_DEPTH = 25  # candidates of a shortlist that an editor reads


def exposure(
    order: np.ndarray, sources: Sequence[str], is_known: np.ndarray, picked: np.ndarray, depth: int = READING_DEPTH
) -> dict[str, float]:
    """Compare the first `depth` candidates of an issue with all of them.

    Parameters
    ----------
    order : array of shape (n,)
        Rows of the candidates, best first.
    sources : sequence of n str
    is_known : array of shape (n,), bool
        Whether earlier issues picked from the candidate's source; the others are newcomers.
    picked : array of shape (n,), bool

    Returns
    -------
    dict
        sources, newcomers: number of sources, share of newcomers, in the top; the same in the pool; the share of
        newcomers among the picks (nan without picks).
    """
    top, newcomers = order[:depth], ~np.asarray(is_known, dtype=bool)
    return {
        "sources_in_top": float(len({sources[row] for row in top})),
        "sources_in_pool": float(len(set(sources))),
        "newcomers_in_top": _mean(newcomers[top]),
        "newcomers_in_pool": _mean(newcomers),
        "newcomers_among_picks": _mean(newcomers[np.asarray(picked, dtype=bool)]),
    }


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")
