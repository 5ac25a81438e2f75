"""The language of a feed or page is read from its tag."""

import pytest

from pipeline.feeds.language_tags import primary_language


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en-GB", "en"), (" DE", "de"), ("fil_PH", "fil"), ("english", None), ("", None), (None, None)],
)
def test_language_is_its_short_name(tag: str | None, language: str | None) -> None:
    """Region, script and nonsense go."""
    assert primary_language(tag) == language
