"""Start of commands: `triage --help`, and the shortlist of a large store."""

import statistics
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure
from bench.processes import run
from bench.store import lay_history, new_workspace
from pipeline.steps.classify import classify_articles
from pipeline.steps.rank import rank_candidates

TRIAGE = (sys.executable, "-m", "flows.cli")
ROUNDS = 9
SMALL, LARGE = 1_000, 100_000


def measure() -> list[Figure]:
    """Time processes from start to end, in turn."""
    help_, imports = [], []
    small: list[float] = []
    large: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        stores = [_store(Path(name) / str(count), count) for count in (SMALL, LARGE)]
        for _ in range(ROUNDS):
            help_.append(run([*TRIAGE, "--help"]).seconds)
            imports.append(run([sys.executable, "-c", "import typer, rich"]).seconds)
            for seconds, folder in zip((small, large), stores, strict=True):
                seconds.append(run([*TRIAGE, "shortlist", "--workspace", str(folder)]).seconds)
    a, b, c, d = map(statistics.median, (help_, imports, large, small))
    return [
        Figure("`triage --help`", '`python -c "import typer, rich"`', a / b, 1.5, detail=f"{a:.2f} s, {b:.2f} s"),
        Figure(
            f"`triage shortlist`, {LARGE:,} stored articles", f"{SMALL:,} stored articles", c / d, 1.5,
            detail=f"{c:.2f} s against {d:.2f} s",
        ),
    ]  # fmt: skip


def _store(folder: Path, count: int) -> Path:
    workspace = new_workspace(folder)
    lay_history(workspace, count)
    context = workspace.context()
    classify_articles(context)
    rank_candidates(context)
    return folder
