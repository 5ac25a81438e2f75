"""The same story is distinguished from a similar one; both name the issue."""

import numpy as np

from pipeline.drafts.repeats import PastStory, find_repeats

PAST = [
    PastStory(3, "Old", "https://a.example/old"),
    PastStory(5, "Other", "https://b.example/other"),
    PastStory(9, "Old again", "http://www.a.example/old/"),
]
PAST_VECTORS = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]], np.float32)


def test_same_story_names_its_last_run() -> None:
    """Known by its address, however it is spelt."""
    (found,) = find_repeats(["https://a.example/old"], np.array([[0, 0, 1]], np.float32), PAST, PAST_VECTORS)
    assert found is not None
    assert (found.past.issue, found.is_same) == (9, True)
    assert found.sentence == "you ran this in #9: Old again (http://www.a.example/old/)"


def test_near_story_is_told_and_a_far_one_is_not() -> None:
    """The nearest past pick, if it is near enough."""
    vectors = np.array([[0.1, 0.99, 0], [0.5, 0.5, 0.7]], np.float32)
    near, far = find_repeats(["https://c.example/1", "https://c.example/2"], vectors, PAST, PAST_VECTORS)
    assert near is not None
    assert (near.past.issue, near.is_same, near.sentence[:28]) == (5, False, "you ran something near in #5")
    assert far is None


def test_without_a_past_nothing_is_near() -> None:
    """The first issue repeats nothing."""
    assert find_repeats(["https://c.example/1"], PAST_VECTORS[:1], [], np.empty((0, 3), np.float32)) == [None]
