"""Kill nights at random times and check that the next one recovers by itself: python bench/kill.py [--kills N].

The sample's feeds are served on loopback; an editor decides all the while. A step (or a whole night through Prefect) is
killed with SIGKILL together with the deciding process, the next run goes to its end, and then every decision that was
acknowledged must be there, and every table but `runs` and `decisions` have the checksum of a run that nobody killed.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from flows.cli.demo import ISSUE_DATE, SAMPLE, serve, write_opml
from pipeline.core.as_of import AsOf
from pipeline.core.types import Decision
from pipeline.ops import runner
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions
from pipeline.store.checksums import table_checksums

AS_OF = date.fromisoformat(ISSUE_DATE)
FORK = get_context("fork")  # so that a night does not import everything anew
STEPS = ("pull", "embed", "classify", "rank")


def lay_workspace(folder: Path, address: str) -> None:
    """Make the sample's workspace with its past issues and feeds, ready for a night."""
    folder.mkdir(parents=True)
    text = (SAMPLE / "newsletter.toml").read_text("utf-8")
    (folder / "newsletter.toml").write_text(
        text + ("" if "[embedding]" in text else '\n[embedding]\nmodel = "hashing"\n')
    )
    opml = write_opml(folder / "feeds.opml", address)
    for words in (["init", folder], ["import", "issues", SAMPLE / "issues"], ["import", "feeds", opml]):
        where = [] if words[0] == "init" else ["--workspace", str(folder)]
        subprocess.run([sys.executable, "-m", "flows.cli", *map(str, words), *where], check=True, capture_output=True)


def run_night(folder: Path, only: str | None = None, die: bool = False) -> None:
    """Run a night, or one step of it; die at the step's end."""
    if only is None:
        plain_night(folder, AS_OF)
    else:
        getattr(runner, only)(Workspace.open(folder, AsOf.before_issue(AS_OF)))
    if die:
        os.kill(os.getpid(), signal.SIGKILL)


def decide(folder: Path, acknowledged: Connection) -> None:
    """Decide without rest; print each decision once it is acknowledged."""
    workspace = Workspace.open(folder)
    for n in range(1_000_000):
        said = Decision("0" * 16, "note", "bench", datetime.now(UTC), text=str(n))
        decisions.record(workspace.journal, workspace.database, [said])
        acknowledged.send(n)
        time.sleep(0.02)


def look(folder: Path, answer: Connection) -> None:
    """Send the checksums of a workspace's tables, and the notes that its journal and its table hold."""
    workspace = Workspace.open(folder)
    with workspace.database.reading() as connection:
        sums = table_checksums(connection)
        stored = {int(text) for (text,) in connection.execute("SELECT text FROM decisions").fetchall()}
    kept = {int(d.text or -1) for d in workspace.journal.read()}
    answer.send(({k: v for k, v in sums.items() if k not in ("runs", "decisions")}, stored & kept))


def seen(folder: Path) -> tuple[dict[str, str], set[int]]:
    """Read a workspace's state in a separate process."""
    here, there = FORK.Pipe()
    process = FORK.Process(target=look, args=(folder, there))
    process.start()
    there.close()
    answer: tuple[dict[str, str], set[int]] = here.recv()
    process.join()
    return answer


def finish(folder: Path, only: str | None = None) -> bool:
    """Run a night, or one step of it, to its end in a process of its own."""
    process = FORK.Process(target=run_night, args=(folder, only))
    process.start()
    process.join()
    return process.exitcode == 0


def killed(folder: Path, only: str | None, after_s: float | None) -> set[int]:
    """Kill a night, a step, or (`after_s` None) a step at its end, and a deciding editor beside it.

    Returns the decisions that were acknowledged.
    """
    with deciding(folder) as acknowledged:
        night = FORK.Process(target=run_night, args=(folder, only, after_s is None))
        night.start()
        night.join(after_s)
        night.kill()
        night.join()
    return acknowledged


def killed_flow(folder: Path, after_s: float) -> set[int]:
    """Kill `triage nightly`, Prefect and all it started, and a deciding editor beside it."""
    words = [sys.executable, "-m", "flows.cli", "nightly", "--as-of", ISSUE_DATE, "--workspace", str(folder)]
    with deciding(folder) as acknowledged:
        flow = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(after_s)
        os.killpg(flow.pid, signal.SIGKILL)
        flow.wait()
    return acknowledged


@contextmanager
def deciding(folder: Path) -> Iterator[set[int]]:
    """Let an editor decide, and kill him on leaving; the set then holds what was acknowledged."""
    here, there = FORK.Pipe()
    editor = FORK.Process(target=decide, args=(folder, there))
    editor.start()
    there.close()
    acknowledged: set[int] = set()
    yield acknowledged
    editor.kill()
    editor.join()
    try:
        while here.poll():
            acknowledged.add(here.recv())
    except (EOFError, OSError):  # killed while telling
        pass


@dataclass
class Count:
    """What became of the killed nights."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    differ: int = 0
    stuck: int = 0

    def look(self, folder: Path, only: str | None, printed: set[int], wanted: dict[str, str]) -> None:
        """Let the next run go to its end, and compare."""
        self.kills += 1
        self.stuck += not finish(folder, only)
        sums, kept = seen(folder)
        self.acknowledged += len(printed)
        self.lost += len(printed - kept)
        if sums != wanted:
            self.differ += 1
            print(f"  after {only or 'night'}: {[t for t in wanted if sums.get(t) != wanted[t]]} differ", flush=True)
        shutil.rmtree(folder)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.lost} of {self.acknowledged} acknowledged decisions lost, "
            f"{self.differ} ended in other tables, {self.stuck} needed help"
        )


def main() -> None:
    """Kill, look, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="of single steps, at random instants")
    parser.add_argument("--prefect", type=int, default=10, help="of whole nights through Prefect")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    chance = random.Random(given.seed)
    for step in STEPS:
        import_module(f"pipeline.steps.{step}")  # once, for all the processes forked off
    with tempfile.TemporaryDirectory() as temporary, serve(SAMPLE / "feeds") as address:
        stage = Path(temporary, "stage-0")
        lay_workspace(stage, address)
        first, count = stage, Count()
        for n, step in enumerate(STEPS, 1):
            after = Path(shutil.copytree(stage, Path(temporary, f"stage-{n}")))
            started = time.monotonic()
            assert finish(after, step)
            lasts = time.monotonic() - started
            wanted, _ = seen(after)
            instants = [None, *(chance.uniform(0, lasts * 1.1) for _ in range(given.kills // len(STEPS)))]
            for after_s in instants:
                folder = Path(shutil.copytree(stage, Path(temporary, "killed")))
                count.look(folder, step, killed(folder, step, after_s), wanted)
            print(
                f"{step} ({lasts:.1f} s), at its end and {len(instants) - 1} times within: {count} so far", flush=True
            )
            stage = after
        whole = Path(shutil.copytree(first, Path(temporary, "whole")))
        assert finish(whole)
        wanted, _ = seen(whole)
        assert finish(whole)
        print("a night run twice leaves the same tables" if seen(whole)[0] == wanted else "A NIGHT RUN TWICE DIFFERS")
        flows = Count()
        for _ in range(given.prefect):
            folder = Path(shutil.copytree(first, Path(temporary, "killed")))
            flows.look(folder, None, killed_flow(folder, chance.uniform(0, 20)), wanted)
        print(f"through Prefect, {flows}")


if __name__ == "__main__":
    main()
