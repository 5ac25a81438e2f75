"""feedparser alone over the files of a folder, on two processes: python -m bench.bare_parse FOLDER prints the seconds.

A program of its own, in which nothing of ours is imported: `pipeline.feeds.feedparser_patches` makes feedparser faster.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import feedparser


def bare_parse(folder: Path) -> float:
    """Return the seconds that feedparser needs for the feeds in a folder, the start of its processes included."""
    command = [sys.executable, "-m", "bench.bare_parse", str(folder)]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _seconds(bodies: Sequence[bytes]) -> float:
    started = time.perf_counter()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert sum(pool.map(_entries, bodies, chunksize=4))
    return time.perf_counter() - started


def _entries(body: bytes) -> int:
    assert "pipeline.feeds.feedparser_patches" not in sys.modules
    return len(feedparser.parse(body).entries)


if __name__ == "__main__":
    print(_seconds([file.read_bytes() for file in sorted(Path(sys.argv[1]).rglob("*")) if file.is_file()]))
