"""Kill a night at the end of each of its parts, an editor deciding beside it: python -m bench.kill_boundaries.

Then the next night must go to its end with no decision lost and the tables of a night that nobody killed, and
`triage check` must find nothing. `bench/kill.py` kills at random instants.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

from bench.kill import AS_OF, FORK, STEPS, Count, deciding, finish, lay_workspace, seen
from flows.cli.demo import SAMPLE, serve
from pipeline.ops.nightly import plain_night

# killed once the function has returned for the first time, and what is done then
BOUNDARIES = (
    ("pipeline.ops.nightly", "check_model", "workspace opened under the lock"),
    ("pipeline.steps.pull", "Pull.store", "first feeds stored"),
    ("pipeline.steps.pull", "pull_feeds", "all feeds stored"),
    ("pipeline.steps.fulltext", "fetch_fulltext", "pages stored"),
    ("pipeline.ops.runner", "pull", "pull recorded"),
    ("pipeline.steps.embed", "add_vectors", "first vectors stored"),
    ("pipeline.steps.embed", "embed_articles", "all vectors stored"),
    ("pipeline.ops.runner", "embed", "embed recorded"),
    ("pipeline.steps.classify", "classify_articles", "predictions stored"),
    ("pipeline.ops.runner", "classify", "classify recorded"),
    ("pipeline.steps.rank", "rank_candidates", "shortlist stored"),
    ("pipeline.ops.runner", "rank", "rank recorded"),
    ("pipeline.ops.nightly", "record_run", "night recorded"),
)
ALONE_S = 0.3  # in which the editor decides before the night begins


def killed_night(folder: Path, module: str, function: str) -> None:
    """Run a night that dies as soon as a function has returned."""
    *owners, name = function.split(".")
    owner = import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    original = getattr(owner, name)

    def dying(*given: object, **named: object) -> None:
        original(*given, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(owner, name, dying)
    plain_night(folder, AS_OF)


def kill_at(folder: Path, module: str, function: str) -> set[int]:
    """Kill a night at a boundary, and the editor beside it. Returns the decisions that were acknowledged."""
    with deciding(folder) as acknowledged:
        time.sleep(ALONE_S)
        night = FORK.Process(target=killed_night, args=(folder, module, function))
        night.start()
        night.join()
        assert night.exitcode == -signal.SIGKILL, f"{function} was not reached"
    return acknowledged


def finds_nothing(folder: Path) -> bool:
    """Run the next night, and whether `triage check` then finds nothing."""
    finish(folder)
    command = [sys.executable, "-m", "flows.cli", "check", "--workspace", str(folder)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return "are intact" in said


def main() -> None:
    """Kill, look, count."""
    for step in (*STEPS, "fulltext"):
        import_module(f"pipeline.steps.{step}")  # once, for all the processes forked off
    count, n_unclean = Count(), 0
    with tempfile.TemporaryDirectory() as temporary, serve(SAMPLE / "feeds") as address:
        fresh = Path(temporary, "fresh")
        lay_workspace(fresh, address)
        whole = Path(shutil.copytree(fresh, Path(temporary, "whole")))
        assert finish(whole)
        wanted, _ = seen(whole)
        for module, function, done in BOUNDARIES:
            folder = Path(shutil.copytree(fresh, Path(temporary, "killed")))
            acknowledged = kill_at(folder, module, function)
            n_unclean += not finds_nothing(Path(shutil.copytree(folder, Path(temporary, "checked"))))
            shutil.rmtree(Path(temporary, "checked"))
            count.look(folder, None, acknowledged, wanted)
            print(f"{done}: {count}, {n_unclean} with findings so far", flush=True)


if __name__ == "__main__":
    main()
