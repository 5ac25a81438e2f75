"""The step `replay`: rank past issues again with what was known before each, by our models and by the baselines.

Every model is fitted on what was known before the issue it is measured on. What does not depend on the time (vectors,
word counts) is computed once for all issues.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from models import baselines, metrics
from pipeline.core.as_of import AsOf, start_of_day
from pipeline.core.types import Issue, Progress, StepReport
from pipeline.evaluation.live_replay import read_live
from pipeline.evaluation.replay_points import ReplayPoint, replay_points
from pipeline.evaluation.results import OURS, Outcome, Replay
from pipeline.ranking.candidates import window_start
from pipeline.ranking.fitting import cap_expected_picks, fit_relevance, fit_sections
from pipeline.ranking.snapshot import Snapshot
from pipeline.ranking.training_set import TrainingSet, build_training_set
from pipeline.store.database import Database
from pipeline.store.runs import record_run

SIZES = (1, 5, 10, 20, 50)  # issues known, on the learning curve
CURVE_ISSUES = 10  # the curve is measured on so many of the replayed issues, evenly spread
RECORDED = (
    "issues",
    "without",
    "headline",
    "figures",
    "sections",
    "recall_curve",
    "calibration_error",
    "reliability",
    "live",
    "pick_ranks",
)
INSTRUCTIONS, PICKS, PICKS_AND_ARTICLES = "a: instructions", "b: picks alone", "c: picks and articles"


def replay_issues(
    snapshot: Snapshot,
    issues: Sequence[Issue],
    *,
    without: tuple[str, ...] = (),
    curve: bool = False,
    live: bool = False,
    progress: Progress | None = None,
) -> Replay:
    """Rank past issues again.

    Parameters
    ----------
    snapshot : Snapshot
        All that is known; the state before each issue is a slice of it.
    issues : sequence of Issue
        The issues to rank again.
    without : tuple of str
        Feature groups to leave out of our models: "source", "url".
    curve : bool
        Whether to measure the learning curve too.
    live : bool
        Whether to simulate a reader whose decisions re-rank the rest; takes seconds an issue.
    progress : callable, optional
        Called with (done, total) after each issue.
    """
    svm = baselines.TfidfSvm([*snapshot.article_examples.titles, *snapshot.pick_examples.titles])
    on_curve = {issue.number for issue in issues[:: max(1, len(issues) // CURVE_ISSUES)]} if curve else set()
    outcomes = []
    points: list[tuple[str, str, dict[str, float]]] = []
    for done, point in enumerate(replay_points(snapshot, issues), 1):
        outcomes.append(_outcome(snapshot, point, svm, without, live))
        if point.issue.number in on_curve and point.picked.any():
            # the last point of the curve, with all issues and articles known, is the replay itself
            points += [*_curve_points(point, without), (PICKS_AND_ARTICLES, "all", outcomes[-1].figures(OURS))]
        if progress:
            progress(done, len(issues))
    return Replay(outcomes, list(snapshot.briefs.keys), without, _curve(points))


def select_issues(
    issues: Sequence[Issue], *, last: int | None = None, first: int | None = None, until: int | None = None
) -> list[Issue]:
    """Select the issues to replay: the last so many, or those from one number to another."""
    if first is not None or until is not None:
        return [i for i in issues if (first is None or i.number >= first) and (until is None or i.number <= until)]
    return list(issues[-last:]) if last else list(issues)


def record_replay(database: Database, record: Mapping[str, Any], as_of: AsOf, seconds: float) -> StepReport:
    """Store a replay's figures in table `runs`, which `triage status` and the desk read."""
    details = {name: record[name] for name in RECORDED if name in record}
    report = StepReport("replay", len(record["issues"]), len(record["measurable"]), 0, seconds, details)
    return record_run(database, report, as_of)


