"""What rankers did on past issues, and the figures that follow. Records and arithmetic; fits and reads nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from models import metrics
from models.metrics import Interval, bootstrap, ranked
from pipeline.evaluation.live_replay import LiveReading
from pipeline.ranking.snapshot import PublishedPick

OURS = "triage"
READ = 25  # what an editor reads of a morning's shortlist
TOLD = ("ap", "ndcg@20", "recall@25")  # figures with intervals


@dataclass(frozen=True, eq=False)
class Outcome:
    """One past issue: its candidates, what it picked, and how each ranker scored them."""

    issue: int
    day: date
    ids: Sequence[str]
    urls: Sequence[str]
    first_seen: Sequence[datetime]
    ran_as: Sequence[PublishedPick | None]  # the pick each candidate became
    missed: Sequence[PublishedPick]  # picks that stood for no candidate
    on_known_hosts: np.ndarray  # (n,) bool: the host had been picked from before
    scores: Mapping[str, np.ndarray]  # ranker → (n,)
    sections: np.ndarray  # (n, n_sections) probabilities of the candidates
    pick_sections: np.ndarray  # (n_picks, n_sections) of `picks`, by their titles in the archive
    picks: Sequence[PublishedPick]  # all the issue's picks
    live: LiveReading | None = None  # the same candidates read with decisions that re-rank, if that was asked for

    @property
    def picked(self) -> np.ndarray:
        """Which candidates the issue picked: shape (n,), bool."""
        return np.array([ran is not None for ran in self.ran_as], dtype=bool)

    @property
    def n_picks(self) -> int:
        """Stories the issue picked, also those that no source carried."""
        return int(self.picked.sum()) + len(self.missed)

    def order(self, ranker: str = OURS) -> np.ndarray:
        """Rows of the candidates, best first."""
        return ranked(self.scores[ranker], self.ids)

    def figures(self, ranker: str, only: np.ndarray | None = None) -> dict[str, float]:
        """Measure one ranker, over all candidates or over some of them alone."""
        order = self.order(ranker)
        picked = self.picked
        if only is None:
            return metrics.issue_figures(picked[order], self.n_picks)
        return metrics.issue_figures(picked[order][only[order]], int((picked & only).sum()))


@dataclass(frozen=True, eq=False)
class Replay:
    """A stretch of past issues, ranked again as on the evening before each."""

    outcomes: Sequence[Outcome]
    sections: Sequence[str]  # keys: columns of the probabilities
    without: tuple[str, ...] = ()
    # start ("instructions" | "picks" | "picks and articles") → issues known → figures
    curve: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)

    @property
    def measurable(self) -> Sequence[Outcome]:
        """The issues of which some picks were among the candidates of their time."""
        return [outcome for outcome in self.outcomes if outcome.picked.any()]

    @property
    def why_not(self) -> str | None:
        """Why the ranking cannot be measured; None where it can."""
        if not self.outcomes:
            return "not measurable: there is no past issue; bring some in with: triage import issues PATH"
        if self.measurable:
            return None
        first, last = self.outcomes[0].issue, self.outcomes[-1].issue
        if not any(len(outcome.ids) for outcome in self.outcomes):
            what = f"no article was first seen in the weeks of issues {first}-{last}"
        else:
            what = f"none of the articles first seen in the weeks of issues {first}-{last} was picked by them"
        return f"not measurable: {what}; bring the articles of that time in with: triage import articles FILE.jsonl"


def figures_of(replay: Replay, *, known_hosts: bool = False) -> dict[str, dict[str, float]]:
    """Return ranker → mean figures, over all candidates or those on hosts picked before alone."""
    return {
        ranker: metrics.mean_figures(
            [o.figures(ranker, o.on_known_hosts if known_hosts else None) for o in replay.measurable]
        )
        for ranker in _rankers(replay)
    }


def intervals_of(replay: Replay) -> dict[str, dict[str, Interval]]:
    """Return figure → ranker → interval: ours as it is, the others as ours less theirs, issue by issue."""
    found: dict[str, dict[str, Interval]] = {}
    for name in TOLD:
        values = {r: np.array([o.figures(r)[name] for o in replay.measurable]) for r in _rankers(replay)}
        found[name] = {r: bootstrap(values[OURS] if r == OURS else values[OURS] - values[r]) for r in values}
    return found


def recall_by_section(outcomes: Iterable[Outcome], ranker: str = OURS) -> dict[str, float]:
    """Share of each section's carried picks that a reader would see, all issues together."""
    hits: dict[str, list[bool]] = {}
    for outcome in outcomes:
        section_hits(outcome.ran_as, outcome.order(ranker), hits)
    return {section: float(np.mean(found)) for section, found in sorted(hits.items())}


def section_hits(ran_as: Sequence[PublishedPick | None], order: np.ndarray, hits: dict[str, list[bool]]) -> None:
    """Note for each pick, under its section, whether it stands where a reader would see it."""
    for place, row in enumerate(order, 1):
        ran = ran_as[row]
        if ran and ran.pick.section:
            hits.setdefault(ran.pick.section, []).append(place <= READ)


def section_truths(replay: Replay, only: Sequence[str] = ()) -> tuple[list[str], np.ndarray]:
    """Return the sections of all picks in title lines, and what was told of them from their titles.

    Parameters
    ----------
    only : sequence of str
        Judge over the picks of these sections alone; default: all.
    """
    wanted = set(only or replay.sections)
    truths, told = [], []
    for outcome in replay.outcomes:
        for ran, row in zip(outcome.picks, outcome.pick_sections, strict=True):
            if ran.pick.kind == "title" and ran.pick.section in wanted:
                truths.append(ran.pick.section)
                told.append(row)
    return truths, np.array(told).reshape(len(told), len(replay.sections))


def chances(outcomes: Iterable[Outcome], ranker: str = OURS) -> tuple[np.ndarray, np.ndarray]:
    """Return the promised P(picked) of all candidates, and which were picked."""
    outcomes = list(outcomes)
    if not outcomes:
        return np.zeros(0), np.zeros(0, dtype=bool)
    return np.concatenate([o.scores[ranker] for o in outcomes]), np.concatenate([o.picked for o in outcomes])


def recall_curve(outcomes: Iterable[Outcome], ranker: str = OURS, deepest: int = 100) -> list[float]:
    """Mean share of the carried picks found by reading 1, 2, … candidates."""
    found = [[metrics.recall_at(o.picked[o.order(ranker)], k) for k in range(1, deepest + 1)] for o in outcomes]
    return [float(value) for value in np.mean(found, axis=0)] if found else []


def misses(outcomes: Iterable[Outcome], depth: int = READ) -> list[dict[str, Any]]:
    """Name the carried picks that a reader of `depth` candidates would not have seen, newest issue first."""
    return [
        {"issue": o.issue, "rank": place, "title": ran.pick.title, "section": ran.pick.section, "url": o.urls[row]}
        for o in reversed(list(outcomes))
        for place, row in enumerate(o.order(), 1)
        if place > depth and (ran := o.ran_as[row])
    ]


def headline(replay: Replay) -> str:
    """Say in one sentence what reading the shortlist would have found."""
    if replay.why_not:
        return replay.why_not
    n, figures = len(replay.measurable), figures_of(replay)[OURS]
    return (
        f"over your last {n} issues, reading the top {READ} would have found {100 * figures[f'recall@{READ}']:.0f} % "
        f"of your picks that a source carried, {100 * figures[f'recall@{READ}_of_all']:.0f} % of all your picks"
    )


def _rankers(replay: Replay) -> list[str]:
    return list(replay.outcomes[0].scores) if replay.outcomes else []
