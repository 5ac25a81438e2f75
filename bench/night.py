"""A whole night beside its two unavoidable parts, and a night with nothing new beside an empty Prefect flow."""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.bare_parse import bare_parse
from bench.figures import Figure
from bench.invented import feeds
from bench.processes import run
from bench.server import serve_folder, write_feeds
from bench.store import lay_history, new_workspace, views
from models.embedder import SHIPPED, load_embedder
from pipeline.ops.workspace import Workspace
from pipeline.store.articles import newest_articles

FEEDS, ENTRIES = 500, 10
NIGHTS = 3  # one takes minutes
EMPTY_NIGHTS = 5
TRIAGE = (sys.executable, "-m", "flows.cli")
EMPTY_FLOW = """
import asyncio, sys
from pathlib import Path
from flows.prefect_settings import configure_prefect
configure_prefect(Path(sys.argv[1]))
from prefect import flow
@flow
async def empty(): pass
asyncio.run(empty())
"""


def measure() -> list[Figure]:
    """Time nights from the start of the process to its end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_feeds(folder / "feeds", feeds(FEEDS, ENTRIES))
        with serve_folder(folder / "feeds") as address:
            urls = [address + path for path in paths]
            nights, bare = [], []
            for nth in range(NIGHTS):
                workspace = new_workspace(folder / f"night{nth}", urls, SHIPPED)
                lay_history(workspace, 2000)
                old = set(_views(workspace))
                run([sys.executable, "-c", EMPTY_FLOW, str(workspace.folder)])  # Prefect makes its database once
                nights.append(_night(workspace.folder))
                new = [text for text in _views(Workspace.open(workspace.folder)) if text not in old]
                assert len(new) >= FEEDS * ENTRIES
                bare.append(bare_parse(folder / "feeds") + _bare_embedding(new))
            empty, flow = [], []
            for _ in range(EMPTY_NIGHTS):
                empty.append(_night(workspace.folder))
                flow.append(run([sys.executable, "-c", EMPTY_FLOW, str(workspace.folder)]).seconds)
    night, parts, nothing, prefect = map(statistics.median, (nights, bare, empty, flow))
    return [
        Figure(
            f"whole night, {FEEDS} feeds, {FEEDS * ENTRIES} new articles, {NIGHTS} runs",
            "feedparser alone on two processes, then embedding alone, then an empty Prefect flow",
            night / (parts + prefect), 1.25, detail=f"{night:.0f} s against {parts:.0f} + {prefect:.0f} s",
        ),
        Figure(
            f"a night with nothing new, {FEEDS} feeds", "an empty Prefect flow in a fresh process",
            nothing / prefect, 1.5, detail=f"{nothing:.1f} s against {prefect:.1f} s",
        ),
    ]  # fmt: skip


def _night(folder: Path) -> float:
    return run([*TRIAGE, "nightly", "--workspace", str(folder)]).seconds


def _views(workspace: Workspace) -> list[str]:
    with workspace.database.reading() as connection:
        return [view for a in newest_articles(connection, workspace.as_of) for view in views(a)]


def _bare_embedding(texts: list[str]) -> float:
    embedder = load_embedder()
    started = time.perf_counter()
    embedder.embed(texts)
    return time.perf_counter() - started
