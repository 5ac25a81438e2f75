"""Let a night loop and a deciding loop write to one workspace: python bench/two_writers.py [--seconds N].

Two processes on the sample: one runs night after night, the other decides without rest. Afterwards every decision must
stand in the journal and in the table; no error may have been shown, and an editor waits less than a second.
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from bench.kill import AS_OF, FORK, STEPS, lay_workspace
from flows.cli.demo import SAMPLE, serve
from pipeline.core.types import Decision
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions


def nights(folder: Path, until: float, answer: Connection) -> None:
    """Run nights; send how many."""
    count = 0
    while time.monotonic() < until:
        plain_night(folder, AS_OF)
        count += 1
    answer.send(count)


def verdicts(folder: Path, until: float, answer: Connection) -> None:
    """Decide; send the seconds that each decision took to be durable and in the table."""
    waits = []
    workspace = Workspace.open(folder)
    while time.monotonic() < until:
        started = time.monotonic()
        said = Decision("0" * 16, "note", "bench", datetime.now(UTC), text=str(len(waits)))
        decisions.record(workspace.journal, workspace.database, [said])
        waits.append(time.monotonic() - started)
        time.sleep(0.05)
    answer.send(waits)


def main() -> None:
    """Run both, look, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    given = parser.parse_args()
    for step in STEPS:
        import_module(f"pipeline.steps.{step}")
    with tempfile.TemporaryDirectory() as temporary, serve(SAMPLE / "feeds") as address:
        folder = Path(temporary, "letter")
        lay_workspace(folder, address)
        until, pipes, processes = time.monotonic() + given.seconds, [], []
        for work in (nights, verdicts):
            here, there = FORK.Pipe()
            process = FORK.Process(target=work, args=(folder, until, there))
            process.start()
            there.close()
            pipes.append(here)
            processes.append(process)
        count, waits = (_answer(pipe) for pipe in pipes)
        for process in processes:
            process.join()
        workspace = Workspace.open(folder)
        with workspace.database.reading() as connection:
            stored = {int(text) for (text,) in connection.execute("SELECT text FROM decisions").fetchall()}
        kept = {int(decision.text or -1) for decision in workspace.journal.read()}
    lost, failed = len(set(range(len(waits))) - (stored & kept)), sum(process.exitcode != 0 for process in processes)
    p50, p99 = np.percentile(waits or [np.nan], [50, 99])
    print(
        f"{given.seconds:.0f} s: {count} nights, {len(waits)} decisions, {lost} lost, {failed} of 2 processes failed; "
        f"a decision waits p50 {p50:.3f} s, p99 {p99:.3f} s, at most {max(waits, default=np.nan):.3f} s"
    )


def _answer(pipe: Connection) -> object:
    try:
        return pipe.recv()
    except EOFError:  # it failed, and said why on stderr
        return 0


if __name__ == "__main__":
    main()
