"""Speed and memory of an embedding model, measured in a fresh process. Imports only what embedding needs."""

import multiprocessing
import resource
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from models.embedder import load_embedder

WARM_UP = 8  # texts embedded before the clock starts, so that loading the model is not counted
HIGH_WATER_MARK = "VmHWM:"  # in /proc/self/status, KiB


def measure_embedder(model: str, texts: Sequence[str]) -> tuple[float, float]:
    """Return texts a second, and the peak memory in MB, of a process that embeds these texts."""
    # spawned: a forked process would start with this one's memory
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_embed, model, list(texts)).result()


def _embed(model: str, texts: list[str]) -> tuple[float, float]:
    embedder = load_embedder(model)
    embedder.embed(texts[:WARM_UP])
    started = time.perf_counter()
    embedder.embed(texts)
    return len(texts) / max(time.perf_counter() - started, 1e-9), _peak_mb()


def _peak_mb() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss would count the parent's memory: Linux keeps it across exec
        line = next(line for line in status.read_text().splitlines() if line.startswith(HIGH_WATER_MARK))
        return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6
