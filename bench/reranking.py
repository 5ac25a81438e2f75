"""From a decision to the re-ranked shortlist, 2,000 candidates."""

import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.figures import Figure
from bench.invented import TODAY, articles
from bench.store import lay_articles, lay_history, new_workspace
from pipeline.core.as_of import AsOf
from pipeline.core.types import Decision
from pipeline.desk.rerank import prepare
from pipeline.desk.session import Desk
from pipeline.steps.classify import classify_articles
from pipeline.steps.rank import rank_candidates

CANDIDATES, DECISIONS = 2_000, 60


def measure() -> list[Figure]:
    """Pick and skip in turn; each time wait until the decision is on disk and the list re-ranked."""
    with tempfile.TemporaryDirectory() as name:
        workspace = new_workspace(Path(name))
        lay_history(workspace, 15_000, 100, 20)
        lay_articles(workspace, articles(CANDIDATES, seed=5, first_day=TODAY.date(), days=1))
        as_of = AsOf.now(TODAY.replace(day=21, hour=12))
        workspace = replace(workspace, as_of=as_of)
        context = workspace.context()
        classify_articles(context)
        rank_candidates(context)
        desk = Desk(workspace, is_past=True)
        desk.use_reranker(prepare(workspace.context(learns_from_candidates=False)))
        milliseconds = [_decide(desk, nth) for nth in range(DECISIONS)]
    p50, p95 = np.percentile(milliseconds, [50, 95])
    what = f"decide and re-rank, {CANDIDATES} candidates"
    return [Figure(f"{what}, p50", "–", p50, 100, "ms"), Figure(f"{what}, p95", "–", p95, 200, "ms")]


def _decide(desk: Desk, nth: int) -> float:
    story = next(s for s in desk.stories()[nth:] if s.state == "new")
    started = time.perf_counter()
    desk.record([Decision(story.id, "pick" if nth % 2 else "skip", "bench", desk.as_of.time)])
    desk.stories()
    return 1000 * (time.perf_counter() - started)
