"""A newcomer points at past issues before there is a workspace."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.errors import InputError

ISSUE = (
    "# Pier #{n} - {n} May 2024\n\n## News\n\n- [A story](https://a.example/{n})\n- [Another](https://b.example/{n})\n"
)


def triage(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code
    return result.output


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of three issues and a file that is no text; the commands run outside any workspace."""
    folder = tmp_path / "archive"
    folder.mkdir()
    for n in (1, 2, 3):
        (folder / f"{n}.md").write_text(ISSUE.format(n=n))
    (folder / "4.md").write_bytes(b"\0\1\2")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIAGE_WORKSPACE", raising=False)
    return folder


def test_archive_is_explained_before_there_is_a_workspace(archive: Path, tmp_path: Path) -> None:
    """The page shows how an archive is read, so that it can be believed before anything is made."""
    assert "nothing is stored" in triage("import", "issues", archive, "--explain", tmp_path / "preview.html")
    assert "A story" in (tmp_path / "preview.html").read_text()


def test_init_from_names_what_it_left_out(archive: Path, tmp_path: Path) -> None:
    """A file of the archive that could not be read is named, with the reason."""
    assert "skipped" in (said := triage("init", tmp_path / "pier", "--from", archive))
    assert f"{archive / '4.md'}: " in said


def test_files_with_many_issues_are_named(archive: Path, tmp_path: Path) -> None:
    """How many issues a file was parted into, in one line for several files, and each file in the report."""
    for year in range(2020, 2024):
        days = [f"## {year}-05-{n * 7:02d}\n\n- [Pier {n}](https://c{n}.example/{year})\n" for n in (1, 2, 3)]
        (archive / f"{year}.md").write_text(f"# Pier {year}\n\n" + "\n".join(days))
    triage("init", tmp_path / "pier", "--template", "blank")
    said = triage("import", "issues", archive, "--workspace", tmp_path / "pier", "--report")
    assert "read 4: parted into … at its headings (first: " in said
    report = (tmp_path / "pier" / "import-report.txt").read_text()
    assert f"read: {archive / '2023.md'}: parted into 3 at its headings" in report


def test_links_that_are_no_picks_are_counted(archive: Path, tmp_path: Path) -> None:
    """Of the links of an archive none is lost without a word; the report has each with its reason."""
    for n in (1, 2, 3):
        (archive / f"{n}.md").write_text(f"{ISSUE.format(n=n)}- Sponsored: [An offer](https://c.example/{n})\n")
    triage("init", tmp_path / "pier")
    said = triage("import", "issues", archive, "--workspace", tmp_path / "pier")
    assert "left out as no pick: 3 links; --report" in " ".join(said.split())


def test_second_import_tells_how_many_issues_are_new(archive: Path, tmp_path: Path) -> None:
    """An editor who imports again after each issue sees what it brought; a dry run brings nothing."""
    triage("init", tmp_path / "pier")
    again = ("import", "issues", archive, "--workspace", tmp_path / "pier")
    assert "read 3 issues with 6 picks\n" in triage(*again)
    assert "read 3 issues with 6 picks; none of them new or changed" in triage(*again)
    (archive / "5.md").write_text(ISSUE.format(n=5).replace("story", "fifth tale").replace("Another", "One more"))
    assert "would read 4 issues with 8 picks\n" in triage(*again, "--dry-run")
    assert json.loads(triage(*again, "--dry-run", "--json"))["new"] is None
    assert "read 4 issues with 8 picks; 1 of them new or changed" in triage(*again)


def test_init_from_an_archive_without_picks_says_a_command_that_runs(archive: Path, tmp_path: Path) -> None:
    """Nothing is made, and the next move that is named needs no workspace."""
    for file in archive.glob("*.md"):
        file.write_text("# Words without a link\n")
    said = triage("init", tmp_path / "pier", "--from", archive, code=1)
    assert f"triage import issues {archive} --explain preview.html" in " ".join(said.split())
    assert not (tmp_path / "pier").exists()


def test_columns_of_tables_are_told(archive: Path, tmp_path: Path) -> None:
    """What was found in which column is said, and links without a heading are said to have none."""
    table = tmp_path / "saved.csv"
    table.write_text(
        "Link,Words,Saved\n" + "".join(f"https://a.example/{n},A story of {n} piers,2024-05-0{n}\n" for n in (1, 2, 3))
    )
    told = "saved.csv: a table with url from 'Link', date from 'Saved', title from 'Words'"
    assert told in triage("init", tmp_path / "pier", "--from", table)
    triage("init", tmp_path / "quay")
    said = triage("import", "issues", table, "--workspace", tmp_path / "quay", "--report")
    assert told in said
    assert "3 picks have no heading above them" in said


def test_folder_that_cannot_be_made_is_named(archive: Path, tmp_path: Path) -> None:
    """A new newsletter below a file, as on a disk that is full or read-only, is one sentence."""
    with pytest.raises(InputError, match=r"cannot make .*pier"):
        triage("init", archive / "1.md" / "pier", "--from", archive)
