"""The same night here and on a Dask cluster of two workers, both from the shell: the same tables? And what is gained?

Run: python -m bench.wider [--feeds 2000 --entries 25 --model hashing] [--kill] [--restart]. Needs the extra `dask`.
With --kill a worker dies when a tenth of the articles is stored, with --restart the scheduler when a third is.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.dask_cluster import Cluster, cluster
from bench.invented import TODAY, feeds
from bench.processes import run
from bench.server import serve_folder, write_feeds
from bench.store import lay_history, new_workspace
from models.embedder import SHIPPED
from pipeline.ops.workspace import Workspace
from pipeline.store.checksums import table_checksums
from pipeline.store.database import Database

HOSTS = 40
OLD = 2000  # articles that are stored before the night
LOOK_EVERY_S = 1.0


def main() -> None:
    """Run both nights and compare them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=100)
    parser.add_argument("--entries", type=int, default=10)
    parser.add_argument("--model", default=SHIPPED)
    parser.add_argument("--kill", action="store_true", help="kill one of the two workers in the middle")
    parser.add_argument("--restart", action="store_true", help="restart the scheduler, with its workers, later on")
    options = parser.parse_args()
    n_articles = options.feeds * options.entries
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_feeds(folder / "feeds", feeds(options.feeds, options.entries))
        with serve_folder(folder / "feeds", hosts=HOSTS) as address, cluster(folder) as dask:
            hosts = [f"127.0.0.{n + 1}" for n in range(HOSTS)]
            urls = [address.replace("127.0.0.1", hosts[n % HOSTS]) + path for n, path in enumerate(paths)]
            here = new_workspace(folder / "here", urls, options.model)
            settings = here.folder / "newsletter.toml"
            settings.write_text(settings.read_text().replace('["127.0.0.1"]', json.dumps(hosts)))
            lay_history(here, OLD)
            there = Path(shutil.copytree(here.folder, folder / "there"))
            faults = [(OLD + n_articles / 10, Cluster.kill_worker)] if options.kill else []
            faults += [(OLD + n_articles / 3, Cluster.restart_scheduler)] if options.restart else []
            breaking = Faults(there, dask, faults)
            breaking.start()
            spread = Night(there, "--engine", "dask", "--scheduler", dask.address)
            local = Night(here.folder)
    assert len(breaking.done) == len(faults), f"only {breaking.done} happened while the night ran"
    what = ", ".join(breaking.done) or "undisturbed"
    same = "identical tables" if local.sums == spread.sums else f"DIFFERENT TABLES: {local.unlike(spread)}"
    print(
        f"{options.feeds} feeds on {HOSTS} hosts, {n_articles:,} new articles: here {local.seconds:.0f} s and "
        f"{local.peak_mb:.0f} MB, two workers ({what}) {spread.seconds:.0f} s and {spread.peak_mb:.0f} MB of the night "
        f"itself, {local.seconds / spread.seconds:.2f} x; {same}"
    )
    print(spread.output)
    raise SystemExit(local.sums != spread.sums)


class Night:
    """A night that was run, what it took and what it left."""

    def __init__(self, folder: Path, *words: str) -> None:
        command = [sys.executable, "-m", "flows.cli", "nightly", "--as-of", f"{TODAY:%Y-%m-%d}"]
        ran = run([*command, "--workspace", str(folder), *words], watch_memory=True)
        self.seconds, self.peak_mb, self.output = ran.seconds, ran.peak_mb, ran.output
        with Workspace.open(folder).database.reading() as connection:
            self.sums = {table: sum_ for table, sum_ in table_checksums(connection).items() if table != "runs"}

    def unlike(self, other: "Night") -> list[str]:
        """Name the tables that differ."""
        return [table for table in self.sums if self.sums[table] != other.sums[table]]


class Faults(threading.Thread):
    """Breaks the cluster in the middle of a night: each fault when so many articles are stored.

    Attributes
    ----------
    done : list of str
        What was broken, and at how many articles.
    """

    def __init__(self, folder: Path, dask: Cluster, faults: Sequence[tuple[float, Callable[[Cluster], None]]]) -> None:
        super().__init__(daemon=True)
        self.folder, self.dask, self.faults = folder, dask, faults
        self.done: list[str] = []

    def run(self) -> None:
        """Look at the store until all faults are done."""
        database = Workspace.find(self.folder).database
        for wanted, fault in self.faults:
            while (stored := _count_articles(database)) < wanted:
                time.sleep(LOOK_EVERY_S)
            fault(self.dask)
            self.done.append(f"{fault.__name__} at {stored:,} articles")


def _count_articles(database: Database) -> int:
    with database.reading() as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM articles").fetchall()
    return int(count)


if __name__ == "__main__":
    main()
