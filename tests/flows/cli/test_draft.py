"""The circle at the front door: an archive in, a draft out, the published issue back."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from helpers import NOW
from invented import lay_stories
from pipeline.core.types import Decision
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions

ISSUE = """---
title: "#7 - 13 November 2026"
---
## Teams

[One](https://a.example/1) - Ann

## Curiosities

[Two](https://b.example/2)

## Calls

[Call](https://c.example/3) - 1-3 Dec 2036, Papers due 20 Nov 2036
"""
Run = Callable[..., str]


@pytest.fixture
def run(workspace: Workspace, tmp_path: Path) -> Run:
    """Run a command in the workspace and return what it printed."""
    toml = workspace.folder / "newsletter.toml"
    toml.write_text(
        toml.read_text().replace('[embedding]\nmodel = "all-MiniLM-L6-v2"', '[embedding]\nmodel = "hashing"')
    )

    def call(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, [*words, "--workspace", str(workspace.folder)])
        assert result.exit_code == code, result.output
        return result.stdout

    return call


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """A folder with one issue and a file that is none."""
    folder = tmp_path / "archive"
    folder.mkdir()
    (folder / "0007.md").write_text(ISSUE)
    (folder / "README.md").write_text("# Read me\n")
    return folder


@pytest.fixture
def picked(workspace: Workspace) -> list[str]:
    """Three picked candidates."""
    ids = lay_stories(workspace, 6)[:3]
    said = [Decision(id, "pick", "ed", NOW, "teams") for id in ids]
    decisions.record(workspace.journal, workspace.database, said)
    return ids


def as_json(text: str) -> Any:
    """Read what a command printed."""
    return json.loads(text)


def test_import_tells_scripts_what_the_contract_says(run: Run, archive: Path) -> None:
    """Issues, picks, sections by name, headings no alias maps, what was skipped and why; twice the same."""
    answer = as_json(run("import", "issues", str(archive), "--json"))
    assert {key: answer[key] for key in ("issues", "picks", "sections", "unmapped")} == {
        "issues": 1,
        "picks": 3,
        "sections": {"Managing Teams": 1, "Calls for Submissions": 1},
        "unmapped": {"Curiosities": 1},
    }
    assert [Path(left["path"]).name for left in answer["skipped"]] == ["README.md"]
    assert answer["new"] == 1
    assert as_json(run("import", "issues", str(archive), "--json")) == {**answer, "new": 0}


def test_dry_run_stores_nothing_and_shows_what_it_read(run: Run, archive: Path) -> None:
    """Counts per issue, and links set aside."""
    assert "would read 1 issue with 3 picks" in run("import", "issues", str(archive), "--dry-run")
    assert as_json(run("sql", "select count(*) n from issues", "--json")) == [{"n": 0}]


def test_an_archive_without_picks_fails_and_stores_nothing(run: Run, archive: Path, workspace: Workspace) -> None:
    """Three lines say what was seen and what to do next; the exit status is 1."""
    (archive / "0007.md").write_text("---\ntitle: '#7 - 13 November 2026'\n---\n## Teams\n\nNo link at all.\n")
    command = ["import", "issues", str(archive / "0007.md"), "--workspace", str(workspace.folder)]
    result = CliRunner().invoke(app, command)
    assert (result.exit_code, len(result.stderr.splitlines())) == (1, 3)
    assert "0 picks" in result.stderr
    assert as_json(run("sql", "select count(*) n from issues", "--json")) == [{"n": 0}]


def test_draft_is_written_checked_and_published(run: Run, archive: Path, picked: list[str], tmp_path: Path) -> None:
    """The number follows the archive's; writing again changes nothing; publishing marks what ran."""
    run("import", "issues", str(archive))
    out, day = tmp_path / "0008.md", (NOW + timedelta(days=7)).date()
    command = ("draft", "--out", str(out), "--as-of", str(day))
    answer = as_json(run(*command, "--json"))
    first = out.read_text()
    told = run(*command)
    assert f"triage draft --check --out {out}" in told
    assert f"triage publish {out}" in told
    assert (answer["number"], answer["date"], answer["text"]) == (8, str(day), first)
    assert out.read_text() == first
    kinds = {found["kind"] for found in as_json(run(*command, "--check", "--json"))}
    assert kinds == {"unsure", "empty"}
    assert as_json(run("publish", str(out), "--json"))["on_shortlist"] == 3
    states = as_json(run("sql", "select id from review where state = 'ran' order by rank", "--json"))
    assert [row["id"] for row in states] == picked


@pytest.mark.parametrize(("format", "sign"), [("html", "<!DOCTYPE html>"), ("text", "Managing Teams\n=====")])
def test_other_formats_come_from_the_edited_markdown(
    run: Run, picked: list[str], tmp_path: Path, format: str, sign: str
) -> None:
    """What the editor wrote in issue.md is in issue.html too."""
    markdown, other = tmp_path / "issue.md", tmp_path / "issue.other"
    at = ("--as-of", str((NOW + timedelta(days=7)).date()))
    run("draft", "--out", str(markdown), *at)
    markdown.write_text(markdown.read_text().replace("Hi, everyone:", "Dear *all* of you:"))
    run("draft", "--out", str(other), "--format", format, *at)
    assert sign in other.read_text()
    assert "all" in other.read_text().split("Dear")[1][:12]


def test_calendar_holds_what_is_to_come(run: Run, archive: Path, tmp_path: Path) -> None:
    """A deadline and an event of a past issue's call."""
    run("import", "issues", str(archive))
    run("export", "calendar", "--out", str(tmp_path / "calls.ics"))
    assert (tmp_path / "calls.ics").read_bytes().count(b"BEGIN:VEVENT") == 2
    days = as_json(run("export", "calendar", "--json"))
    assert [(d["kind"], d["day"]) for d in days] == [("due", "2036-11-20"), ("event", "2036-12-01")]
    assert "wrote 2 dates" in run("export", "calendar", "--format", "json", "--out", str(tmp_path / "calls.json"))
    assert as_json((tmp_path / "calls.json").read_text()) == days


def test_name_that_is_not_filled_in_is_told(run: Run, workspace: Workspace) -> None:
    """A typo in [draft] would go out in braces; text in braces that is like no name is the newsletter's own."""
    toml = workspace.folder / "newsletter.toml"
    (workspace.folder / "templates" / "issue.md.j2").unlink(missing_ok=True)
    form = "[draft]\nopening = '{number} of {date:de}'\nstory = '{titel} {url} {date} {curly}'\n"
    toml.write_text(toml.read_text() + form + '[draft.story_in]\nrandom = "{blurp}"\n')
    said = CliRunner().invoke(app, ["draft", "--workspace", str(workspace.folder)]).stderr
    told = [line.partition(",")[0] for line in said.splitlines() if line.startswith("[draft]")]
    assert told == ["[draft] story has {date}", "[draft] story has {titel}", "[draft] story_in.random has {blurp}"]


def test_pattern_that_leaves_out_title_or_address_is_told_with_its_line(run: Run, workspace: Workspace) -> None:
    """A story's text may hold both; where a pattern has no text either, they are lost."""
    toml = workspace.folder / "newsletter.toml"
    (workspace.folder / "templates" / "issue.md.j2").unlink(missing_ok=True)
    line = len(toml.read_text().splitlines())
    form = "[draft]\nstory = '- {title}'\nlead = '{blurb}'\n[draft.story_in]\nrandom = '- [more]({url})'\n"
    toml.write_text(toml.read_text() + form)
    said = CliRunner().invoke(app, ["draft", "--workspace", str(workspace.folder)]).stderr
    assert [sentence for sentence in said.splitlines() if sentence.startswith("[draft]")] == [
        f"[draft] story does not print the address of a story; write {{url}} in it (newsletter.toml, line {line + 2})",
        "[draft] story_in.random does not print the title of a story; write {title} in it"
        f" (newsletter.toml, line {line + 5})",
    ]


def test_unknown_format_is_wrong_usage(run: Run, picked: list[str]) -> None:
    """Told apart from trouble."""
    run("draft", "--format", "latin", code=2)
    run("draft", "--number", "-4", code=2)
    run("draft", "--number", "99999999999", code=2)
    run("publish", "x.md", "--to", "nowhere", code=2)


def test_an_empty_desk_says_what_to_do_first(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without feeds a night reads nothing and a draft has nothing: each says the next move."""
    monkeypatch.setattr("flows.run.run_night", lambda folder, *_: plain_night(folder))
    words = ["--workspace", str(workspace.folder)]
    for command in ("nightly", "shortlist"):
        answer = CliRunner().invoke(app, [command, *words])
        assert answer.exit_code == 0
        assert "no feed is subscribed; add one with triage feeds add URL" in answer.stderr
    assert "nothing is picked yet" in CliRunner().invoke(app, ["draft", *words]).stderr


def test_another_issue_of_a_number_waits_for_a_word(run: Run, tmp_path: Path) -> None:
    """Nothing that was published is lost to a slip in the front matter."""
    ours, other = tmp_path / "7.md", tmp_path / "8.md"
    ours.write_text(ISSUE)
    other.write_text(ISSUE.replace("a.example/1", "d.example/4").replace("b.example", "d.example").replace("c.", "d."))
    run("publish", str(ours))
    run("publish", str(other), code=1)
    assert "3 picks" in run("publish", str(ours))
    assert "#7 is recorded" in run("publish", str(other), "--replace")
    assert "#7 is recorded" in run("publish", str(ours), "--instead")


def test_picks_without_a_section_are_told(run: Run, tmp_path: Path) -> None:
    """A heading that no section is called, or a story left to be placed, would teach no section in silence."""
    file = tmp_path / "7.md"
    file.write_text(ISSUE.replace("## Curiosities", "## Wonders").replace("## Calls", "## To be placed"))
    said = run("publish", str(file))
    assert "1 pick stands under “To be placed”, without a section; give each its place and publish again" in said
    assert "no section is called 'Wonders' (1 pick); add it to the aliases of one in newsletter.toml" in said
    assert "To be placed' (" not in said


def test_publication_is_taken_back_by_file_or_number(run: Run, tmp_path: Path) -> None:
    """A slip in the number does not stay for ever."""
    file = tmp_path / "7.md"
    for named in (str(file), "7"):
        file.write_text(ISSUE)
        run("publish", str(file))
        assert "#7 of 2026-11-13 with 3 picks is no longer recorded" in run("publish", named, "--undo")
        assert as_json(run("sql", "select number from issues", "--json")) == []
    run("publish", "7", "--undo", code=1)
