"""Replaying 40 issues over 17,000 articles beside doing each issue alone: read, prepared and fitted anew."""

import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure
from bench.store import lay_history, new_workspace
from models import features
from pipeline.core.as_of import AsOf
from pipeline.core.types import Issue
from pipeline.ops.workspace import Workspace
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps.replay import replay_issues

ARTICLES, ISSUES, REPLAYED, PICKS_EACH = 17_000, 140, 40, 20
ROUNDS = 3  # the two take minutes


def measure() -> list[Figure]:
    """Replay the last issues together, then each alone."""
    with tempfile.TemporaryDirectory() as name:
        workspace = new_workspace(Path(name))
        lay_history(workspace, ARTICLES, ISSUES, PICKS_EACH)
        together, alone = [], []
        for _ in range(ROUNDS):
            started = time.perf_counter()
            snapshot = load_snapshot(workspace.database, workspace.newsletter, workspace.embedder, workspace.as_of)
            issues = snapshot.issues[-REPLAYED:]
            replay_issues(snapshot, issues)
            together.append(time.perf_counter() - started)
            alone.append(_one_by_one(workspace, issues))
    a, b = statistics.median(together), statistics.median(alone)
    return [
        Figure(
            f"replay of {REPLAYED} issues over {ARTICLES:,} articles, {ROUNDS} runs",
            "each issue alone, nothing reused",
            a / b, 0.5, detail=f"{a:.0f} s against {b:.0f} s",
        )
    ]  # fmt: skip


def _one_by_one(workspace: Workspace, issues: Sequence[Issue]) -> float:
    started = time.perf_counter()
    for issue in issues:
        _clear_token_caches()
        as_of = AsOf.before_issue(issue.date + timedelta(days=1))  # so that the issue itself is known, to judge by
        snapshot = load_snapshot(workspace.database, workspace.newsletter, workspace.embedder, as_of)
        replay_issues(snapshot, [issue])
    return time.perf_counter() - started


def _clear_token_caches() -> None:
    """Clear the caches of tokenised texts, as in a process of its own."""
    for cached in (features._words, features._address_words, features._account, features.domain_of):
        cached.cache_clear()
