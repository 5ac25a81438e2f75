"""Backup, restore and check from the shell."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from helpers import NOW
from invented import lay_stories
from pipeline.core.errors import InputError
from pipeline.core.types import Decision
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions


def triage(*words: object, code: int = 0) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == code
    return result.output


def test_backup_comes_back_in_another_folder(workspace, tmp_path):
    """A backup restored into an empty folder brings everything back."""
    ids = lay_stories(workspace, 5)
    decisions.record(workspace.journal, workspace.database, [Decision(ids[0], "pick", "ann", NOW)])
    answer = json.loads(triage("backup", tmp_path / "b.zip", "--workspace", workspace.folder, "--json"))
    assert (answer["tables"]["articles"], answer["tables"]["decisions"]) == (5, 1)
    assert "restored Letter" in triage("restore", tmp_path / "b.zip", "--workspace", tmp_path / "new")
    assert Workspace.open(tmp_path / "new").journal.read() == workspace.journal.read()


def test_restore_of_a_file_that_is_not_there(workspace, tmp_path):
    """A wrong path is named, and the workspace stays."""
    with pytest.raises(InputError, match=r"none\.zip"):
        triage("restore", tmp_path / "none.zip", "--workspace", workspace.folder)
    assert Workspace.open(workspace.folder).newsletter.name == "Letter"


def test_restore_into_what_is_no_folder(workspace, tmp_path):
    """A file in the place of the folder is named in one sentence."""
    (tmp_path / "taken").touch()
    for place in (tmp_path / "taken", tmp_path / "taken" / "below"):
        with pytest.raises(InputError, match=f"cannot make {place} "):
            triage("restore", tmp_path / "b.zip", "--workspace", place)


def test_check_tells_and_mends(workspace):
    """A journal that cannot be opened by any other command is mended by check, and the second check is content."""
    said = [Decision("a", "pick", "ann", NOW), Decision("b", "pick", "ann", NOW)]
    decisions.record(workspace.journal, workspace.database, said)
    path: Path = workspace.journal.path
    path.write_text(path.read_text().replace('"pick"', '"skip"', 1))
    assert triage("check", "--workspace", workspace.folder).startswith("fixed  journal line 1")
    assert triage("check", "--workspace", workspace.folder) == "settings, database, journal and models are intact\n"


def test_check_exits_1_where_a_person_is_needed(workspace):
    """A database that is gone without a backup needs the archive imported again: check says so."""
    workspace.database.path.unlink()
    assert "triage import issues" in triage("check", "--workspace", workspace.folder, code=1)
