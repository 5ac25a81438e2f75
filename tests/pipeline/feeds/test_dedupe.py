"""The same story from several places is one group."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from helpers import NOW
from pipeline.core.types import Article
from pipeline.feeds.dedupe import group_stories


def story(title: str, days: float = 0) -> Article:
    """Build an article."""
    return Article(title[:16], f"https://a.example/{title}", title, "a.example", NOW + timedelta(days=days))


def test_same_title_within_days_is_one_story() -> None:
    """Case and punctuation do not matter; a month does; a short title is no story's name."""
    articles = [story("Teams that talk well"), story("Teams, that talk WELL!", 1), story("Teams that talk well", 40)]
    assert group_stories(articles) == [0, 0, 2]
    assert group_stories([story("Weekly links"), story("Weekly links", 1)]) == [0, 1]


def test_nearly_equal_vectors_are_one_story() -> None:
    """Only where they are near in time; groups grow by their neighbours."""
    vectors = np.array([[1, 0], [0.98, 0.199], [0, 1], [0.92, 0.392]], dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    articles = [story("a b c d"), story("e f g h"), story("i j k l"), story("m n o p", 1)]
    assert group_stories(articles, vectors) == [0, 0, 2, 0]
    late = [replace(a, first_seen_at=a.first_seen_at + timedelta(days=10 * n)) for n, a in enumerate(articles)]
    assert group_stories(late, vectors) == [0, 1, 2, 3]


def test_nothing_is_no_story() -> None:
    """An empty night."""
    assert group_stories([], np.zeros((0, 4), dtype=np.float32)) == []
