"""Replay: rebuild the state known before each past issue. Used by the steps `replay` and `retrain`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.examples import Examples
from pipeline.core.as_of import AsOf
from pipeline.core.types import Issue
from pipeline.ranking.candidates import MIN_TITLE_WORDS, CandidateSet, select_candidates
from pipeline.ranking.snapshot import PublishedPick, Snapshot
from pipeline.ranking.training_set import TrainingSet, build_training_set


class MatchedPicks:
    """The picks of an issue, matched with n candidates."""

    published_as: Sequence[PublishedPick | None]  # the pick each candidate became
    missed: Sequence[PublishedPick]  # picks that were no candidate

    @property
    def picked(self) -> np.ndarray:
        """Which candidates the issue picked: shape (n,), bool."""
        return np.array([published is not None for published in self.published_as], dtype=bool)

    @property
    def n_picks(self) -> int:
        """Number of stories the issue picked, with those that no source carried."""
        return int(self.picked.sum()) + len(self.missed)


@dataclass(frozen=True, eq=False)
class ReplayPoint(MatchedPicks):
    """What was known before an issue, its candidates, and what the issue picked of them."""

    issue: Issue
    known: Snapshot
    candidates: CandidateSet
    rows: np.ndarray  # (n,) article row of each candidate; of the picked duplicate where a story has several
    published_as: Sequence[PublishedPick | None]  # the pick each candidate became
    missed: Sequence[PublishedPick]  # picks that were no candidate

    @property
    def ids(self) -> list[str]:
        """Ids of the candidates."""
        return [self.known.articles[row].id for row in self.rows]

    @cached_property
    def examples(self) -> Examples:
        """The candidates as columns for the models; of duplicates, the one that represents the story."""
        return self.known.article_examples.take(self.candidates.rows)

    @cached_property
    def training_set(self) -> TrainingSet:
        """The training set known before the issue."""
        return build_training_set(self.known, self.candidates)

    @property
    def on_known_hosts(self) -> np.ndarray:
        """Which candidates are from hosts that earlier issues picked from: shape (n,), bool."""
        hosts = set(self.known.pick_examples.sources) - {""}
        return np.array([source in hosts for source in self.examples.sources], dtype=bool)


def replay_points(snapshot: Snapshot, issues: Sequence[Issue]) -> Iterator[ReplayPoint]:
    """Yield the state before each issue; each is a slice of one snapshot."""
    for issue in issues:
        known = snapshot.at(AsOf.before_issue(issue.date))
        picks = [published for published in snapshot.picks if published.issue.number == issue.number]
        yield _replay_point(issue, known, picks)


def _replay_point(issue: Issue, known: Snapshot, picks: Sequence[PublishedPick]) -> ReplayPoint:
    candidates = select_candidates(known)
    by_key = {published.url_key: published for published in picks if published.url_key}
    # by title only where the archive has no address
    by_title = {r.title_key: r for r in picks if not r.url_key and r.title_key.count(" ") + 1 >= MIN_TITLE_WORDS}
    rows, published_as, found = [], [], set()
    for row, duplicates in zip(candidates.rows, candidates.duplicates, strict=True):
        matches = [
            (n, published)
            for n in (int(row), *duplicates)
            if (published := by_key.get(known.url_keys[n]) or by_title.get(known.title_keys[n]))
        ]
        rows.append(matches[0][0] if matches else int(row))
        published_as.append(matches[0][1] if matches else None)
        found |= {published.url_key or published.title_key for _, published in matches}
    missed = {
        published.url_key or published.title_key: published
        for published in picks
        if (published.url_key or published.title_key) not in found
    }
    return ReplayPoint(issue, known, candidates, np.array(rows, dtype=np.intp), published_as, list(missed.values()))
