"""One night on real input: python -m bench.real_night [--shared DIR] [--issue 140].

Imports the archive and the stream of ../shared/newsletter into a fresh workspace, runs the night before an issue, and
says how many of that issue's picks stand in the top 25; then serves the real feeds of ../shared/feeds from loopback
and pulls them all in one night.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.processes import run
from bench.server import serve_folder
from pipeline.core.as_of import AsOf
from pipeline.core.urls import url_key
from pipeline.ops.workspace import Workspace
from pipeline.store.issues import known_issues

TRIAGE = (sys.executable, "-m", "flows.cli")
SHARED = Path(__file__).resolve().parents[2] / "shared"
TOP = 25


def main() -> None:
    """Run both and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--issue", type=int, default=140)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        _archive(Path(name) / "letter", chosen.shared / "newsletter", chosen.issue)
        _feeds(Path(name) / "feeds", chosen.shared / "feeds")


def _archive(folder: Path, newsletter: Path, number: int) -> None:
    _triage(folder, "init", str(folder), "--name", "Letter")
    imported = json.loads(_triage(folder, "import", "issues", str(newsletter / "issues"), "--json"))
    print(f"{imported['issues']} issues, {imported['picks']} picks: {imported['sections']}")
    _triage(folder, "import", "articles", str(newsletter / "stream.jsonl"))
    workspace = Workspace.open(folder)
    with workspace.database.reading() as connection:
        issue = next(i for i in known_issues(connection, AsOf.now().issues_before) if i.number == number)
    _night(folder, "--as-of", issue.date.isoformat())
    wanted = {url_key(pick.url) for pick in issue.picks if pick.url}
    rows = json.loads(_triage(folder, "shortlist", "--limit", str(TOP), "--json", "--as-of", issue.date.isoformat()))
    found = [row for row in rows if url_key(row["url"]) in wanted]
    print(f"{len(found)} of issue {number}'s {len(issue.picks)} picks stand in the top {TOP}")
    for row in rows[:10]:
        print(f"{row['rank']:>3} {'*' if row in found else ' '} {row['section'] or '–':<24} {row['title']}")


def _feeds(folder: Path, feeds: Path) -> None:
    _triage(folder, "init", str(folder), "--name", "Feeds")
    names = sorted(file.name.removesuffix(".gz") for file in feeds.rglob("*") if file.is_file())
    file = folder / "newsletter.toml"
    with serve_folder(feeds) as address:
        text = file.read_text("utf-8").replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]')
        listed = ", ".join(f'"{address}/{name}"' for name in names)
        file.write_text(text.replace("\nfeeds = []", f"\nfeeds = [{listed}]"), "utf-8")
        pulled = _night(folder)["pull"]
        print(f"{pulled['done']} of {pulled['seen']} feeds read, {pulled['details']['articles']} articles")
        for feed in pulled["details"]["feeds"]:
            if feed["error"]:
                print(f"    {feed['url'].removeprefix(address)}: {feed['error']}")
        _night(folder)


def _night(folder: Path, *options: str) -> dict[str, Any]:
    """Run a night and print its seconds a step; returns its reports by step."""
    ran = run([*TRIAGE, "nightly", "--workspace", str(folder), "--json", *options], watch_memory=True)
    steps = {step["step"]: step for step in json.loads(ran.output[ran.output.index("{") :])["steps"]}
    took = ", ".join(
        f"{name} {step['done']} of {step['seen']} in {step['seconds']:.1f} s" for name, step in steps.items()
    )
    print(f"night in {ran.seconds:.0f} s, at most {ran.peak_mb:.0f} MB: {took}")
    return steps


def _triage(folder: Path, *words: str) -> str:
    where = () if words[0] == "init" else ("--workspace", str(folder))
    return run([*TRIAGE, *words, *where]).output


if __name__ == "__main__":
    main()
