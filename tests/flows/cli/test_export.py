"""Feeds, shortlist, decisions and picks can be taken out."""

import csv
import io
import json
from xml.etree import ElementTree

import duckdb
import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from invented import lay_stories
from pipeline.core.errors import InputError
from pipeline.core.types import Feed
from pipeline.store.feeds import save_feeds


def triage(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code
    return result.stdout


def test_feeds_leave_as_opml(workspace):
    """Every feed that is followed stands in the OPML under its own name, a gone one does not."""
    with workspace.database.writing() as connection:
        save_feeds(connection, [Feed("https://a.example/f?x=1&y=2", "A & <B>\x0c")])
        connection.execute("INSERT INTO feeds (url, retired_on) VALUES ('https://gone.example/f', DATE '2026-01-01')")
    root = ElementTree.fromstring(triage("export", "feeds", "--workspace", workspace.folder))
    assert [(o.get("xmlUrl"), o.get("text")) for o in root.iter("outline")] == [
        ("https://a.example/f?x=1&y=2", "A & <B>")
    ]


def test_shortlist_leaves_as_csv_json_and_parquet(workspace, tmp_path):
    """All three formats hold the same rows, and a title that is a formula is harmless in the CSV."""
    lay_stories(workspace, 3, title="=HYPERLINK(1)")
    rows = list(csv.DictReader(io.StringIO(triage("export", "review", "--workspace", workspace.folder), newline="")))
    assert {row["title"] for row in rows} == {"'=HYPERLINK(1)"}
    triage("export", "review", "--out", tmp_path / "r.json", "--workspace", workspace.folder)
    triage("export", "review", "--out", tmp_path / "r.parquet", "--workspace", workspace.folder)
    ids = [row["id"] for row in json.loads((tmp_path / "r.json").read_text())]
    assert ids == [row["id"] for row in rows]
    assert ids == [id for (id,) in duckdb.sql(f"SELECT id FROM '{tmp_path}/r.parquet'").fetchall()]


@pytest.mark.parametrize("words", [("picks", "--format", "opml"), ("picks", "--format", "parquet")])
def test_impossible_format_is_wrong_usage(workspace, words):
    """OPML holds feeds only, and Parquet needs a file."""
    triage("export", *words, "--workspace", workspace.folder, code=2)


@pytest.mark.parametrize("place", ["none/x", "a-file/x", "a-folder"])
@pytest.mark.parametrize("words", ["picks", "picks --format parquet", "calendar", "feeds --format csv"])
def test_place_that_cannot_be_written_is_named(workspace, tmp_path, words, place):
    """Every export says which file it could not write, and not the temporary one."""
    (tmp_path / "a-file").touch()
    (tmp_path / "a-folder").mkdir()
    out = tmp_path / place
    words = ["export", *words.split(), "--out", str(out), "--workspace", str(workspace.folder)]
    with pytest.raises(InputError, match=f"cannot write {out} "):
        CliRunner().invoke(app, words, catch_exceptions=False)


@pytest.mark.parametrize("what", ["picks", "decisions", "review"])
def test_nothing_leaves_with_its_columns(workspace, what):
    """A CSV without a row has the names of its columns, by which other programs read it."""
    said = triage("export", what, "--workspace", workspace.folder)
    assert len(said.splitlines()) == 1
    assert len(said.split(",")) > 5
