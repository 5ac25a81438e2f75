"""A year of nights under a virtual clock: is the store bounded, and is there one night a date?

Run: python -m bench.year [--nights 365] [--keep-days 60]. Runs the product's own steps (retention, pull, embed,
classify, rank) over feeds on loopback that bring new entries every day; the editor picks some stories every week.
Prints a line a month: articles, vectors, file size, memory, seconds a night.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from unittest.mock import patch

from pipeline.core.types import Decision, Issue, Pick
from pipeline.ops import runner
from pipeline.ops.nightly import open_night
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions
from pipeline.store.issues import add_issues

START = datetime(2025, 1, 1, 3, tzinfo=UTC)
FEEDS, ENTRIES, IN_FEED = 5, 4, 40  # entries a feed and day; entries a feed shows
WORDS = ("cluster", "team", "storage", "review", "python", "survey", "cooling", "metadata", "funding", "grant", "queue")


class Clock(datetime):
    """The simulated clock."""

    at = START

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
        """Return the simulated time."""
        return cls.at


def invented(n: int) -> tuple[str, str]:
    """Make up a title and a summary."""
    words = [WORDS[n * k % len(WORDS)] for k in (1, 3, 5, 7)]
    return " ".join(words) + f" {n}", " ".join(words * 8) + f" {n}"


class Feed(BaseHTTPRequestHandler):
    """A feed that brings a few new entries every simulated day, and shows the newest."""

    def do_GET(self) -> None:
        """Serve the feed as of today."""
        day = (Clock.at - START).days
        newest = (day + 1) * ENTRIES
        items = "".join(self._item(n) for n in range(max(0, newest - IN_FEED), newest))
        body = f"<rss version='2.0'><channel><title>{self.path}</title>{items}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/rss+xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _item(self, n: int) -> str:
        title, summary = invented(n + len(self.path))
        link = f"https://source{self.path[1:]}.example/{n}"
        return f"<item><title>{title}</title><link>{link}</link><description>{summary}</description></item>"

    def log_message(self, *args: object) -> None:
        """Log nothing."""


@contextmanager
def feeds_on_loopback() -> Iterator[list[str]]:
    """Serve the feeds; give their addresses."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Feed) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield [f"http://127.0.0.1:{server.server_port}/{n}" for n in range(FEEDS)]
        server.shutdown()


def main() -> None:
    """Run the nights and print a line a month."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nights", type=int, default=365)
    parser.add_argument("--keep-days", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for row in simulate(Path(folder) / "letter", options.nights, options.keep_days):
            print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)


def simulate(folder: Path, nights: int, keep_days: int, every: int = 30) -> Iterator[dict[str, object]]:
    """Run the nights; yield the state of the store once a month and after the last."""
    with feeds_on_loopback() as urls, patch("pipeline.store.runs.datetime", Clock):
        make(folder, urls, keep_days)
        started, printed = time.monotonic(), 0
        for n in range(nights):
            Clock.at = START + timedelta(days=n)
            run_night(folder)
            if n % 7 == 6:
                pick_some(folder)
            if n % every == every - 1 or n == nights - 1:
                seconds = round((time.monotonic() - started) / (n + 1 - printed), 2)
                yield {"night": n + 1, **measured(folder), "s_a_night": seconds}
                started, printed = time.monotonic(), n + 1


def make(folder: Path, urls: list[str], keep_days: int) -> None:
    """Make the newsletter, with the offline embedder."""
    Workspace.create(folder, "Year", "blank")
    file = folder / "newsletter.toml"
    text = (
        file.read_text()
        .replace("feeds = []", f"feeds = {urls}")
        .replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]')
    )
    text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"')
    text = text.replace("candidate_days = 31", f"candidate_days = {min(31, keep_days)}")
    file.write_text(text.replace("keep_articles_days = 730", f"keep_articles_days = {keep_days}"))
    with Workspace.open(folder).database.writing() as connection:
        add_issues(connection, [past_issue(n) for n in range(1, 9)])


def past_issue(number: int) -> Issue:
    """Make up an issue of before the simulation."""
    picks = [
        Pick("Tools", invented(number * 5 + n)[0], f"https://past.example/{number}/{n}", n, n, section="tools")
        for n in range(1, 5)
    ]
    return Issue(number, (START - timedelta(weeks=9 - number)).date(), picks=tuple(picks))


def run_night(folder: Path) -> None:
    """Run a night of the simulated date, fired twice as clocks that are set back do."""
    for _ in range(2):
        with open_night(folder, skip_if_done=True, now=Clock.at) as night:
            for step in (runner.pull, runner.embed, runner.classify, runner.rank) if night.is_due else ():
                night.add(step(night.workspace))


def pick_some(folder: Path) -> None:
    """Let the editor pick three stories and skip three."""
    workspace = Workspace.open(folder)
    with workspace.database.reading() as connection:
        ids = [
            i
            for (i,) in connection.execute("SELECT id FROM review WHERE state = 'new' ORDER BY rank LIMIT 6").fetchall()
        ]
    said = [Decision(id, "pick" if n < 3 else "skip", "editor", Clock.at) for n, id in enumerate(ids)]
    decisions.record(workspace.journal, workspace.database, said)


def measured(folder: Path) -> dict[str, object]:
    """Count what is in the store."""
    workspace = Workspace.open(folder)
    counts = """SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM embeddings),
                       (SELECT count(*) FROM decisions), (SELECT count(*) FROM runs WHERE step = 'nightly')"""
    with workspace.database.reading() as connection:
        articles, vectors, said, nights = connection.execute(counts).fetchall()[0]
    megabytes = round(workspace.database.path.stat().st_size / 1e6, 1)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"articles": articles, "vectors": vectors, "decisions": said, "nights_kept": nights,
            "file_mb": megabytes, "peak_mb": memory}  # fmt: skip


if __name__ == "__main__":
    main()
