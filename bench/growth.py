"""What a night costs beside embedding and memory, as the store grows: 1,000, 10,000 and 100,000 articles."""

import statistics
import sys
import tempfile
from pathlib import Path

from bench.figures import Figure
from bench.invented import feeds
from bench.processes import run
from bench.server import serve_folder, write_feeds
from bench.store import lay_history, new_workspace

STORED = (1_000, 10_000, 100_000)
FEEDS, ENTRIES = 20, 25
OLD_DAYS = 350  # all of before the last issue: what the night ranks is new, however much is stored
ROUNDS = 3  # each builds three stores anew
# without Prefect, whose start hides the rest; the hashing embedder makes embedding cost nothing
NIGHT = (
    "import sys; from pathlib import Path; from pipeline.ops.nightly import plain_night; plain_night(Path(sys.argv[1]))"
)


def measure() -> list[Figure]:
    """Run the same night, 500 new articles, on stores of each size, in turn."""
    seconds: dict[int, list[float]] = {count: [] for count in STORED}
    peaks: dict[int, list[float]] = {count: [] for count in STORED}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = write_feeds(folder / "feeds", feeds(FEEDS, ENTRIES))
        with serve_folder(folder / "feeds", 0.0) as address:
            for nth in range(ROUNDS):
                for count in STORED:
                    workspace = new_workspace(folder / f"{count}-{nth}", [address + path for path in paths])
                    lay_history(workspace, count, 40, 20, OLD_DAYS)
                    ran = run([sys.executable, "-c", NIGHT, str(workspace.folder)], watch_memory=True)
                    seconds[count].append(ran.seconds)
                    peaks[count].append(ran.peak_mb)
    took = {count: statistics.median(seconds[count]) for count in STORED}
    held = {count: statistics.median(peaks[count]) for count in STORED}
    least, most = STORED[0], STORED[-1]
    return [
        Figure(
            f"a night of {FEEDS * ENTRIES} new articles without embedding, {most:,} stored",
            f"the same, {least:,} stored; {ROUNDS} runs", took[most] / took[least], 1.5,
            detail=", ".join(f"{n:,}: {s:.1f} s" for n, s in took.items()),
            series={f"{n:,}": round(s, 2) for n, s in took.items()},
        ),
        Figure(
            f"memory of that night, {most:,} stored", f"{least:,} stored", held[most] / held[least], 1.5,
            detail=", ".join(f"{n:,}: {mb:.0f} MB" for n, mb in held.items()),
        ),
    ]  # fmt: skip
