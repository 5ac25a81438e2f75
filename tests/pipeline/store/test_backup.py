"""A backup is everything, verified; what comes back is what was, and nothing is lost on the way."""

import json
import zipfile

import pytest

from helpers import NOW
from invented import lay_stories
from pipeline.core.errors import InputError, StoreError
from pipeline.core.types import Decision
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions
from pipeline.store.backup import MANIFEST, restore_backup, write_backup
from pipeline.store.checksums import table_checksums


@pytest.fixture
def lived_in(workspace):
    """A workspace with stories, a decision, a vector and a model."""
    ids = lay_stories(workspace, 20)
    decisions.record(workspace.journal, workspace.database, [Decision(ids[0], "pick", "ann", NOW, text="naïve")])
    workspace.models_folder.mkdir()
    (workspace.models_folder / "sections-1.skops").write_bytes(b"model")
    with workspace.database.writing() as connection:
        connection.execute("INSERT INTO embeddings VALUES ('m/3/x', 'abc', [0.6, 0.8, 0.0])")
    return workspace


def sums(workspace):
    with workspace.database.reading() as connection:
        return table_checksums(connection)


def test_restored_workspace_is_the_same(lived_in, tmp_path):
    """Tables, journal, models and newsletter.toml come back in an empty folder, bit by bit."""
    write_backup(lived_in.database, tmp_path / "b.zip")
    assert restore_backup(tmp_path / "b.zip", tmp_path / "new" / "triage.duckdb") is None
    again = Workspace.open(tmp_path / "new")
    assert sums(again) == sums(lived_in)
    assert again.journal.read() == lived_in.journal.read()
    assert (again.models_folder / "sections-1.skops").read_bytes() == b"model"


def test_restore_keeps_what_stood_there(lived_in, tmp_path):
    """The state before a restore is moved aside; decisions made since the backup are not undone."""
    write_backup(lived_in.database, tmp_path / "b.zip")
    decisions.record(lived_in.journal, lived_in.database, [Decision("x", "skip", "ann", NOW)])
    aside = restore_backup(tmp_path / "b.zip", lived_in.database.path)
    assert (aside / "triage.duckdb").exists()
    again = Workspace.open(lived_in.folder)
    assert [d.article_id for d in again.journal.read()][1:] == ["x"]


def test_backup_leaves_nothing_half_written(lived_in, tmp_path):
    """A backup to a place that is not there fails in one sentence, and the old one stays."""
    with pytest.raises(StoreError, match=r"was not written \(No such file or directory\);"):
        write_backup(lived_in.database, tmp_path / "none" / "b.zip")
    write_backup(lived_in.database, tmp_path / "b.zip")
    assert {p.name for p in tmp_path.iterdir()} == {"letter", "b.zip"}


def rewritten(source, target, change):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(*change(name, old.read(name)))


def damaged(name, data):
    return name, data[:-1] + b"?" if name == "decisions.journal" else data


def escaping(name, data):
    if name != MANIFEST:
        return name.replace("decisions.journal", "../escaped"), data
    manifest = json.loads(data)
    manifest["files"]["../escaped"] = manifest["files"].pop("decisions.journal")
    return name, json.dumps(manifest)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [(damaged, "decisions.journal is damaged"), (escaping, "which no backup of Triage does")],
)
def test_altered_backup_is_refused(lived_in, tmp_path, change, complaint):
    """A byte changed, or a name that leads out of the folder: refused, and the workspace untouched."""
    write_backup(lived_in.database, tmp_path / "b.zip")
    rewritten(tmp_path / "b.zip", tmp_path / "bad.zip", change)
    with pytest.raises(InputError, match=complaint):
        restore_backup(tmp_path / "bad.zip", tmp_path / "new" / "triage.duckdb")
    assert not (tmp_path / "new" / "triage.duckdb").exists()
    assert not (tmp_path / "escaped").exists()


@pytest.mark.parametrize("content", [b"not a zip", b""])
def test_file_that_is_no_backup_is_named(tmp_path, content):
    """Any other file is refused by name."""
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(InputError, match=r"b\.zip is no backup of Triage"):
        restore_backup(tmp_path / "b.zip", tmp_path / "new" / "triage.duckdb")


def test_older_database_is_copied_before_its_schema_changes(lived_in, monkeypatch):
    """A migration on open leaves a copy of the database as it was."""
    from pipeline.store import database as room

    old = room._migrations()
    monkeypatch.setattr(room, "_migrations", lambda: [*old, "CREATE TABLE later (n INTEGER)"])
    before = sums(lived_in)
    changed = Workspace.open(lived_in.folder)
    assert "later" in sums(changed)
    monkeypatch.setattr(room, "_migrations", lambda: old)
    copy = room.Database(lived_in.folder / "backups" / f"schema-{len(old)}.duckdb")
    with copy.reading() as connection:
        assert table_checksums(connection) == before


def test_backup_of_an_older_schema_is_migrated(lived_in, tmp_path, monkeypatch):
    """What was backed up by an older Triage is brought up to this one on restore."""
    from pipeline.store import database as room

    write_backup(lived_in.database, tmp_path / "b.zip")
    old = room._migrations()
    monkeypatch.setattr(room, "_migrations", lambda: [*old, "CREATE TABLE later (n INTEGER)"])
    restore_backup(tmp_path / "b.zip", tmp_path / "new" / "triage.duckdb")
    assert "later" in sums(Workspace.open(tmp_path / "new"))
