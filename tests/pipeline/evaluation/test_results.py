"""Figures of a replay are those of the issues that can be measured, wherever they stand."""

from datetime import date, datetime

import numpy as np

from helpers import NOW
from pipeline.core.types import Issue, Pick
from pipeline.evaluation.results import OURS, Outcome, Replay, figures_of, headline, intervals_of
from pipeline.ranking.snapshot import PublishedPick


def outcome(issue: int, n: int) -> Outcome:
    """An issue with n candidates, of which it picked the first; without any it was ranked by nobody."""
    printed = Pick("Tools", "A tool", "https://a.example/0", 1, 1)
    pick = PublishedPick(Issue(issue, date(2026, 1, 2), picks=(printed,)), printed, "a.example/0", "a tool")
    seen: list[datetime] = [NOW] * n
    return Outcome(
        issue, date(2026, 1, 2), [str(row) for row in range(n)], [f"https://a.example/{row}" for row in range(n)], seen,
        [pick if row == 0 else None for row in range(n)], () if n else (pick,), np.zeros(n, dtype=bool),
        {OURS: -np.arange(n, dtype=float)} if n else {}, np.zeros((n, 1)), np.zeros((1, 1)), (pick,),
    )  # fmt: skip


def test_first_issue_without_candidates_takes_no_figure_away() -> None:
    """A newsletter that follows its feeds for a week has old issues without articles, and one that can be measured."""
    replay = Replay([outcome(1, 0), outcome(2, 5)], ["tools"])
    assert headline(replay).startswith("over your last issue, reading the top 25 would have found 100 % of your picks")
    assert figures_of(replay)[OURS]["recall@25"] == 1
    assert set(intervals_of(replay)["ndcg@20"]) == {OURS}
