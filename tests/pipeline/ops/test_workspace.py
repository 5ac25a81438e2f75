"""A workspace is found from where the editor stands, and made without harm."""

import os
import sys

import pytest

from pipeline.core.errors import WorkspaceError
from pipeline.ops.workspace import Workspace


def test_init_twice_keeps_the_editors_file(workspace):
    """Making a workspace again leaves an edited newsletter.toml as it is."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace('issue_day = "friday"', 'issue_day = "monday"'))
    assert Workspace.create(workspace.folder, "Other").newsletter.issue_day == "monday"


def test_nearest_folder_upwards_is_the_workspace(workspace, monkeypatch):
    """A command works from any folder below the newsletter's."""
    below = workspace.folder / "drafts" / "old"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert Workspace.open().folder == workspace.folder


def test_environment_names_the_workspace(workspace, tmp_path, monkeypatch):
    """Where no folder upwards is a workspace, TRIAGE_WORKSPACE is."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIAGE_WORKSPACE", str(workspace.folder))
    assert Workspace.open().folder == workspace.folder


def test_no_workspace_says_how_to_make_one(tmp_path, monkeypatch):
    """Without a workspace the sentence names the next move."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRIAGE_WORKSPACE", raising=False)
    with pytest.raises(WorkspaceError, match="triage init"):
        Workspace.open()


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems take UTF-8 only")
def test_a_folder_whose_name_is_not_utf8_is_refused(tmp_path):
    """DuckDB opens no such file; the sentence names the folder as far as it can be read."""
    folder = tmp_path / os.fsdecode(b"M\xfcnchen")
    folder.mkdir()
    (folder / "newsletter.toml").touch()
    for use in (Workspace.open, lambda folder: Workspace.create(folder, "Letter", "blank")):
        with pytest.raises(WorkspaceError, match=r"M\\xfcnchen cannot be read as UTF-8; rename the folder"):
            use(folder)
