"""Say what a replay found in records that others can check: JSON, and one line per issue and candidate."""

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from models import metrics
from pipeline.core.errors import InputError
from pipeline.evaluation.live_replay import live_record
from pipeline.evaluation.results import (
    OURS,
    Outcome,
    Replay,
    chances,
    figures_of,
    headline,
    intervals_of,
    misses,
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
        json.dumps(_finite(line), ensure_ascii=False) for o in replay.outcomes for line in _lines(o, replay.sections)
    ]
    try:
        path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        raise InputError(f"cannot write {path} ({error.strerror}); name another file") from error
    return len(lines)


def as_record(replay: Replay, sections: Sequence[str] = ()) -> dict[str, Any]:
    """Gather all figures of a replay.

    Parameters
    ----------
    sections : sequence of str
        Judge the sections over the picks of these and among these alone; default: all.
    """
    record: dict[str, Any] = {
        "issues": [outcome.issue for outcome in replay.outcomes],
        "measurable": [outcome.issue for outcome in replay.measurable],
        "without": list(replay.without),
        "headline": headline(replay),
        "sections": section_record(replay, sections),
    }
    if not replay.why_not:
        promised, came = chances(replay.measurable)
        record |= {
            "figures": figures_of(replay),
            "on_known_hosts": figures_of(replay, known_hosts=True),
            "intervals": {n: {r: asdict(i) for r, i in v.items()} for n, v in intervals_of(replay).items()},
            "recall_by_section": recall_by_section(replay.measurable),
            "recall_curve": recall_curve(replay.measurable),
            "calibration_error": metrics.calibration_error(promised, came),
            "reliability": metrics.reliability(promised, came),
            "learning_curve": replay.curve,
            "per_issue": [{"issue": o.issue, "date": o.day, **o.figures(OURS)} for o in replay.measurable],
            "misses": misses(replay.measurable),
        }
        if readings := [o.live for o in replay.measurable if o.live]:
            record["live"] = live_record(readings)
    rounded: dict[str, Any] = _finite(record)
    return rounded


def section_record(replay: Replay, only: Sequence[str] = ()) -> dict[str, Any]:
    """Measure how well sections are told, over the picks in title lines; of `only` these, and among them alone."""
    truths, told = section_truths(replay, only)
    keys = [key for key in replay.sections if key in only] or list(replay.sections)
    told = told[:, [list(replay.sections).index(key) for key in keys]]
    if only:
        told = told / np.maximum(told.sum(axis=1, keepdims=True), 1e-12)  # the chances among these alone
    best = [keys[n] for n in told.argmax(axis=1)] if truths else []
    figures = metrics.section_figures(truths, told, keys)
    counts = metrics.confusion(truths, best, keys).tolist()
    return {"picks": len(truths), **figures, "keys": keys, "confusion": counts}


def _lines(outcome: Outcome, sections: Sequence[str]) -> Iterator[dict[str, Any]]:
    for rank, row in enumerate(outcome.order() if outcome.ids else (), 1):
        yield {
            "issue": outcome.issue,
            "url": outcome.urls[row],
            "rank": rank,
            "relevance": float(outcome.scores[OURS][row]),
            **_told(outcome.sections[row], sections),
            "picked": bool(outcome.picked[row]),
            "first_seen": outcome.first_seen[row].isoformat(),
            "trained_before": outcome.day.isoformat(),
            **({"read_at": int(outcome.live.read_at[row])} if outcome.live else {}),
        }
    place = {ran.url_key or ran.name: n for n, ran in enumerate(outcome.picks)}
    for ran in outcome.missed:
        yield {
            "issue": outcome.issue,
            "url": ran.pick.url,
            "rank": None,
            "relevance": None,
            **_told(outcome.pick_sections[place[ran.url_key or ran.name]], sections),
            "picked": True,
            "first_seen": None,
            "trained_before": outcome.day.isoformat(),
        }


def _told(row: Any, sections: Sequence[str]) -> dict[str, Any]:
    told = {key: float(p) for key, p in zip(sections, row, strict=True)}
    best = max(told, key=lambda key: told[key]) if told else None
    none = 1 - sum(told.values())
    return {"section": best if best and told[best] >= none else None, "sections": told}


def _finite(value: Any) -> Any:
    """Round floats; what cannot be measured is null, because JSON has no nan."""
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
