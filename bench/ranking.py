"""Classifying and ranking 10,000 candidates after 3,000 picks, beside embedding those candidates."""

import statistics
import tempfile
import time
from pathlib import Path

from bench.figures import Figure
from bench.invented import TODAY, articles
from bench.store import lay_articles, lay_history, new_workspace, views
from models.embedder import SHIPPED
from pipeline.core.as_of import AsOf
from pipeline.steps.classify import classify_articles
from pipeline.steps.rank import rank_candidates

CANDIDATES, ISSUES, PICKS_EACH = 10_000, 150, 20
EMBEDDED = 500  # of the candidates; embedding them all would take minutes
ROUNDS = 5


def measure() -> list[Figure]:
    """Classify and rank all candidates, and embed some of them, in turn."""
    with tempfile.TemporaryDirectory() as name:
        workspace = new_workspace(Path(name), model=SHIPPED)
        lay_history(workspace, 6000, ISSUES, PICKS_EACH)
        week = articles(CANDIDATES, seed=5, first_day=TODAY.date(), days=1)
        lay_articles(workspace, week)
        as_of = AsOf.now(TODAY.replace(day=21, hour=12))
        texts = [view for article in week[:EMBEDDED] for view in views(article)]
        workspace.embedder.embed(texts[:8])
        judging, embedding = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            context = workspace.context(as_of)
            assert classify_articles(context).done >= 0.9 * CANDIDATES
            rank_candidates(context)
            judging.append(time.perf_counter() - started)
            started = time.perf_counter()
            workspace.embedder.embed(texts)
            embedding.append((time.perf_counter() - started) * CANDIDATES / EMBEDDED)
    a, b = statistics.median(judging), statistics.median(embedding)
    return [
        Figure(
            f"classify and rank {CANDIDATES} candidates, {ISSUES * PICKS_EACH} picks",
            f"embedding them, at the rate of {EMBEDDED}", 100 * a / b, 5, "%", detail=f"{a:.1f} s against {b:.0f} s",
        )
    ]  # fmt: skip
