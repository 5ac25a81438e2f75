"""Check repairs what can be repaired, and loses no decision that journal or table holds."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import duckdb
import pytest

from helpers import NOW
from invented import lay_stories
from pipeline.core.errors import StoreError
from pipeline.core.types import Decision
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions
from pipeline.store.backup import write_backup
from pipeline.store.journal import Journal
from pipeline.store.model_cards import ModelCard, add_card, all_cards
from pipeline.store.repair import check_workspace


@pytest.fixture
def ids(workspace):
    """Twenty stories on the shortlist."""
    return lay_stories(workspace, 20)


@pytest.fixture
def recorded(workspace, ids):
    """Five decisions, in journal and table."""
    made = [Decision(id, "pick", "ann", NOW + timedelta(minutes=n), text="why") for n, id in enumerate(ids[:5])]
    return decisions.record(workspace.journal, workspace.database, made)


def check(workspace):
    return check_workspace(workspace.database, workspace.journal, workspace.models_folder)


def assert_sound(workspace, recorded):
    """Journal and table hold just these decisions, and a second check finds nothing."""
    with workspace.database.reading() as connection:
        assert decisions.all_decisions(connection) == recorded
    assert workspace.journal.read() == recorded
    assert check(workspace) == []


def forget(workspace, beyond=0):
    with workspace.database.writing() as connection:
        connection.execute("DELETE FROM decisions WHERE seq > ?", [beyond])


def spoil(journal, line, old, new):
    lines = journal.path.read_bytes().split(b"\n")
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    journal.path.write_bytes(b"\n".join(lines))


def test_sound_workspace_gives_no_finding(workspace, recorded):
    """Where all is well, check says nothing and changes nothing."""
    before = workspace.journal.path.read_bytes()
    assert_sound(workspace, recorded)
    assert workspace.journal.path.read_bytes() == before


def test_damaged_line_comes_from_the_database(workspace, recorded):
    """A verdict changed by hand is put right from the table, and the old journal is kept."""
    spoil(workspace.journal, 2, b'"pick"', b'"skip"')
    (finding,) = check(workspace)
    assert finding.fixed
    assert "journal line 2" in finding.what
    assert (workspace.folder / "decisions.journal.damaged-1").exists()
    assert_sound(workspace, recorded)


def test_damaged_checksum_is_proven_by_the_next_line(workspace, recorded):
    """Where only a checksum was hit, the next line proves the decision, without the database."""
    forget(workspace)
    workspace.journal.path.write_bytes(b"f00d" + workspace.journal.path.read_bytes()[4:])
    assert all(finding.fixed for finding in check(workspace))
    assert_sound(workspace, recorded)


def test_unproven_line_is_kept_and_named(workspace, recorded):
    """A line that nothing confirms is kept, and a finding asks the editor to look."""
    forget(workspace)
    spoil(workspace.journal, 5, b'"why"', b'"wha"')
    findings = check(workspace)
    assert [f.fixed for f in findings] == [False, True]
    assert_sound(workspace, [*recorded[:4], replace(recorded[4], text="wha")])


def test_unreadable_line_is_named(workspace, recorded):
    """An unreadable line is named as lost; all others stay."""
    forget(workspace)
    spoil(workspace.journal, 3, b'{"article_id"', b"\x00\xff")
    findings = check(workspace)
    assert "line 3 cannot be read" in findings[0].what
    kept = [replace(d, seq=n) for n, d in enumerate([*recorded[:2], *recorded[3:]], 1)]
    assert_sound(workspace, kept)


@pytest.mark.parametrize("keep", [0, 2])
def test_lost_journal_comes_from_the_database(workspace, recorded, keep):
    """A journal deleted, or one from yesterday, is filled up from the table when the workspace is opened."""
    lines = workspace.journal.path.read_bytes().split(b"\n")
    workspace.journal.path.write_bytes(b"".join(line + b"\n" for line in lines[:keep]))
    again = Workspace.open(workspace.folder)
    assert_sound(again, recorded)


def test_two_histories_are_joined(workspace, recorded):
    """Decisions made over a lost journal, under places already taken, are kept beside the old ones."""
    workspace.journal.path.unlink()
    (new,) = Journal(workspace.journal.path).append([Decision("x", "skip", "bob", NOW + timedelta(days=1))])
    assert any(finding.fixed for finding in check(workspace))
    assert_sound(workspace, [*recorded, replace(new, seq=6)])


def test_damaged_log_is_set_aside(workspace, recorded):
    """A write-ahead log that cannot be replayed is named and moved; the journal brings the decisions."""
    log = workspace.database.path.with_name("triage.duckdb.wal")
    with duckdb.connect(str(workspace.database.path)) as connection:
        connection.execute("PRAGMA disable_checkpoint_on_shutdown")
        connection.execute("DELETE FROM decisions; UPDATE review SET relevance = 0")
    damaged = bytearray(log.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    log.write_bytes(damaged)
    assert "log could not be replayed" in check(workspace)[0].what
    assert_sound(workspace, recorded)


def test_damaged_database_is_replaced_by_the_backup(workspace, recorded):
    """With a backup at hand a destroyed database comes back, with the decisions made since."""
    (workspace.folder / "backups").mkdir()
    write_backup(workspace.database, workspace.folder / "backups" / "weekly.zip")
    later = decisions.record(workspace.journal, workspace.database, [Decision("x", "skip", "ann", NOW)])
    workspace.database.path.write_bytes(b"no database" * 1000)
    assert [f.fixed for f in check(workspace)] == [True, True]
    assert_sound(workspace, [*recorded, *later])
    with workspace.database.reading() as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (20,)


def test_without_backup_decisions_still_come_back(workspace, recorded):
    """Without one, the journal alone brings all decisions, and a finding names what to import."""
    workspace.database.path.unlink()
    findings = check(workspace)
    assert "import past issues" not in findings[0].what
    assert "triage import issues" in findings[0].what
    assert_sound(workspace, recorded)


def test_damaged_model_is_deactivated(workspace):
    """An altered model gives way to the newest sound one of its kind."""
    workspace.models_folder.mkdir()
    for n, name in enumerate(("old", "new")):
        (workspace.models_folder / f"{name}.skops").write_bytes(name.encode())
        sha256 = hashlib.sha256(name.encode()).hexdigest()
        card = ModelCard(name, "relevance", NOW + timedelta(days=n), NOW.date(), sha256, name == "new", {})
        with workspace.database.writing() as connection:
            add_card(connection, card)
    (workspace.models_folder / "new.skops").write_bytes(b"other")
    (finding,) = check(workspace)
    assert finding.what.startswith("model new is set aside, because")
    assert finding.what.endswith("SHA-256 differs; old is active instead")
    assert check(workspace) == []
    with workspace.database.reading() as connection:
        assert [c.id for c in all_cards(connection) if c.active] == ["old"]


def test_leftovers_are_removed(workspace, ids):
    """Rows that point at nothing go."""
    with workspace.database.writing() as connection:
        connection.execute("DELETE FROM articles WHERE id = ?", [ids[0]])
        connection.execute("INSERT INTO embeddings VALUES ('a/b/3/x', 'h', [1.0])")
    whats = {finding.what for finding in check(workspace)}
    assert whats == {
        "1 stories on the shortlist without an article; removed",
        "1 vectors of a wrong width; removed",
    }


def test_a_file_that_may_not_be_read_is_not_set_aside(workspace, recorded, monkeypatch):
    """Another user's file or a read-only disk is no damage: the sentence says so, and the database stays."""

    def refuse(*_, **__):
        raise duckdb.IOException(f'IO Error: Cannot open file "{workspace.database.path}": Permission denied')

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.store.database.duckdb.connect", refuse)
        with pytest.raises(StoreError, match=r"Permission denied.*; let it be written to, and try again"):
            check(workspace)
    assert_sound(workspace, recorded)
