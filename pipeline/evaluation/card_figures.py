"""What a model's card says of its quality: figures with intervals, weak spots by section and source, exposure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from models import metrics
from models.intervals import bootstrap
from pipeline.core.types import Progress
from pipeline.core.urls import host_of
from pipeline.evaluation.exposure import READING_DEPTH, exposure
from pipeline.evaluation.replay_points import ReplayPoint, replay_points
from pipeline.evaluation.results import counted_kinds
from pipeline.ranking.fitting import fit_relevance, fit_sections
from pipeline.ranking.snapshot import Snapshot

MAX_COMPARED_ISSUES = 10
NAMED = 5  # sections and sources named as weak
MIN_PICKS = 3  # of a section or source, for its recall to be named
DIGITS = 4
ScoredPoint = tuple[ReplayPoint, np.ndarray]


def latest_scored(snapshot: Snapshot, progress: Progress | None = None, **params: Any) -> list[ScoredPoint]:
    """Score the candidates of the latest issues by rankers with these parameters, each fitted before its issue."""
    issues = snapshot.issues[1:][-MAX_COMPARED_ISSUES:]  # before the very first there was nothing to train on
    scored = []
    for done, point in enumerate(replay_points(snapshot, issues), 1):
        if point.picked.any():
            scored.append((point, fit_relevance(point.known, point.training_set, **params).scores(point.examples)))
        if progress:
            progress(done, len(issues))
    return scored


def card_figures(scored: Sequence[ScoredPoint]) -> dict[str, Any]:
    """Return a card's figures, measured on past issues by models fitted before each; {} where none can be measured."""
    if not scored:
        return {}
    ranks = [(point, metrics.ranked(scores, point.ids)) for point, scores in scored]
    return {
        "measured_on": [point.issue.number for point, _ in ranks],
        "figures": {
            "ndcg@20": _interval([metrics.ndcg(point.picked[order]) for point, order in ranks]),
            "recall@25": _interval([metrics.recall_at(point.picked[order], READING_DEPTH) for point, order in ranks]),
        },
        "weak_sections": _weak(ranks, lambda published: published.pick.section),
        "weak_sources": _weak(ranks, lambda published: host_of(published.pick.url or "")),
        "exposure": _rounded(
            metrics.mean_figures(
                [exposure(order, point.examples.sources, point.on_known_hosts, point.picked) for point, order in ranks]
            )
        ),
    }


def section_card_figures(snapshot: Snapshot) -> dict[str, Any]:
    """Return a section classifier's figures on the picks of the latest issues, fitted before each; {} without picks."""
    issues = snapshot.issues[1:][-MAX_COMPARED_ISSUES:]
    keys, kinds = list(snapshot.briefs.keys), counted_kinds(snapshot.picks)
    truth: list[str] = []
    found = [np.zeros((0, len(keys)))]
    for point in replay_points(snapshot, issues):
        rows = [
            n
            for n, p in enumerate(snapshot.picks)
            if p.issue.number == point.issue.number and p.pick.kind in kinds and p.pick.section in keys
        ]
        if rows:
            classifier = fit_sections(point.known, point.training_set)
            found.append(classifier.section_probabilities(snapshot.pick_examples.take(rows)))
            truth += [snapshot.picks[n].pick.section or "" for n in rows]
    if not truth:
        return {}
    probabilities = np.concatenate(found)
    best = [keys[n] for n in probabilities.argmax(axis=1)]
    right, total = Counter(t for t, b in zip(truth, best, strict=True) if t == b), Counter(truth)
    weak = sorted((k for k in total if right[k] < total[k]), key=lambda key: (right[key] / total[key], key))
    return {
        "measured_on": [issue.number for issue in issues],
        "figures": _rounded(metrics.section_figures(truth, probabilities, keys)),
        "weak_sections": {key: f"{right[key]} of {total[key]} picks placed there" for key in weak[:NAMED]},
    }


def _weak(ranks: Sequence[tuple[ReplayPoint, np.ndarray]], name_of: Any) -> dict[str, str]:
    """Name the sections or sources of whose carried picks fewest stand in the top `READING_DEPTH`, with counts."""
    found, total = Counter[str](), Counter[str]()
    for point, order in ranks:
        top = set(order[:READING_DEPTH].tolist())
        for row, published in enumerate(point.published_as):
            if published and (name := name_of(published)):
                total[name] += 1
                found[name] += row in top
    weak = [name for name in total if total[name] >= MIN_PICKS and found[name] < total[name]]
    weak.sort(key=lambda name: (found[name] / total[name], -total[name], name))
    return {name: f"{found[name]} of {total[name]} picks in the top {READING_DEPTH}" for name in weak[:NAMED]}


def _interval(values: Sequence[float]) -> dict[str, float]:
    return _rounded(asdict(bootstrap(values)))


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    """Round; what cannot be measured is left out, because a card is JSON, which has no nan."""
    return {name: round(value, DIGITS) for name, value in figures.items() if np.isfinite(value)}
