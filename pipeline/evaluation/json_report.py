"""Write a replay as JSON: all figures as one record, and the rankings as one line per issue and candidate."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from models import metrics
from pipeline.core.errors import InputError
from pipeline.core.section_choice import best_section
from pipeline.core.urls import article_id
from pipeline.evaluation.live_replay import live_record
from pipeline.evaluation.results import (
    OURS,
    Outcome,
    Replay,
    counted_kinds,
    exposure_of,
    figures_of,
    headline,
    intervals_of,
    misses,
    predicted_and_picked,
    recall_by_section,
    recall_curve,
    section_truths,
)

DIGITS = 6


def write_rankings(replay: Replay, path: Path) -> int:
    """Write a line per (issue, candidate), best first; picks that no source carried have rank null.

    Returns
    -------
    int
        The number of lines.
    """
    lines = [
        json.dumps(finite(line), ensure_ascii=False) for o in replay.outcomes for line in _lines(o, replay.sections)
    ]
    try:
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); name another file") from error
    return len(lines)


def as_record(replay: Replay, sections: Sequence[str] = ()) -> dict[str, Any]:
    """Return all figures of a replay as a JSON record.

    Parameters
    ----------
    sections : sequence of str
        Measure the section classifier on the picks of these only, choosing among these; default: all.
    """
    record: dict[str, Any] = {
        "issues": [outcome.issue for outcome in replay.outcomes],
        "measurable": [outcome.issue for outcome in replay.measurable],
        "without": list(replay.without),
        "headline": headline(replay),
        "sections": section_record(replay, sections),
    }
    if not replay.unmeasurable_reason:
        predicted, picked = predicted_and_picked(replay.measurable)
        record |= {
            "figures": figures_of(replay),
            "on_known_hosts": figures_of(replay, known_hosts=True),
            "intervals": {n: {r: asdict(i) for r, i in v.items()} for n, v in intervals_of(replay).items()},
            "recall_by_section": recall_by_section(replay.measurable),
            "exposure": exposure_of(replay.measurable),
            "recall_curve": recall_curve(replay.measurable),
            "calibration_error": metrics.calibration_error(predicted, picked),
            "reliability": metrics.reliability(predicted, picked),
            "learning_curve": replay.curve,
            "per_issue": [{"issue": o.issue, "date": o.day, **o.figures(OURS)} for o in replay.measurable],
            "misses": misses(replay.measurable),
            "pick_ranks": {str(outcome.issue): ranks_of_picks(outcome) for outcome in replay.measurable},
        }
        if readings := [o.live for o in replay.measurable if o.live]:
            record["live"] = live_record(readings)
    rounded: dict[str, Any] = finite(record)
    return rounded


def ranks_of_picks(outcome: Outcome) -> dict[str, int]:
    """Return article id of each pick that was a candidate → the rank at which our models put it; 1 is the best."""
    found = [(rank, outcome.published_as[row]) for rank, row in enumerate(outcome.order(), 1)]
    return {article_id(published.pick.url): rank for rank, published in found if published and published.pick.url}


def section_record(replay: Replay, only: Sequence[str] = ()) -> dict[str, Any]:
    """Measure the section classifier on the picks that count; with `only`, on these sections and among them.

    `in_prose` is whether links inside sentences count, because these issues have no title lines.
    """
    truths, probabilities = section_truths(replay, only)
    keys = [key for key in replay.sections if key in only] or list(replay.sections)
    probabilities = probabilities[:, [list(replay.sections).index(key) for key in keys]]
    if only:
        probabilities = probabilities / np.maximum(probabilities.sum(axis=1, keepdims=True), 1e-12)
    best = [keys[n] for n in probabilities.argmax(axis=1)] if truths else []
    figures = metrics.section_figures(truths, probabilities, keys)
    counts = metrics.confusion(truths, best, keys).tolist()
    in_prose = "inline" in counted_kinds(published for outcome in replay.outcomes for published in outcome.picks)
    return {"picks": len(truths), "in_prose": in_prose, **figures, "keys": keys, "confusion": counts}


def _lines(outcome: Outcome, sections: Sequence[str]) -> Iterator[dict[str, Any]]:
    for rank, row in enumerate(outcome.order() if outcome.ids else (), 1):
        yield {
            "issue": outcome.issue,
            "url": outcome.urls[row],
            "rank": rank,
            "relevance": float(outcome.scores[OURS][row]),
            **_section_fields(outcome.sections[row], sections),
            "picked": bool(outcome.picked[row]),
            "first_seen": outcome.first_seen[row].isoformat(),
            "trained_before": outcome.day.isoformat(),
            **({"read_at": int(outcome.live.read_at[row])} if outcome.live else {}),
        }
    pick_rows = {published.url_key or published.title_key: n for n, published in enumerate(outcome.picks)}
    for published in outcome.missed:
        yield {
            "issue": outcome.issue,
            "url": published.pick.url,
            "rank": None,
            "relevance": None,
            **_section_fields(outcome.pick_sections[pick_rows[published.url_key or published.title_key]], sections),
            "picked": True,
            "first_seen": None,
            "trained_before": outcome.day.isoformat(),
        }


def _section_fields(row: Any, keys: Sequence[str]) -> dict[str, Any]:
    probabilities = {key: float(p) for key, p in zip(keys, row, strict=True)}
    return {"section": best_section(probabilities), "sections": probabilities}


def finite(value: Any) -> Any:
    """Round floats; what cannot be measured is null, because JSON has no nan."""
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
