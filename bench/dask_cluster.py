"""A Dask scheduler and its workers as processes on loopback, of which some can be killed and started again."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DASK = (sys.executable, "-m", "dask")
HOST = "127.0.0.1"
NO_DASHBOARD = ("--no-dashboard",)
START_S = 120.0


class Cluster:
    """A scheduler at a fixed port and workers of one thread.

    Parameters
    ----------
    folder : Path
        Where the workers keep their files, and all write what they log.
    n_workers : int
    """

    def __init__(self, folder: Path, n_workers: int = 2) -> None:
        self.folder, self.n_workers = folder, n_workers
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port = probe.getsockname()[1]
        self.address = f"tcp://{HOST}:{self.port}"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.scheduler = self._start_scheduler()
        self._start_workers()

    def kill_worker(self) -> None:
        """Kill the last of the workers."""
        _kill(self.workers[-1])

    def restart_scheduler(self) -> None:
        """Kill the scheduler; start another at its address, with new workers, as a supervisor does."""
        _kill(self.scheduler)
        for worker in self.workers:
            _kill(worker)
        self.scheduler = self._start_scheduler()
        self._start_workers()

    def stop(self) -> None:
        """Kill all that was started."""
        for process in (*self.workers, self.scheduler):
            _kill(process)

    def _start_scheduler(self) -> subprocess.Popen[bytes]:
        scheduler = self._start("scheduler", "--host", HOST, "--port", str(self.port))
        end = time.monotonic() + START_S
        while not _answers(self.port):
            if scheduler.poll() is not None or time.monotonic() > end:
                _kill(scheduler)
                raise RuntimeError(f"the Dask scheduler did not start at {self.address} within {START_S:.0f} s")
            time.sleep(0.1)
        return scheduler

    def _start_workers(self) -> None:
        words = ("worker", self.address, "--host", HOST, "--nthreads", "1", "--no-nanny")
        self.workers = [self._start(*words) for _ in range(self.n_workers)]

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"dask-{words[0]}.log").open("ab") as log:
            return subprocess.Popen([*DASK, *words, *NO_DASHBOARD], cwd=self.folder, stdout=log, stderr=log)


@contextmanager
def cluster(folder: Path, n_workers: int = 2) -> Iterator[Cluster]:
    """Start a cluster, and stop it on leaving."""
    started = Cluster(folder, n_workers)
    try:
        yield started
    finally:
        started.stop()


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0
