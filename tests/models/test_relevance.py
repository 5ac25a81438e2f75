"""The ranker learns what the editor picks."""

import numpy as np

from models.features import Examples
from models.relevance import RelevanceRanker


def _examples() -> Examples:
    titles = ["managing teams", "leading teams", "teams and feedback", "cats at play", "cats asleep", "cats and dogs"]
    vectors = np.repeat(np.eye(2, dtype=np.float32), 3, axis=0)
    return Examples(titles, vectors, sources=["a.org"] * 3 + ["b.org"] * 3)


def test_articles_like_past_picks_rank_first() -> None:
    """What resembles the picks scores above what resembles the rest."""
    examples = _examples()
    ranker = RelevanceRanker().fit(examples, [1, 1, 1, 0, 0, 0])
    scores = ranker.predict_proba(examples)[:, 1]
    assert scores[:3].min() > scores[3:].max()


def test_taking_rows_keeps_columns_together() -> None:
    """Rows are taken from every column alike."""
    taken = _examples().take([5, 0])
    assert taken.titles == ("cats and dogs", "managing teams")
    assert taken.sources == ("b.org", "a.org")
