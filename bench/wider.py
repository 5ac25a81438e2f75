"""The same night here and on a Dask cluster of two workers, both from the shell: the same tables? And what is gained?

Run: python -m bench.wider [--feeds 100] [--kill]. Needs the extra `dask`. With --kill, one worker dies in the middle.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.invented import TODAY, feeds
from bench.processes import run
from bench.server import serve_folder, write_feeds
from bench.store import lay_history, new_workspace
from models.embedder import SHIPPED
from pipeline.ops.workspace import Workspace
from pipeline.store.checksums import table_checksums

HOSTS, ENTRIES = 8, 10
DASK = (sys.executable, "-m", "dask")
KILL_AFTER_S = 20  # by then Prefect has started and the workers are at work


def main() -> None:
    """Run both nights and compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--kill", action="store_true", help="kill one of the two workers in the middle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_feeds(folder / "feeds", feeds(options.feeds, ENTRIES))
        with serve_folder(folder / "feeds", hosts=HOSTS) as address, cluster(folder) as (scheduler, workers):
            hosts = [f"127.0.0.{n + 1}" for n in range(HOSTS)]
            urls = [address.replace("127.0.0.1", hosts[n % HOSTS]) + path for n, path in enumerate(paths)]
            here = new_workspace(folder / "here", urls, SHIPPED)
            settings = here.folder / "newsletter.toml"
            settings.write_text(settings.read_text().replace('["127.0.0.1"]', json.dumps(hosts)))
            lay_history(here, 2000)
            there = Path(shutil.copytree(here.folder, folder / "there"))
            local = Night(here.folder)
            if options.kill:
                threading.Timer(KILL_AFTER_S, workers[1].kill).start()
            spread = Night(there, "--engine", "dask", "--scheduler", scheduler)
    gained = local.seconds / spread.seconds
    same = "identical tables" if local.sums == spread.sums else f"DIFFERENT TABLES: {local.unlike(spread)}"
    print(
        f"{options.feeds} feeds on {HOSTS} hosts, {options.feeds * ENTRIES} new articles: here {local.seconds:.0f} s, "
        f"two workers{' (one killed)' if options.kill else ''} {spread.seconds:.0f} s, {gained:.2f} x; {same}"
    )
    raise SystemExit(local.sums != spread.sums)


class Night:
    """A night that was run, what it took and what it left."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "flows.cli", "nightly", "--as-of", f"{TODAY:%Y-%m-%d}"]
        self.seconds = run([*command, "--workspace", str(folder), *words]).seconds
        with Workspace.open(folder).database.reading() as connection:
            self.sums = {table: sum_ for table, sum_ in table_checksums(connection).items() if table != "runs"}

    def unlike(self, other: "Night") -> list[str]:
        """Name the tables that differ."""
        return [table for table in self.sums if self.sums[table] != other.sums[table]]


@contextmanager
def cluster(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers of one thread, each a process of its own on loopback."""
    file, quiet = folder / "scheduler.json", {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    common = ["--dashboard-address", "127.0.0.1:0"]
    started = [
        subprocess.Popen(
            [*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", file, *common],
            cwd=folder, **quiet,
        )
    ]  # fmt: skip
    while not file.exists():
        time.sleep(0.1)
    address: str = json.loads(file.read_text())["address"]
    worker = [*DASK, "worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", *common]
    started += [subprocess.Popen(worker, cwd=folder, **quiet) for _ in range(2)]
    try:
        yield address, started[1:]
    finally:
        for process in started:
            process.kill()
            process.wait()


if __name__ == "__main__":
    main()
