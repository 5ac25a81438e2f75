"""What a newcomer sees first: `make run`."""

from pathlib import Path
from urllib.request import urlopen

import pytest
from making import make

from flows.cli.demo import SAMPLE, SHOWN, WORKSPACE, prepare, serve, wanted_urls, write_opml
from pipeline.feeds.file_imports import read_opml
from pipeline.ops.workspace import Workspace


def test_demo_ends_in_the_shortlist(tmp_path: Path) -> None:
    """One command leads from nothing to a ranked table, over real HTTP and through the nightly flow."""
    done = make(tmp_path, "run", HOME=str(tmp_path), COLUMNS="100")
    assert done.returncode == 0, done.stderr
    assert "$ triage nightly" in done.stdout
    assert f"would pick {len(wanted_urls())} stories" in done.stdout
    with Workspace.open(tmp_path / WORKSPACE).database.reading() as connection:
        ranks = [rank for (rank,) in connection.execute("SELECT rank FROM review ORDER BY rank").fetchall()]
        steps = connection.execute("SELECT step, failed FROM runs ORDER BY started_at, step").fetchall()
    assert ranks == list(range(1, len(ranks) + 1))
    assert len(ranks) > SHOWN
    assert {step for step, _ in steps} >= {"pull", "embed", "classify", "rank", "nightly"}
    assert not any(failed for _, failed in steps)


def test_demo_starts_afresh(tmp_path: Path) -> None:
    """A second `make run` removes what the first one made, so both show the same."""
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "triage.duckdb").write_text("of the first run")
    prepare(tmp_path / "demo")
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["newsletter.toml"]


def test_feeds_are_served_as_feeds(capfd: pytest.CaptureFixture[str]) -> None:
    """Each of the six formats comes with the media type a real site would send, and without a log line."""
    with serve(SAMPLE / "feeds") as address:
        kinds = set()
        for feed in (SAMPLE / "feeds").iterdir():
            with urlopen(f"{address}/{feed.name}") as answer:
                kinds.add(answer.headers["Content-Type"])
                assert answer.read() == feed.read_bytes()
    assert kinds == {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json"}
    assert capfd.readouterr() == ("", "")


def test_feeds_come_in_as_opml(tmp_path: Path) -> None:
    """The demo's feed list is the file that any reader exports, so the demo shows the command an editor uses."""
    feeds, refused = read_opml(write_opml(tmp_path / "feeds.opml", "http://127.0.0.1:8000"))
    assert (len(feeds), refused) == (6, [])
    assert {feed.url.rsplit("/", 1)[1] for feed in feeds} == {path.name for path in (SAMPLE / "feeds").iterdir()}
