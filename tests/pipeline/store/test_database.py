"""The database is open for moments, whole or not at all, and knows its own schema."""

import os
import subprocess
import threading
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipeline.core.errors import BusyError, StoreError
from pipeline.store.database import Database, incoming, replace_rows, waiting_at_most

INSERT = "INSERT INTO issues VALUES (?, DATE '2026-01-01', '', '', NULL)"


def count_up(path: Path, start: int) -> None:
    database = Database(path)
    for number in range(start, start + 10):
        with database.writing() as connection:
            connection.execute(INSERT, [number])


def issues_in(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute("SELECT count(*) FROM issues").fetchone()[0]


def test_failed_write_leaves_nothing(database):
    """An exception inside a transaction takes all of it back."""
    with pytest.raises(duckdb.ConstraintException), database.writing() as connection:
        connection.executemany(INSERT, [[1], [1]])
    assert issues_in(database) == 0


def test_fault_in_a_batch_is_told_by_its_own_name(database):
    """DuckDB's error about the rows is not hidden by its error about the failed transaction."""
    twice = pa.table({"number": [1, 1], "issue_date": [date(2026, 1, 1)] * 2})

    def store() -> None:
        with database.writing() as connection, incoming(connection, twice):
            connection.execute("INSERT INTO issues BY NAME SELECT *, '' AS title, '' AS subtitle FROM incoming")

    with pytest.raises(duckdb.ConstraintException, match="uplicate key"):
        store()
    assert issues_in(database) == 0


def test_replaced_table_keeps_its_definition(database):
    """Primary key, other constraints and defaults stay, and a failed transaction brings back table and rows."""
    definition = "SELECT sql FROM duckdb_tables() WHERE table_name = 'picks'"
    row = {"issue": 1, "position": 1, "entry": 1, "section_name": "", "title": "A", "kind": "title"}
    with database.writing() as connection:
        before = connection.execute(definition).fetchall()
        for title in ("A", "B"):
            replace_rows(connection, "picks", pa.Table.from_pylist([{**row, "title": title}]))
    with pytest.raises(duckdb.ConstraintException), database.writing() as connection:
        replace_rows(connection, "picks", pa.Table.from_pylist([row, row]))
    with database.reading() as connection:
        assert connection.execute(definition).fetchall() == before
        assert connection.execute("SELECT title, context FROM picks").fetchall() == [("B", "")]


def test_reading_cannot_write(database):
    """A reader's connection refuses to change anything."""
    with pytest.raises(duckdb.InvalidInputException), database.reading() as connection:
        connection.execute(INSERT, [1])


def test_two_processes_take_turns(database):
    """Two writing processes wait for each other politely and lose nothing."""
    context = get_context("spawn")
    writers = [context.Process(target=count_up, args=(database.path, start)) for start in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [w.exitcode for w in writers] == [0, 0]
    assert issues_in(database) == 20


def test_newer_database_is_refused(database):
    """A database made by a newer Triage is left alone, and the sentence says what to do."""
    with database.writing() as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (999)")
    with pytest.raises(StoreError, match="schema 999"), Database(database.path).reading():
        pass


def test_foreign_duckdb_file_is_refused(tmp_path):
    """A DuckDB file of another program is not taken for ours."""
    path = tmp_path / "triage.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE songs (title VARCHAR)")
    with pytest.raises(StoreError, match="not Triage's"):
        Database.create(path)


def test_damaged_file_is_named(tmp_path):
    """A file that is no database gives one sentence with its path."""
    path = tmp_path / "triage.duckdb"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreError, match="cannot be opened"), Database(path).reading():
        pass


def test_missing_file_says_how_to_make_one(tmp_path):
    """Reading where there is no database never creates one."""
    with pytest.raises(StoreError, match="triage check"), Database(tmp_path / "none.duckdb").reading():
        pass
    assert not (tmp_path / "none.duckdb").exists()


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 4 MB, where this machine lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs more rights")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_full_disk_keeps_what_was_stored(small_disk):
    """Writing until nothing fits ends in one sentence; every transaction that was committed is there, no other."""
    database = Database.create(small_disk / "triage.duckdb")
    stored: list[int] = []

    def fill() -> None:
        for number in range(100):
            with database.writing() as connection:
                connection.execute(
                    "INSERT INTO issues VALUES (?, DATE '2026-01-01', ?, '', NULL)", [number, os.urandom(100_000).hex()]
                )
            stored.append(number)

    with pytest.raises(StoreError, match="make room"):
        fill()
    subprocess.run(["mount", "-o", "remount,size=40m", small_disk], check=True)
    assert issues_in(Database(database.path)) == len(stored) > 0


def test_impatient_caller_waits_for_no_other_thread(database):
    """A thread that has the database, or waits for it, does not hold up one that waits at most so long."""
    is_writing, may_end = threading.Event(), threading.Event()

    def write() -> None:
        with database.writing():
            is_writing.set()
            may_end.wait()

    thread = threading.Thread(target=write)
    thread.start()
    is_writing.wait()
    try:
        with pytest.raises(BusyError, match="by this program itself"), waiting_at_most(0.0), database.reading():
            pass
    finally:
        may_end.set()
        thread.join()
    with waiting_at_most(0.0):
        assert issues_in(database) == 0


def test_impatient_caller_does_not_wait_again(database, monkeypatch):
    """Who would wait less long than the file is held already is told at once by whom; the desk's pages come again."""
    tries = []

    def refuse(*_: object, **__: object) -> None:
        tries.append(1)
        raise duckdb.IOException('Could not set lock on file "f": Conflicting lock is held in /bin/other (PID 7) by x')

    monkeypatch.setattr(duckdb, "connect", refuse)
    with waiting_at_most(0.2):
        for _ in range(2):
            tries.clear()
            with pytest.raises(BusyError, match=r"held by other \(process 7\) for"), database.reading():
                pass
    assert len(tries) == 1
