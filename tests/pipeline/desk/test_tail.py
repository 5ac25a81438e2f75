"""What the page offers to skip holds one pick in twenty issues, as far as the probabilities know."""

from datetime import UTC, datetime

import pytest

from pipeline.desk.bulk import tail_of
from pipeline.store.shortlist import Story

NOON = datetime(2026, 1, 9, 12, tzinfo=UTC)


def stories(*probabilities: float) -> list[Story]:
    """Undecided stories of these probabilities."""
    fields = {"author": None, "published": None, "first_seen": NOON, "section": None, "section_probability": None}
    return [
        Story(n, str(n), f"https://a.example/{n}", "T", "a.example", relevance=p, **fields)
        for n, p in enumerate(probabilities, 1)
    ]


def test_tail_holds_a_twentieth_of_a_pick():
    """Forty stories at 0.001 are in it, ten at 0.004 are not; of ninety equal ones none is less probable."""
    tail = tail_of(stories(0.5, *[0.004] * 10, *[0.001] * 40))
    assert (tail.left.stories, tail.below, tail.is_all) == (40, 0.004, False)
    assert tail.left.expected == pytest.approx(0.04)
    assert tail_of(stories(0.5, *[0.001] * 90)) is None


def test_short_or_probable_tail_is_not_offered():
    """Four stories are read sooner than skipped; where none is improbable there is no tail."""
    assert tail_of(stories(0.5, *[0.001] * 4)) is None
    assert tail_of(stories(*[0.06] * 50)) is None


def test_all_that_is_left_can_be_the_tail():
    """When everything probable is decided, what is left is the tail."""
    tail = tail_of(stories(*[0.001] * 20))
    assert (tail.is_all, tail.left.stories) == (True, 20)
