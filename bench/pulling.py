"""Pulling feeds over loopback beside lemon24/reader, and beside bare feedparser over the same bytes."""

import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.bare_parse import bare_parse
from bench.figures import Figure
from bench.invented import feeds
from bench.peers import peer_python
from bench.server import serve_folder, write_feeds
from bench.store import new_workspace
from pipeline.core.as_of import AsOf
from pipeline.steps.pull import pull_feeds

FEEDS, ENTRIES = 500, 50
READER_WORKERS = (1, 2, 4, 8)
ROUNDS = 5
SAMPLE = 100  # feeds by which reader's best worker count is found


def measure() -> list[Figure]:
    """Pull the same feeds by each, in turn. Every round stores into an empty database; the pools' start is counted."""
    ours, readers, bare, stored = [], [], [], set()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_feeds(folder / "feeds", feeds(FEEDS, ENTRIES))
        with serve_folder(folder / "feeds") as address:
            urls = [address + path for path in paths]
            workers = min(READER_WORKERS, key=lambda count: _reader(count, urls[:SAMPLE])[0])
            for nth in range(ROUNDS):
                seconds, entries = _ours(folder / f"workspace{nth}", urls)
                ours.append(seconds)
                bare.append(bare_parse(folder / "feeds"))
                peer_seconds, peer_entries = _reader(workers, urls)
                readers.append(peer_seconds)
                stored.add((entries, peer_entries))
    assert stored == {(FEEDS * ENTRIES, FEEDS * ENTRIES)}, stored
    a, b, c = map(statistics.median, (ours, readers, bare))
    detail = f"{FEEDS / a:.0f} feeds/s; reader {FEEDS / b:.0f} with {workers} workers; bare parse {FEEDS / c:.0f}"
    what = f"pulling {FEEDS} feeds of {ENTRIES} entries, 20 ms away"
    return [
        Figure(what, "`lemon24/reader` with its best worker count", b / a, 2.4, at_most=False, detail=detail),
        Figure("the same", "feedparser alone over the same bytes, two processes", a / c, 1.15),
    ]


def _ours(folder: Path, urls: Sequence[str]) -> tuple[float, int]:
    workspace = new_workspace(folder, urls)
    started = time.perf_counter()
    report = pull_feeds(workspace.database, workspace.newsletter, AsOf.now())
    return time.perf_counter() - started, report.details["articles"]


def _reader(workers: int, urls: Sequence[str]) -> tuple[float, int]:
    command = [str(peer_python()), str(Path(__file__).with_name("peer_reader.py")), str(workers), *urls]
    seconds, entries = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(seconds), int(entries)
