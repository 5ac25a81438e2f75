"""The results of a replay and the figures computed from them. Fits and reads nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np

from models import metrics
from models.intervals import Interval, bootstrap
from models.metrics import ranked
from pipeline.core.urls import host_of
from pipeline.evaluation.exposure import READING_DEPTH, exposure
from pipeline.evaluation.live_replay import LiveReading
from pipeline.evaluation.replay_points import MatchedPicks
from pipeline.ranking.snapshot import PublishedPick

OURS = "triage"
INTERVAL_FIGURES = ("ap", "ndcg@20", "recall@25")  # figures that get intervals


@dataclass(frozen=True, eq=False)
class Outcome(MatchedPicks):
    """One past issue: its candidates, what it picked, and how each ranker scored them."""

    issue: int
    day: date
    ids: Sequence[str]
    urls: Sequence[str]
    first_seen: Sequence[datetime]
    published_as: Sequence[PublishedPick | None]  # the pick each candidate became
    missed: Sequence[PublishedPick]  # picks that were no candidate
    on_known_hosts: np.ndarray  # (n,) bool: the host had been picked from before
    scores: Mapping[str, np.ndarray]  # ranker → (n,)
    sections: np.ndarray  # (n, n_sections) probabilities of the candidates
    pick_sections: np.ndarray  # (n_picks, n_sections) probabilities of `picks`, from their titles in the archive
    picks: Sequence[PublishedPick]  # all the issue's picks
    live: LiveReading | None = None  # the same candidates read with decisions that re-rank, if that was asked for

    def order(self, ranker: str = OURS) -> np.ndarray:
        """Rows of the candidates, best first."""
        return ranked(self.scores[ranker], self.ids)

    def figures(self, ranker: str, only: np.ndarray | None = None) -> dict[str, float]:
        """Compute one ranker's figures, over all candidates or only some of them."""
        order = self.order(ranker)
        picked = self.picked
        if only is None:
            return metrics.issue_figures(picked[order], self.n_picks)
        return metrics.issue_figures(picked[order][only[order]], int((picked & only).sum()))


@dataclass(frozen=True, eq=False)
class Replay:
    """Past issues, each ranked again with what was known before it."""

    outcomes: Sequence[Outcome]
    sections: Sequence[str]  # keys: columns of the probabilities
    without: tuple[str, ...] = ()
    # start ("instructions" | "picks" | "picks and articles") → issues known → figures
    curve: Mapping[str, Mapping[str, Mapping[str, float]]] = field(default_factory=dict)

    @property
    def measurable(self) -> Sequence[Outcome]:
        """The issues that picked at least one of their candidates."""
        return [outcome for outcome in self.outcomes if outcome.picked.any()]

    @property
    def unmeasurable_reason(self) -> str | None:
        """Why the ranking cannot be measured; None if it can."""
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
    """Return ranker → mean figures, over all candidates or only those from hosts picked before."""
    return {
        ranker: metrics.mean_figures(
            [o.figures(ranker, o.on_known_hosts if known_hosts else None) for o in replay.measurable]
        )
        for ranker in _rankers(replay)
    }


def intervals_of(replay: Replay) -> dict[str, dict[str, Interval]]:
    """Return figure → ranker → interval: of ours, and for the others of the paired difference ours less theirs."""
    found: dict[str, dict[str, Interval]] = {}
    for name in INTERVAL_FIGURES:
        values = {r: np.array([o.figures(r)[name] for o in replay.measurable]) for r in _rankers(replay)}
        found[name] = {r: bootstrap(values[OURS] if r == OURS else values[OURS] - values[r]) for r in values}
    return found


def exposure_of(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the mean exposure of sources and newcomers in the top READING_DEPTH, beside the pool and the picks."""
    return metrics.mean_figures(
        [exposure(o.order(), [host_of(url) for url in o.urls], o.on_known_hosts, o.picked) for o in outcomes]
    )


def recall_by_section(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """Return section → share of its carried picks in the top READING_DEPTH, over all issues."""
    hits: dict[str, list[bool]] = {}
    for outcome in outcomes:
        section_hits(outcome.published_as, outcome.order(), hits)
    return {section: float(np.mean(found)) for section, found in sorted(hits.items())}


def section_hits(published_as: Sequence[PublishedPick | None], order: np.ndarray, hits: dict[str, list[bool]]) -> None:
    """Append to `hits`, by section, whether each pick is in the top READING_DEPTH."""
    for place, row in enumerate(order, 1):
        published = published_as[row]
        if published and published.pick.section:
            hits.setdefault(published.pick.section, []).append(place <= READING_DEPTH)


def counted_kinds(picks: Iterable[PublishedPick]) -> frozenset[str]:
    """Return the kinds of picks on which sections are measured: in title lines; all, where none stands in one.

    A newsletter written in prose has no title lines; elsewhere links in prose follow the story that they stand in.
    """
    kinds = frozenset(published.pick.kind for published in picks)
    return kinds & {"title"} or kinds


def section_truths(replay: Replay, only: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the sections of all picks that count, and the probabilities predicted from their titles.

    Parameters
    ----------
    only : sequence of str
        Take the picks of these sections only; empty: all.
    """
    wanted = set(only or replay.sections)
    kinds = counted_kinds(published for outcome in replay.outcomes for published in outcome.picks)
    truths, probabilities = [], []
    for outcome in replay.outcomes:
        for published, row in zip(outcome.picks, outcome.pick_sections, strict=True):
            if published.pick.kind in kinds and published.pick.section in wanted:
                truths.append(published.pick.section)
                probabilities.append(row)
    return truths, np.array(probabilities).reshape(len(truths), len(replay.sections))


def predicted_and_picked(outcomes: Iterable[Outcome]) -> tuple[np.ndarray, np.ndarray]:
    """Return the predicted P(picked) of all candidates, and which were picked."""
    outcomes = list(outcomes)
    if not outcomes:
        return np.zeros(0), np.zeros(0, dtype=bool)
    return np.concatenate([o.scores[OURS] for o in outcomes]), np.concatenate([o.picked for o in outcomes])


def recall_curve(outcomes: Iterable[Outcome], ranker: str = OURS) -> list[float]:
    """Return the mean share of the carried picks found by reading 1, 2, … 100 candidates."""
    return metrics.recall_curve([o.picked[o.order(ranker)] for o in outcomes])


def misses(outcomes: Iterable[Outcome], depth: int = READING_DEPTH) -> list[dict[str, Any]]:
    """List the carried picks ranked below `depth`, newest issue first."""
    return [
        {
            "issue": o.issue,
            "rank": place,
            "title": published.pick.title,
            "section": published.pick.section,
            "url": o.urls[row],
        }
        for o in reversed(list(outcomes))
        for place, row in enumerate(o.order(), 1)
        if place > depth and (published := o.published_as[row])
    ]


def headline(replay: Replay) -> str:
    """Return one sentence: the share of picks found by reading the top of the shortlist."""
    if replay.unmeasurable_reason:
        return replay.unmeasurable_reason
    n, figures = len(replay.measurable), figures_of(replay)[OURS]
    of_carried, of_all = (100 * figures[f"recall@{READING_DEPTH}{suffix}"] for suffix in ("", "_of_all"))
    issues = f"{n} issues" if n > 1 else "issue"
    return (
        f"over your last {issues}, reading the top {READING_DEPTH} would have found {of_carried:.0f} % "
        f"of your picks that a source carried, {of_all:.0f} % of all your picks"
    )


def _rankers(replay: Replay) -> list[str]:
    return list(replay.measurable[0].scores) if replay.measurable else []
