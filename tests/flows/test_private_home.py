"""A private Prefect that cannot start is known before it is tried: Prefect itself tries for minutes."""

import shutil
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from flows.prefect_settings import FOLDER
from flows.private_home import DATABASE_NAME, ServerError, is_damaged, prepare_home
from flows.run import run_night
from pipeline.core.types import StepReport
from pipeline.ops import nightly


@pytest.fixture
def full_disk(monkeypatch):
    """A disk on which 3 MB are free."""
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=3_000_000))


def test_a_full_disk_is_told_before_the_server_starts(tmp_path, full_disk):
    """The message has how much is free and how much is needed."""
    with pytest.raises(ServerError, match=r"3 MB are free on the disk of .*, its server needs 20"):
        prepare_home(tmp_path / FOLDER)


def test_a_night_on_a_full_disk_runs_without_prefect(tmp_path, full_disk, monkeypatch, caplog):
    """It says so at once, and the steps themselves find out whether they can store."""
    reports = [StepReport("pull", 1, 1, 0, 0.0)]
    monkeypatch.setattr("flows.run.configure_prefect", lambda folder: False)
    monkeypatch.setattr(nightly, "plain_night", lambda *given: reports)
    assert run_night(tmp_path) == reports
    assert "3 MB are free" in caplog.text
    assert "running without it" in caplog.text


def test_a_damaged_database_is_deleted(tmp_path):
    """After a power cut Prefect's own record of past nights may be broken; the next night begins a new one."""
    home = tmp_path / FOLDER
    home.mkdir()
    file = home / DATABASE_NAME
    for body in (b"\x07" * 50_000, b"SQLite format 3\0" + b"\x07" * 50_000):
        file.write_bytes(body)
        file.with_name(f"{DATABASE_NAME}-wal").write_bytes(b"old")
        prepare_home(home)
        assert list(home.iterdir()) == []


def test_a_sound_database_stays(tmp_path):
    """Past nights stay in Prefect's UI."""
    file = tmp_path / DATABASE_NAME
    assert not is_damaged(file)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE flow_run (id)")
    prepare_home(tmp_path)
    assert not is_damaged(file)
    assert file.exists()
