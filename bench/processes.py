"""Time a command in a process of its own, and the memory that it and its children hold together."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# where bytecode is not kept, each start compiles the sources of triage anew, but not those of installed packages
KEEPS_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}


@dataclass(frozen=True)
class Ran:
    """How a command went."""

    seconds: float
    peak_mb: float
    output: str


def run(command: Sequence[str], env: Mapping[str, str] | None = None, *, watch_memory: bool = False) -> Ran:
    """Run a command to its end. Raises RuntimeError with the end of its output where it fails."""
    started = time.perf_counter()
    environment = {**os.environ, **KEEPS_BYTECODE, **(env or {})}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        peak = _Peak(process.pid) if watch_memory else None
        output, _ = process.communicate()
        seconds = time.perf_counter() - started
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output[-2000:]}")
    return Ran(seconds, peak.stop() if peak else 0.0, output)


class _Peak:
    """Samples the proportional memory of a process and its descendants, so that what they share counts once."""

    def __init__(self, pid: int) -> None:
        self.pid, self.megabytes, self._ended = pid, 0.0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._ended.set()
        self._thread.join()
        return self.megabytes

    def _watch(self) -> None:
        while not self._ended.wait(0.2):
            self.megabytes = max(self.megabytes, sum(map(_megabytes, _family(self.pid))))


def _family(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(member for child in children for member in _family(child))]


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
