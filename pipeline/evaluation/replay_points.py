"""Stand at the evening before each past issue, knowing what was known then. What replay and retrain are judged by."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.examples import Examples
from pipeline.core.as_of import AsOf
from pipeline.core.types import Issue
from pipeline.ranking.candidates import SURE_WORDS, CandidateSet, select_candidates
from pipeline.ranking.snapshot import PublishedPick, Snapshot
from pipeline.ranking.training_set import TrainingSet, build_training_set


@dataclass(frozen=True, eq=False)
class ReplayPoint:
    """The desk before an issue, and what the issue then picked of it."""

    issue: Issue
    known: Snapshot
    chosen: CandidateSet
    rows: np.ndarray  # (n,) article rows of the candidates; of the picked one where a story has several
    ran_as: Sequence[PublishedPick | None]  # the pick each candidate became
    missed: Sequence[PublishedPick]  # picks that stand for no candidate

    @property
    def picked(self) -> np.ndarray:
        """Which candidates the issue picked: shape (n,), bool."""
        return np.array([ran is not None for ran in self.ran_as], dtype=bool)

    @property
    def n_picks(self) -> int:
        """Stories the issue picked, also those that no source carried."""
        return int(self.picked.sum()) + len(self.missed)

    @property
    def ids(self) -> list[str]:
        """Ids of the candidates."""
        return [self.known.articles[row].id for row in self.rows]

    @cached_property
    def examples(self) -> Examples:
        """What is known of the candidates. Of a story's twins the ranker sees the one that stands for it."""
        return self.known.article_examples.take(self.chosen.rows)

    @cached_property
    def training_set(self) -> TrainingSet:
        """What could be learned before the issue."""
        return build_training_set(self.known, self.chosen)

    @property
    def on_known_hosts(self) -> np.ndarray:
        """Which candidates stand on hosts that earlier issues picked from: shape (n,), bool."""
        hosts = set(self.known.pick_examples.sources) - {""}
        return np.array([source in hosts for source in self.examples.sources], dtype=bool)


def replay_points(snapshot: Snapshot, issues: Sequence[Issue]) -> Iterator[ReplayPoint]:
    """Yield the evening before each issue. A history is read once; each evening is a slice of it."""
    for issue in issues:
        known = snapshot.at(AsOf.before_issue(issue.date))
        picks = [ran for ran in snapshot.picks if ran.issue.number == issue.number]
        yield _replay_point(issue, known, picks)


def _replay_point(issue: Issue, known: Snapshot, picks: Sequence[PublishedPick]) -> ReplayPoint:
    chosen = select_candidates(known)
    by_key = {ran.url_key: ran for ran in picks if ran.url_key}
    # only where the archive has no addresses does the title tell which article was picked
    by_name = {r.name: r for r in picks if not r.url_key and r.name.count(" ") + 1 >= SURE_WORDS}
    rows, ran_as, found = [], [], set()
    for row, duplicates in zip(chosen.rows, chosen.duplicates, strict=True):
        told = [
            (n, ran)
            for n in (int(row), *duplicates)
            if (ran := by_key.get(known.article_keys[n]) or by_name.get(known.article_names[n]))
        ]
        rows.append(told[0][0] if told else int(row))
        ran_as.append(told[0][1] if told else None)
        found |= {ran.url_key or ran.name for _, ran in told}
    missed = {ran.url_key or ran.name: ran for ran in picks if (ran.url_key or ran.name) not in found}
    return ReplayPoint(issue, known, chosen, np.array(rows, dtype=np.intp), ran_as, list(missed.values()))
