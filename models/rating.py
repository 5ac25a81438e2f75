"""Choose the articles whose ratings teach a ranker most, where little else is known."""

from collections.abc import Sequence

import numpy as np
from sklearn.cluster import KMeans

from models.examples import Floats
from models.metrics import ranked

# Of the articles to rate, the share that are the most probable. The others stand for the rest of the list. Chosen on a
# real newsletter's issues 42-98 and five others (docs/judgement.md): the most probable alone teach less where the
# sections' names say little, the others alone teach less where they say much.
TOP_SHARE = 0.7


def rows_to_rate(scores: Floats, vectors: Floats, ids: Sequence[str], n: int) -> list[int]:
    """Return up to `n` rows: the most probable first, then those nearest to the centres of clusters of the others.

    Parameters
    ----------
    scores : array of shape (m,)
        Relevance; equal ones are ordered by id.
    vectors : array of shape (m, d)
        Unit embeddings.
    ids : sequence of m str
    """
    order = ranked(scores, ids)
    top, others = order[: round(TOP_SHARE * n)], order[round(TOP_SHARE * n) :]
    return [*map(int, top), *(int(others[row]) for row in _medoids(np.asarray(vectors)[others], n - len(top)))]


def _medoids(vectors: Floats, n: int) -> list[int]:
    """Return the row nearest to the centre of each of `n` clusters, in the order of the rows; all rows if fewer."""
    distinct = len(np.unique(vectors, axis=0)) if len(vectors) else 0
    if distinct <= n:
        return list(range(min(n, len(vectors))))
    clusters = KMeans(n, n_init=3, random_state=0).fit(vectors)
    to_centre = np.linalg.norm(vectors - clusters.cluster_centers_[clusters.labels_], axis=1)
    nearest = [int(rows[np.argmin(to_centre[rows])]) for rows in map(np.flatnonzero, np.eye(n)[clusters.labels_].T)]
    return sorted(nearest)
