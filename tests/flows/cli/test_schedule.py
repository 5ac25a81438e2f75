"""`triage schedule` serves each newsletter once, at the times given or those of its newsletter.toml."""

import contextlib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.errors import StoreError, WorkspaceError
from pipeline.ops.workspace import Workspace
from pipeline.store.lock import FILE_NAME


@pytest.fixture
def served(monkeypatch):
    """The calls of `serve_nights`; no server is started and Prefect's settings stay."""
    calls = []
    monkeypatch.setattr("flows.prefect_settings.configure_prefect", lambda folder: None)
    monkeypatch.setattr("flows.logs.configure_logging", lambda: None)
    monkeypatch.setattr(
        "flows.prefect_server.server_running", lambda folder: contextlib.nullcontext("http://127.0.0.1:4200/api")
    )
    monkeypatch.setattr(
        "flows.deployments.serve_nights",
        lambda found, cron, zone: calls.append(([w.folder for w in found], cron, zone)),
    )
    return calls


@pytest.fixture
def letters(tmp_path) -> list[Path]:
    """Two newsletters, the second of which has times of its own."""
    folders = [Workspace.create(tmp_path / name, name, "blank").folder for name in ("Morning", "Evening")]
    file = folders[1] / "newsletter.toml"
    text = file.read_text()
    changed = text.replace('"0 3 * * *"', '"0 18 * * *"').replace('timezone = "UTC"', 'timezone = "Asia/Tokyo"')
    assert changed != text
    file.write_text(changed)
    return folders


def schedule(*words: object, code: int = 0) -> str:
    """Run the command."""
    result = CliRunner().invoke(app, ["schedule", *map(str, words)])
    assert result.exit_code == code, result.output
    return result.output


def test_each_newsletter_is_served_once(served, letters):
    """In the order given, at its own times, which are said; a folder given twice counts once."""
    first, second = letters
    said = schedule("--workspace", first, "--workspace", second, "--workspace", first)
    assert served == [([first, second], None, None)]
    assert "Morning: every night at 0 3 * * * (UTC)" in said
    assert "Evening: every night at 0 18 * * * (Asia/Tokyo)" in said
    assert "Prefect UI: http://127.0.0.1:4200 " in said


def test_times_that_are_given_hold_for_all(served, letters):
    """They go before those of newsletter.toml."""
    words = ["--cron", "30 2 * * *", "--timezone", "Europe/Berlin"]
    said = schedule(*(word for folder in letters for word in ("--workspace", folder)), *words)
    assert served == [(letters, "30 2 * * *", "Europe/Berlin")]
    assert said.count("every night at 30 2 * * * (Europe/Berlin)") == 2


@pytest.mark.parametrize(
    ("words", "named"), [(("--cron", "at three"), "'at three'"), (("--timezone", "Mars/Base"), "'Mars/Base'")]
)
def test_times_that_do_not_exist_are_wrong_usage(served, letters, words, named):
    """Named before anything starts."""
    assert named in schedule("--workspace", letters[0], *words, code=2)
    assert served == []


def test_two_newsletters_of_one_name_are_refused(served, tmp_path, letters):
    """Prefect would know both by one name: case and signs do not count."""
    other = Workspace.create(tmp_path / "other", "MORNING!", "blank").folder
    result = CliRunner().invoke(app, ["schedule", "--workspace", str(letters[0]), "--workspace", str(other)])
    assert isinstance(result.exception, WorkspaceError)
    assert str(other) in str(result.exception)
    assert served == []


def test_folder_in_which_no_night_can_run_is_refused(served, letters):
    """A read-only folder ends the command with one sentence, before anything starts."""
    (letters[1] / FILE_NAME).mkdir()
    words = [word for folder in letters for word in ("--workspace", str(folder))]
    result = CliRunner().invoke(app, ["schedule", *words])
    assert isinstance(result.exception, StoreError)
    assert f"cannot write {letters[1] / FILE_NAME}" in str(result.exception)
    assert served == []
