"""Texts of others, as a terminal may show them."""

from pipeline.core.plain_text import one_line


def test_line_that_is_cut_says_so() -> None:
    """A blurb cut without a sign reads as if it ended there."""
    assert one_line("one  two\nthree", 13) == "one two three"
    assert one_line("one two three", 9) == "one two…"
    assert one_line("a\x1b[31mb", 9) == "a[31mb"
