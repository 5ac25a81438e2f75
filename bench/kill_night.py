"""Kill a night at random instants and at every step boundary: no decision lost, and the rerun makes the same tables.

Run: python -m bench.kill_night [--kills 20]. Every night is a real process, killed with SIGKILL; decisions are made
beside it all the while. Prints one line a kill and a summary; exits 1 on any loss.
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
from datetime import UTC, datetime
from pathlib import Path

from flows import demo
from pipeline.store import decisions
from pipeline.store.checksums import table_checksums
from pipeline.types import Decision
from pipeline.workspace import Workspace

STEPS = ("pull", "embed", "classify", "rank")
UNLIKE = ("runs", "decisions")  # differ between two runs by nature: times, and what was decided while they ran
# the night as a plain process, so that 200 of them take minutes; --prefect kills the flow itself
NIGHT = "import sys, datetime; from pathlib import Path; from flows.night import plain_night; " \
        "plain_night(Path(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2]))"  # fmt: skip


def main() -> None:
    """Compare an undisturbed night with many that were killed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=20, help="at random instants, beside the four boundaries")
    parser.add_argument("--prefect", action="store_true", help="kill `triage nightly` itself: seconds more a kill")
    options = parser.parse_args()
    random.seed(7)
    with tempfile.TemporaryDirectory() as folder, demo.serve(demo.SAMPLE / "feeds") as address:
        fresh = prepare(Path(folder) / "fresh", address)
        whole, seconds = undisturbed(fresh, Path(folder) / "whole", options.prefect)
        plan = [*STEPS, *(random.uniform(0, seconds) for _ in range(options.kills))]
        failures = [when for when in plan if not survives(fresh, Path(folder) / "killed", when, whole, options.prefect)]
    print(
        f"{len(plan)} kills, {len(failures)} with a loss or another table; an undisturbed night takes {seconds:.1f} s"
    )
    raise SystemExit(bool(failures))


def prepare(folder: Path, address: str) -> Path:
    """Make the sample's workspace, with the offline embedder, ready for its night."""
    demo.prepare(folder)
    file = folder / "newsletter.toml"
    file.write_text(file.read_text().replace("[[sections]]", '[embedding]\nmodel = "hashing"\n\n[[sections]]', 1))
    opml = demo.write_opml(folder / "feeds.opml", address)
    for words in (["init", folder], ["import", "issues", demo.SAMPLE / "issues"], ["import", "feeds", opml]):
        where = [] if words[0] == "init" else ["--workspace", folder]
        subprocess.run(
            [sys.executable, "-m", "flows.cli", *map(str, [*words, *where])], check=True, capture_output=True
        )
    return folder


def night(folder: Path, with_prefect: bool) -> subprocess.Popen[bytes]:
    """Start the night in a process of its own."""
    command = [sys.executable, "-c", NIGHT, str(folder), demo.ISSUE_DATE]
    if with_prefect:
        command = [sys.executable, "-m", "flows.cli", "nightly", "--as-of", demo.ISSUE_DATE, "--workspace", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def undisturbed(fresh: Path, folder: Path, with_prefect: bool) -> tuple[dict[str, str], float]:
    """Return the tables after a night that nobody disturbs, and how long it takes."""
    shutil.copytree(fresh, folder)
    started = time.monotonic()
    assert night(folder, with_prefect).wait() == 0
    return tables(folder), time.monotonic() - started


def survives(fresh: Path, folder: Path, when: str | float, whole: dict[str, str], with_prefect: bool) -> bool:
    """Kill one night, run it again, and compare. True if nothing is lost and all tables are the same."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(fresh, folder)
    process = night(folder, with_prefect)
    acknowledged = decide_until(folder, process, when)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    acknowledged += decide(folder, "after the kill")
    again = night(folder, with_prefect).wait()
    kept = [d.seq for d in Workspace.open(folder).journal.read()]
    same = {name for name, checksum in tables(folder).items() if whole[name] == checksum}
    other = sorted(set(whole) - same - set(UNLIKE))
    lost = sorted(set(acknowledged) - set(kept))
    print(
        f"{when if isinstance(when, str) else f'{when:.2f} s':>9}  rc {again}  lost {len(lost)}  other tables {other}",
        flush=True,
    )
    return again == 0 and not lost and not other


def decide_until(folder: Path, process: subprocess.Popen[bytes], when: str | float) -> list[int]:
    """Make decisions, as an editor would meanwhile, until it is time to kill."""
    started = time.monotonic()
    said: list[int] = []
    while process.poll() is None:
        if isinstance(when, float) and time.monotonic() - started >= when:
            break
        if isinstance(when, str) and has_run(folder, when):
            break
        said += decide(folder, "meanwhile")
        time.sleep(0.05)
    return said


def decide(folder: Path, text: str) -> list[int]:
    """Say one thing that changes no ranking, and return its place once it is acknowledged."""
    workspace = Workspace.open(folder)
    said = [Decision(None, "unmute", "editor", datetime.now(UTC), text=f"phrase:{text}")]
    return [d.seq for d in decisions.record(workspace.journal, workspace.database, said)]


def has_run(folder: Path, step: str) -> bool:
    """Tell whether a step's report is kept: the boundary after it."""
    with Workspace.open(folder).database.reading() as connection:
        return bool(connection.execute("SELECT count(*) FROM runs WHERE step = ?", [step]).fetchall()[0][0])


def tables(folder: Path) -> dict[str, str]:
    """Return the checksum of every table."""
    with Workspace.open(folder).database.reading() as connection:
        return table_checksums(connection)


if __name__ == "__main__":
    main()
