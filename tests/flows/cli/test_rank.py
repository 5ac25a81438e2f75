"""The commands that judge, as an editor types them: classify, rank, replay, retrain, models."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.errors import InputError
from pipeline.ops.workspace import Workspace
from world import FIRST, lay_world

DAY = str(FIRST + timedelta(weeks=9))  # the day of issue 10


@pytest.fixture
def ask(workspace):
    """Run a command on a workspace of ten issues whose vectors need no model."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"'))
    lay_world(Workspace.open(workspace.folder).database, 10)

    def ask(*words: str, code: int = 0):
        said = CliRunner().invoke(app, [*words, "--workspace", str(workspace.folder)])
        if isinstance(said.exception, InputError):
            raise said.exception
        assert said.exit_code == code, said.output
        return said.stdout

    return ask


def test_each_step_runs_alone(ask):
    """classify and rank lay the review table of an evening; each says one line, or JSON."""
    assert ask("classify", "--as-of", DAY).startswith("classify: 11 of 11")
    assert json.loads(ask("rank", "--as-of", DAY, "--json"))["done"] == 11
    assert len(json.loads(ask("sql", "select * from review", "--json"))) == 11


def test_replay_tells_figures_and_writes_what_others_check(ask, tmp_path):
    """The sentence, the baselines beside ours, one line per candidate, and a page."""
    lines, page = tmp_path / "r.jsonl", tmp_path / "r.html"
    files = ("--rankings", str(lines), "--report", str(page))
    said = ask("replay", "--no-curve", "--from", "9", "--to", "10", *files)
    assert said.startswith("over your last 2 issues, reading the top 25 would have found 100 % of your picks")
    assert "tf-idf" in said
    table = said[said.index("triage  random") :].partition("\n(")[0]
    assert max(len(line.rstrip()) for line in table.splitlines()) <= 80
    assert "of sources never picked before are" in said
    assert len(lines.read_text().splitlines()) == 2 * 12
    assert page.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize("option", ["--report", "--rankings"])
def test_replay_refuses_a_file_that_cannot_be_written_before_it_works(ask, tmp_path, option):
    """Not after minutes of replaying."""
    for place, why in ((tmp_path, "it is a folder"), (tmp_path / "none" / "x", "there is no such folder")):
        with pytest.raises(InputError, match=f"cannot write {place} \\({why}"):
            ask("replay", option, str(place))
    assert json.loads(ask("sql", "select * from runs where step = 'replay'", "--json")) == []


def test_replay_as_json_can_be_questioned(ask):
    """--json carries figures, intervals and sections, and the run is kept."""
    record = json.loads(ask("replay", "--no-curve", "--last", "1", "--without", "source,dates", "--json"))
    assert (record["issues"], record["without"]) == ([10], ["source", "dates"])
    assert set(record["figures"]) == {"triage", "random", "newest", "mean cosine", "source prior", "tf-idf svm"}
    kept = json.loads(ask("sql", "select details from runs where step = 'replay'", "--json"))
    assert json.loads(kept[0]["details"])["headline"] == record["headline"]


def test_a_wrong_group_is_named(ask, workspace):
    """--without knows three groups and says which."""
    from pipeline.core.errors import InputError

    said = CliRunner().invoke(app, ["replay", "--workspace", str(workspace.folder), "--without", "colour"])
    assert isinstance(said.exception, InputError)
    assert "source, url, dates, not 'colour'" in str(said.exception)


def test_retrain_list_and_rollback(ask):
    """The first model is active and listed; rolling back to it is allowed at any time."""
    assert "is active" in ask("retrain", "--as-of", DAY)
    kept = json.loads(ask("models", "list", "--json"))
    assert {(card["kind"], card["active"]) for card in kept} == {("relevance", True), ("sections", True)}
    assert f"{kept[0]['id']} is active" in ask("models", "rollback", kept[0]["id"])
    assert kept[0]["id"] in ask("models", "list")


def test_issues_that_are_not_there_are_told_from_none(ask, workspace):
    """Numbers beyond the archive are wrong input, not an empty workspace."""
    with pytest.raises(InputError, match="--from and --to can be 1 to 10"):
        CliRunner().invoke(
            app, ["replay", "--from", "99", "--workspace", str(workspace.folder)], catch_exceptions=False
        )


def test_an_empty_query_is_one_sentence(ask, workspace):
    """What holds no statement is asked for again."""
    with pytest.raises(InputError, match="there is no query"):
        CliRunner().invoke(app, ["sql", " ", "--workspace", str(workspace.folder)], catch_exceptions=False)
