"""A number that a person reads agrees with its noun."""

import pytest

from pipeline.core.counted import counted


@pytest.mark.parametrize(("n", "text"), [(0, "0 stories"), (1, "1 story"), (2, "2 stories")])
def test_one_is_singular(n: int, text: str) -> None:
    """Nought is plural in English."""
    assert counted(n, "story", "stories") == text


def test_most_plurals_end_in_s() -> None:
    """The plural is given only where it is another."""
    assert [counted(1, "past issue"), counted(2, "past issue")] == ["1 past issue", "2 past issues"]


def test_thousands_are_set_apart() -> None:
    """A large number can be read at a glance."""
    assert counted(16830, "article") == "16,830 articles"
