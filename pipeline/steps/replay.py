"""The step `replay`: rank past issues again as on the evening before each, with ours and with the baselines.

Everything that is fitted sees only what was known before the issue it is judged on. What does not depend on the
evening (vectors, word counts) is made once and shared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np

from models import baselines, metrics
from pipeline.core.as_of import Moment
from pipeline.core.types import Issue, Progress, StepReport
from pipeline.evaluation.replay_points import Evening, evenings
from pipeline.evaluation.results import OURS, Outcome, Replay
from pipeline.ranking.candidates import window_opens_at
from pipeline.ranking.fitting import fit_relevance, fit_sections
from pipeline.ranking.snapshot import BEGINNING, History
from pipeline.ranking.training_set import Lesson, lesson_of
from pipeline.store.database import Database
from pipeline.store.runs import keep_report

SIZES = (1, 5, 10, 20, 50)  # issues known, on the learning curve
CURVE_ISSUES = 10  # the curve is measured on so many of the replayed issues, evenly spread
KEPT = ("issues", "without", "headline", "figures", "sections", "recall_curve", "calibration_error", "reliability")
INSTRUCTIONS, PICKS, PICKS_AND_ARTICLES = "a: instructions", "b: picks alone", "c: picks and articles"


def replay_issues(
    history: History,
    issues: Sequence[Issue],
    *,
    without: tuple[str, ...] = (),
    curve: bool = False,
    progress: Progress | None = None,
) -> Replay:
    """Rank past issues again.

    Parameters
    ----------
    history : History
        All that is known at the moment of asking; each evening is a slice of it.
    issues : sequence of Issue
        The issues to be judged on.
    without : tuple of str
        Groups of features that our models do without: "source", "url", "dates".
    curve : bool
        Whether to measure the learning curve too.
    progress : callable, optional
        Called with (done, total) after each issue.
    """
    svm = baselines.TfidfSvm([*history.article_examples.titles, *history.pick_examples.titles])
    on_curve = {issue.number for issue in issues[:: max(1, len(issues) // CURVE_ISSUES)]} if curve else set()
    outcomes = []
    points: list[tuple[str, str, dict[str, float]]] = []
    for done, evening in enumerate(evenings(history, issues), 1):
        outcomes.append(_outcome(history, evening, svm, without))
        if evening.issue.number in on_curve and evening.picked.any():
            # with all issues and articles known, the curve ends where the replay itself stands
            points += [*_curve_points(evening, without), (PICKS_AND_ARTICLES, "all", outcomes[-1].figures(OURS))]
        if progress:
            progress(done, len(issues))
    return Replay(outcomes, list(history.briefs.keys), without, _curve(points))


def chosen_issues(
    issues: Sequence[Issue], *, last: int | None = None, first: int | None = None, until: int | None = None
) -> list[Issue]:
    """Choose the issues to replay: the last so many, or those from one number to another."""
    if first is not None or until is not None:
        return [i for i in issues if (first is None or i.number >= first) and (until is None or i.number <= until)]
    return list(issues[-last:]) if last else list(issues)


def keep_replay(database: Database, record: Mapping[str, Any], moment: Moment, seconds: float) -> StepReport:
    """Keep a replay's figures in table `runs`, where `triage status` and the desk find them."""
    details = {name: record[name] for name in KEPT if name in record}
    report = StepReport("replay", len(record["issues"]), len(record["measurable"]), 0, seconds, details)
    return keep_report(database, report, moment)


def _outcome(history: History, evening: Evening, svm: baselines.TfidfSvm, without: tuple[str, ...]) -> Outcome:
    articles = [evening.known.articles[row] for row in evening.rows]
    picks = [ran for ran in history.picks if ran.issue.number == evening.issue.number]
    rows = [n for n, ran in enumerate(history.picks) if ran.issue.number == evening.issue.number]
    classifier = fit_sections(evening.known, evening.lesson, without=without)
    scores = {}
    if articles:
        scores = {OURS: our_scores(evening, evening.lesson, without=without), **_baseline_scores(evening, svm)}
    n_sections = len(history.briefs.keys)
    return Outcome(
        evening.issue.number,
        evening.issue.date,
        evening.ids,
        [article.url for article in articles],
        [article.first_seen_at for article in articles],
        evening.ran_as,
        evening.missed,
        evening.on_known_hosts,
        scores,
        classifier.predict_proba(evening.examples) if articles else np.zeros((0, n_sections)),
        classifier.predict_proba(history.pick_examples.take(rows)) if rows else np.zeros((0, n_sections)),
        picks,
    )


def our_scores(evening: Evening, lesson: Lesson, **recipe: Any) -> np.ndarray:
    """Score an evening's candidates by a ranker fitted on a lesson."""
    return fit_relevance(evening.known, lesson, **recipe).scores(evening.examples)


def _baseline_scores(evening: Evening, svm: baselines.TfidfSvm) -> dict[str, np.ndarray]:
    """Score by what the peers do: fitted on the articles of the past, as they see them."""
    n = len(evening.lesson.article_rows)
    seen, y = evening.lesson.examples.take(slice(n)), evening.lesson.y[:n]
    examples = evening.examples
    both, zeros = 0 < y.sum() < len(y), np.zeros(len(examples))
    return {
        "random": baselines.random_scores(len(examples), evening.issue.number),
        "newest": np.asarray(examples.days),
        "mean cosine": baselines.mean_cosine(examples.vectors, seen.vectors[y == 1]),
        "source prior": baselines.source_prior(examples.sources, seen.sources, y),
        "tf-idf svm": svm.scores(evening.lesson.article_rows, y, evening.chosen.rows) if both else zeros,
    }


def _curve_points(evening: Evening, without: tuple[str, ...]) -> Iterator[tuple[str, str, dict[str, float]]]:
    """Measure what a newsletter of fewer issues would have known, with and without the articles of their time."""
    n_issues = len(evening.known.issues)
    tonight = window_opens_at(evening.known)
    for size in (0, *(size for size in SIZES if size < n_issues), n_issues):
        known = _remembering(evening.known, size)
        name = "all" if size == n_issues else str(size)
        starts = {PICKS: tonight} if size else {INSTRUCTIONS: tonight}
        if 0 < size < n_issues:
            starts[PICKS_AND_ARTICLES] = _first_day(evening, size)
        for start, since in starts.items():
            lesson = lesson_of(known, evening.chosen, since=since)
            scores = our_scores(evening, lesson, without=without)
            picked = evening.picked[metrics.ranked(scores, evening.ids)]
            yield start, name, metrics.issue_figures(picked, evening.n_picks)


def _first_day(evening: Evening, size: int) -> datetime:
    """Return the first instant of the weeks of the last `size` issues."""
    return datetime.combine(evening.known.issues[-size - 1].date, time.min, BEGINNING.tzinfo) + timedelta(days=1)


def _remembering(known: History, size: int) -> History:
    """Return the history of a newsletter that has only its last `size` issues."""
    issues = known.issues[len(known.issues) - size :]
    numbers = {issue.number for issue in issues}
    rows = [n for n, ran in enumerate(known.picks) if ran.issue.number in numbers]
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
