"""Table `predictions`: P(section | article) for the current candidates."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.store.database import Connection, replace_rows


def replace_predictions(
    connection: Connection, ids: Sequence[str], sections: Sequence[str], probabilities: NDArray[np.float64]
) -> None:
    """Replace the table's rows.

    Parameters
    ----------
    ids : sequence of n
        Of the articles.
    sections : sequence of k keys
    probabilities : array of shape (n, k)
    """
    order = sorted(range(len(ids)), key=ids.__getitem__)
    n_sections = len(sections)
    columns = {
        "article_id": pa.array([ids[n] for n in order], pa.string()).take(np.repeat(np.arange(len(ids)), n_sections)),
        "section": pa.array(sections, pa.string()).take(np.tile(np.arange(n_sections), len(ids))),
        "probability": probabilities[order].ravel(),
    }
    replace_rows(connection, "predictions", pa.table(columns))


def read_predictions(connection: Connection) -> dict[str, dict[str, float]]:
    """Return article id → section key → probability, the most probable section first."""
    rows = connection.execute(
        """
        SELECT article_id, list(section ORDER BY probability DESC, section),
               list(probability ORDER BY probability DESC, section)
        FROM predictions GROUP BY article_id ORDER BY article_id
        """
    ).fetchall()
    return {article: dict(zip(sections, values, strict=True)) for article, sections, values in rows}
