"""Blocks of time: features of each are computed from the rows before it, as they are when new articles are scored."""

from itertools import pairwise

import numpy as np

from models.examples import Floats


def blocks_of_days(days: Floats, first: int, n_blocks: int) -> list[tuple[int, int]]:
    """Split the latest rows into at most `n_blocks` blocks of about as many rows, each of whole days.

    Parameters
    ----------
    days : array of shape (n,)
        Day number of each row, oldest first.
    first : int
        The row from which on they are split, below n; the block begins with the first row of its day.

    Returns
    -------
    list of (int, int)
        The first row of each block and one past its last; [] without rows.
    """
    n = len(days)
    if not n:
        return []
    wanted = np.linspace(first, n, n_blocks + 1).astype(int)[:-1]
    edges = np.unique(np.r_[np.searchsorted(days, days[wanted]), n])
    return list(pairwise(edges.tolist()))
