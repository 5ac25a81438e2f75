"""What is known of past issues is counted, and said where it is too little."""

import pytest

from pipeline.store.archive_counts import FEW_ISSUES, FEW_PICKS, ArchiveCounts


@pytest.mark.parametrize(
    ("issues", "picks", "is_few"),
    [(FEW_ISSUES, FEW_PICKS, False), (FEW_ISSUES - 1, FEW_PICKS, True), (FEW_ISSUES, FEW_PICKS - 1, True)],
)
def test_ten_issues_with_fifty_picks_are_enough(issues: int, picks: int, is_few: bool) -> None:
    """One issue or one pick less is too few, and the sentence says how many there are."""
    counts = ArchiveCounts(issues, picks, 5)
    assert counts.is_few is is_few
    assert (f"Only {picks} picks of {issues} past issues are known" in counts.sentence) is is_few
