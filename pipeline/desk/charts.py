"""Charts of the status page: recall of the ranking, calibration, picks per section."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pipeline.core.config import Newsletter
from pipeline.core.types import Issue
from pipeline.desk.session import Desk
from pipeline.store.issues import known_issues
from pipeline.store.runs import last_report

ISSUES = 40  # the last ones, in the picture of sections
TOP_SECTIONS = 6  # have a line of their own


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot with its title and a description in words."""

    title: str
    words: str
    svg: str


def charts(desk: Desk) -> list[Chart]:
    """Return the charts of the last replay and the past issues."""
    with desk.workspace.database.reading() as connection:
        issues = known_issues(connection, desk.as_of.issues_before)
        replay = last_report(connection, "replay")
    drawn = _of_replay(json.dumps(replay, sort_keys=True)) if replay else []
    return [*drawn, *_of_sections(desk.workspace.newsletter, issues[-ISSUES:])]


@lru_cache(maxsize=4)
def _of_replay(details: str) -> list[Chart]:
    from pipeline.evaluation import plots

    replay: dict[str, Any] = json.loads(details)
    found = []
    if replay.get("recall_curve"):
        curve = replay["recall_curve"]
        at = min(25, len(curve)) - 1
        words = (
            f"In the last replay, reading the best {at + 1} finds {curve[at]:.0%} of the picks that a source carried."
        )
        svg = plots.curves(
            {"triage": (list(range(1, len(curve) + 1)), curve)}, "candidates read", "share of picks found"
        )
        found.append(Chart("How much is found by reading so far", words, clean(svg, words)))
    if replay.get("reliability"):
        words = "Where the points lie on the dotted line, a promised 30% comes true three times in ten."
        svg = plots.reliability_plot([tuple(row) for row in replay["reliability"]])
        found.append(Chart("Are the percentages true", words, clean(svg, words)))
    return found


def _of_sections(newsletter: Newsletter, issues: Sequence[Issue]) -> list[Chart]:
    if len(issues) < 2:
        return []
    names = {section.key: section.name for section in newsletter.sections}
    total = Counter(pick.section for issue in issues for pick in issue.picks if pick.section)
    counts = [Counter(pick.section for pick in issue.picks) for issue in issues]
    bars = {names.get(key, key): tuple(count[key] for count in counts) for key, _ in total.most_common(TOP_SECTIONS)}
    if not bars:
        return []
    words = f"Of the last {len(issues)} issues; the most used sections: {', '.join(bars)}."
    svg = _section_plot(tuple(bars.items()), tuple(issue.number for issue in issues))
    return [Chart("Picks per section over time", words, clean(svg, words))]


@lru_cache(maxsize=4)
def _section_plot(bars: Sequence[tuple[str, Sequence[int]]], numbers: Sequence[int]) -> str:
    from pipeline.evaluation import plots

    return plots.stacked(dict(bars), numbers, "issue", "picks")


def clean(svg: str, words: str) -> str:
    """Turn a plot's inline styles into attributes, which our Content-Security-Policy allows; add its description."""
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' style="([^"]*)"', lambda match: _attributes(match[1]), svg)
    label = words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
    return svg.replace("<svg ", f'<svg role="img" aria-label="{label}" class="plot" ', 1)


def _attributes(style: str) -> str:
    properties = dict(part.split(":", 1) for part in style.split(";") if ":" in part)
    pairs = {name.strip(): value.strip() for name, value in properties.items()}
    font = re.match(r"(?:\S+ )*?([\d.]+px)", pairs.pop("font", ""))
    if font:
        pairs["font-size"] = font[1]
    pairs.pop("font-family", None)  # the page's own
    return "".join(f' {name}="{value}"' for name, value in pairs.items())
