"""A night as users run it, as the store grows: 1,000, 10,000 and 100,000 articles. Its seconds, and its memory."""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure
from bench.invented import feeds
from bench.night import EMPTY_FLOW
from bench.processes import run
from bench.server import serve_folder, write_feeds
from bench.store import lay_history, new_workspace
from models.embedder import SHIPPED
from pipeline.store.url_keys import refresh_url_keys

STORED = (1_000, 10_000, 100_000)
FEEDS, ENTRIES = 20, 25
OLD_DAYS = 350  # all of before the last issue: what the night ranks is new, however much is stored
ROUNDS = 3  # each builds three stores anew
NIGHT = (sys.executable, "-m", "flows.cli", "nightly", "--json", "--workspace")


def measure() -> list[Figure]:
    """Run the same night, 500 new articles, on stores of each size, in turn.

    It is `triage nightly` with the shipped model; the memory is that of all its processes, Prefect's server among them.
    """
    seconds: dict[int, list[float]] = {count: [] for count in STORED}
    other: dict[int, list[float]] = {count: [] for count in STORED}  # than embedding and Prefect
    peaks: dict[int, list[float]] = {count: [] for count in STORED}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_feeds(folder / "feeds", feeds(FEEDS, ENTRIES))
        with serve_folder(folder / "feeds", 0.0) as address:
            for nth in range(ROUNDS):
                for count in STORED:
                    workspace = new_workspace(folder / f"{count}-{nth}", [address + path for path in paths], SHIPPED)
                    lay_history(workspace, count, 40, 20, OLD_DAYS)
                    with workspace.database.writing() as connection:
                        refresh_url_keys(connection)  # once after an upgrade
                    run([sys.executable, "-c", EMPTY_FLOW, str(workspace.folder)])  # Prefect makes its database once
                    ran = run([*NIGHT, str(workspace.folder)], watch_memory=True)
                    steps = json.loads(ran.output[ran.output.index("{") :])["steps"]
                    seconds[count].append(ran.seconds)
                    other[count].append(sum(step["seconds"] for step in steps if step["step"] != "embed"))
                    peaks[count].append(ran.peak_mb)
    took, rest, held = ({n: statistics.median(of[n]) for n in STORED} for of in (seconds, other, peaks))
    least, most = STORED[0], STORED[-1]
    return [
        Figure(
            f"`triage nightly` with {FEEDS * ENTRIES} new articles, {most:,} stored",
            f"the same, {least:,} stored; {ROUNDS} runs", took[most] / took[least], 1.5,
            detail=", ".join(f"{n:,}: {s:.1f} s (pull, classify and rank {rest[n]:.1f})" for n, s in took.items()),
            series={f"{n:,}": round(s, 2) for n, s in took.items()},
        ),
        Figure(
            f"memory of all processes of that night, {most:,} stored", f"{least:,} stored",
            held[most] / held[least], 1.5, detail=", ".join(f"{n:,}: {mb:.0f} MB" for n, mb in held.items()),
        ),
    ]  # fmt: skip