def _outcome(
    snapshot: Snapshot, point: ReplayPoint, svm: baselines.TfidfSvm, without: tuple[str, ...], live: bool
) -> Outcome:
    articles = [point.known.articles[row] for row in point.rows]
    rows = [n for n, published in enumerate(snapshot.picks) if published.issue.number == point.issue.number]
    classifier = fit_sections(point.known, point.training_set, without=without)
    scores = {}
    reading = None
    if articles:
        ours = fit_relevance(point.known, point.training_set, without=without)
        scores = {OURS: ours.scores(point.examples), **_baseline_scores(point, svm)}
        # capped as on the desk, so that its estimate of what is left is the one measured; the order is the same
        capped = cap_expected_picks(ours, point.known, point.candidates)
        reading = read_live(point, capped) if live else None
    n_sections = len(snapshot.briefs.keys)
    return Outcome(
        point.issue.number,
        point.issue.date,
        point.ids,
        [article.url for article in articles],
        [article.first_seen_at for article in articles],
        point.published_as,
        point.missed,
        point.on_known_hosts,
        scores,
        classifier.section_probabilities(point.examples) if articles else np.zeros((0, n_sections)),
        classifier.section_probabilities(snapshot.pick_examples.take(rows)) if rows else np.zeros((0, n_sections)),
        [snapshot.picks[n] for n in rows],
        reading,
    )


def score_candidates(point: ReplayPoint, training_set: TrainingSet, **params: Any) -> np.ndarray:
    """Score an issue's candidates by a ranker fitted on a training set."""
    return fit_relevance(point.known, training_set, **params).scores(point.examples)


def _baseline_scores(point: ReplayPoint, svm: baselines.TfidfSvm) -> dict[str, np.ndarray]:
    """Score by the baselines, fitted on the articles of the training set."""
    n = len(point.training_set.article_rows)
    seen, y = point.training_set.examples.take(slice(n)), point.training_set.y[:n]
    examples = point.examples
    both, zeros = 0 < y.sum() < len(y), np.zeros(len(examples))
    return {
        "random": baselines.random_scores(len(examples), point.issue.number),
        "newest": np.asarray(examples.days),
        "mean cosine": baselines.mean_cosine(examples.vectors, seen.vectors[y == 1]),
        "source prior": baselines.source_prior(examples.sources, seen.sources, y),
        "tf-idf svm": svm.scores(point.training_set.article_rows, y, point.candidates.rows) if both else zeros,
    }


def _curve_points(point: ReplayPoint, without: tuple[str, ...]) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Measure a newsletter with fewer past issues, with and without the articles of their time."""
    n_issues = len(point.known.issues)
    candidates_since = window_start(point.known)
    for size in (0, *(size for size in SIZES if size < n_issues), n_issues):
        known = _last_issues_only(point.known, size)
        name = "all" if size == n_issues else str(size)
        starts = {PICKS if size else INSTRUCTIONS: candidates_since}
        if 0 < size < n_issues:
            starts[PICKS_AND_ARTICLES] = _first_day(point, size)
        for start, since in starts.items():
            training_set = build_training_set(known, point.candidates, since=since)
            scores = score_candidates(point, training_set, without=without)
            picked = point.picked[metrics.ranked(scores, point.ids)]
            yield start, name, metrics.issue_figures(picked, point.n_picks)


def _first_day(point: ReplayPoint, size: int) -> datetime:
    """Return from when on articles were candidates for the last `size` issues."""
    return start_of_day(point.known.issues[-size - 1].date) + timedelta(days=1)


def _last_issues_only(known: Snapshot, size: int) -> Snapshot:
    """Return the snapshot with its last `size` issues only."""
    issues = known.issues[len(known.issues) - size :]
    numbers = {issue.number for issue in issues}
    rows = [n for n, published in enumerate(known.picks) if published.issue.number in numbers]
    picks = [known.picks[n] for n in rows]
    return replace(known, issues=issues, picks=picks, pick_examples=known.pick_examples.take(rows))


def _curve(points: Sequence[tuple[str, str, dict[str, float]]]) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    found: dict[str, dict[str, list[dict[str, float]]]] = {}
    for start, size, figures in points:
        found.setdefault(start, {}).setdefault(size, []).append(figures)
    order = ["0", *map(str, SIZES), "all"]
    return {
        start: {size: metrics.mean_figures(by_size[size]) for size in order if size in by_size}
        for start, by_size in sorted(found.items())
    }
