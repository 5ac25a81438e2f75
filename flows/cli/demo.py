"""`make run`: the nightly run on the invented newsletter of data/sample, with the commands an editor would type.

The feeds are served on loopback and pulled over HTTP. The date is fixed, so that the sample does not age.
"""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from xml.sax.saxutils import quoteattr

from pipeline.core.urls import url_key

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "data" / "sample"
WORKSPACE = Path(".demo") / "the-back-stairs"
ISSUE_DATE = "2026-04-10"  # of issue 30, the next one
SHOWN = 20
MEDIA_TYPES = {
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/feed+json",
}
QUESTION = "select rank, section, title, source from review order by rank"


class FeedHandler(SimpleHTTPRequestHandler):
    """Serve the sample's feeds with their media types; log nothing."""

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """Return the media type of a feed's format."""
        return MEDIA_TYPES[Path(path).suffix]

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


def main() -> None:
    """Create the sample's workspace, run a night, show the shortlist."""
    prepare(WORKSPACE)
    with serve(SAMPLE / "feeds") as address:
        opml = write_opml(WORKSPACE / "feeds.opml", address)
        run("init", WORKSPACE)
        run("import", "issues", SAMPLE / "issues", "--workspace", WORKSPACE)
        run("import", "articles", SAMPLE / "articles.jsonl", "--workspace", WORKSPACE)
        run("import", "feeds", opml, "--workspace", WORKSPACE)
        run("nightly", "--as-of", ISSUE_DATE, "--workspace", WORKSPACE)
    run("shortlist", "--limit", SHOWN, "--as-of", ISSUE_DATE, "--workspace", WORKSPACE)
    print_hits()


def prepare(folder: Path) -> None:
    """Create an empty folder with the sample's newsletter.toml; an earlier demo is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE / "newsletter.toml", folder)


@contextmanager
def serve(folder: Path) -> Iterator[str]:
    """Serve a folder on a free loopback port; yield its URL."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(FeedHandler, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def write_opml(path: Path, address: str) -> Path:
    """Write the sample's feeds as OPML."""
    feeds = sorted((SAMPLE / "feeds").iterdir())
    outlines = "\n".join(f"    <outline type='rss' xmlUrl={quoteattr(f'{address}/{feed.name}')}/>" for feed in feeds)
    path.write_text(f'<opml version="2.0">\n  <body>\n{outlines}\n  </body>\n</opml>\n', "utf-8")
    return path


def run(*words: object) -> None:
    """Print a command and run it."""
    from flows.cli.app import app

    args = [str(_relative(word)) for word in words]
    print(f"\n$ triage {shlex.join(args)}", flush=True)
    app(args, standalone_mode=False)


def wanted_urls() -> list[str]:
    """Return what the sample's editor would pick next. The ranker never sees this list."""
    lines = (SAMPLE / "wanted.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def print_hits() -> None:
    """Count the editor's hidden picks in the shortlist, and print how to query it."""
    from pipeline.ops.workspace import DATABASE_NAME, Workspace

    wanted = {url_key(url) for url in wanted_urls()}
    with Workspace.open(WORKSPACE).database.reading() as connection:
        rows = connection.execute("SELECT url FROM review ORDER BY rank LIMIT ?", [SHOWN]).fetchall()
    found = sum(url_key(url) in wanted for (url,) in rows)
    triage = _relative(Path(sys.executable).with_name("triage"))
    print(
        f"\nThe sample's editor would pick {len(wanted)} stories; {found} of them are among these {SHOWN}.\n"
        f"The whole list is table review in {WORKSPACE / DATABASE_NAME}. To see it:\n\n"
        f"  {triage} sql '{QUESTION}' --workspace {WORKSPACE}\n"
    )


def _relative(word: object) -> object:
    """Shorten a path below the current folder."""
    if isinstance(word, Path) and word.is_absolute() and word.is_relative_to(Path.cwd()):
        return word.relative_to(Path.cwd())
    return word


if __name__ == "__main__":
    main()
