"""The night runs its four steps, keeps others out, and does not depend on Prefect."""

import asyncio
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli.app import app
from flows.run import run_night
from pipeline.core.errors import NightRunningError, WorkspaceError
from pipeline.core.types import StepReport
from pipeline.ops.nightly import open_night, plain_night
from pipeline.store.lock import night_lock, refuse_second_night

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def quick_steps(monkeypatch):
    """Steps that only note that they ran."""
    from pipeline.ops import runner

    ran: list[str] = []

    def step(name):
        def run(workspace, *given, progress=None):
            ran.append(name)
            return StepReport(name, 3, 3, 0, 0.0, {"articles": 2})

        return run

    for name in ("pull", "embed", "classify", "rank"):
        monkeypatch.setattr(runner, name, step(name))
    monkeypatch.setattr(runner, "finish_pull", step("pull"))  # the flow reads the feeds itself, in batches
    return ran


def run_flow(workspace, **parameters):
    from flows.nightly import nightly

    return asyncio.run(nightly(str(workspace.folder), **parameters))


def test_night_runs_four_steps_in_order(workspace, quick_steps, prefect_home):
    """One flow, four steps, and one report of the whole night in `runs`."""
    reports = run_flow(workspace)
    assert [r.step for r in reports] == quick_steps == ["pull", "embed", "classify", "rank"]
    with workspace.database.reading() as connection:
        details = connection.execute("SELECT details FROM runs WHERE step = 'nightly'").fetchone()[0]
    assert json.loads(details)["new_articles"] == 2


def test_a_run_of_a_date_that_is_done_does_nothing(workspace, quick_steps, prefect_home):
    """`skip_if_done`: the second run of a date has no steps."""
    run_flow(workspace)
    assert run_flow(workspace, skip_if_done=True) == []
    assert len(quick_steps) == 4


def test_a_night_without_network_is_not_done(workspace):
    """A later run of that date pulls although the first one ranked what was stored."""
    for is_outage in (True, False):
        with open_night(workspace.folder, skip_if_done=True) as night:
            assert night.is_due
            night.add(StepReport("pull", 3, 0, 3, 0.0, {"outage": is_outage}))
            night.add(StepReport("rank", 0, 0, 0, 0.0))
    with open_night(workspace.folder, skip_if_done=True) as night:
        assert not night.is_due


def test_an_outage_exits_1_after_the_shortlist(workspace, monkeypatch):
    """A script can tell a night that reached nothing from one that did."""
    outage = StepReport("pull", 3, 0, 3, 0.0, {"outage": True})
    monkeypatch.setattr("flows.run.run_night", lambda *given: [outage])
    result = CliRunner().invoke(app, ["nightly", "--workspace", str(workspace.folder)])
    assert result.exit_code == 1
    assert "no answer from any of 3 feeds" in result.stderr


def test_a_night_that_leaves_nothing_to_read_says_so(workspace, monkeypatch):
    """Feeds answered and no story is left: not an empty screen."""
    monkeypatch.setattr("flows.run.run_night", lambda *given: [StepReport("pull", 3, 3, 0, 0.0)])
    result = CliRunner().invoke(app, ["nightly", "--workspace", str(workspace.folder)])
    assert result.exit_code == 0
    assert "no story is left to read" in result.stderr


def test_flow_without_prefect_is_still_the_program(workspace, quick_steps):
    """The plain night runs the same steps."""
    assert [r.step for r in plain_night(workspace.folder)] == ["pull", "embed", "classify", "rank"]


def test_night_survives_a_broken_prefect(workspace, quick_steps, monkeypatch, caplog):
    """Where Prefect cannot even be imported, the night says so and completes."""
    monkeypatch.setitem(sys.modules, "flows.nightly", None)
    monkeypatch.setattr("flows.run.configure_prefect", lambda folder: None)
    reports = run_night(workspace.folder)
    assert len(reports) == 4
    assert "running without it" in caplog.text


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_folder_that_is_no_workspace_is_named_and_left_alone(tmp_path, name):
    """A deployment may name a wrong one: the error says what it lacks, and no lock is left in it."""
    with pytest.raises(WorkspaceError, match=r"no newsletter\.toml in"), open_night(tmp_path / name):
        pass
    assert not [*tmp_path.iterdir()]


def test_second_night_is_kept_out(workspace):
    """The lock names the process that holds it, and ends with the holder."""
    with night_lock(workspace.folder), pytest.raises(NightRunningError, match=f"process {os.getpid()}"):
        refuse_second_night(workspace.folder)
    refuse_second_night(workspace.folder)


def test_a_scheduled_night_waits_for_another(workspace, quick_steps, prefect_home, monkeypatch):
    """The run of a second schedule begins once the first has ended, and fails only if that does not end."""
    from flows import nightly

    monkeypatch.setattr(nightly, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(nightly, "WAIT_S", 0.2)
    with night_lock(workspace.folder), pytest.raises(NightRunningError):
        run_flow(workspace, skip_if_done=True)
    monkeypatch.setattr(nightly, "WAIT_S", 120.0)
    with ThreadPoolExecutor(1) as pool:
        with night_lock(workspace.folder):
            waiting = pool.submit(run_flow, workspace, skip_if_done=True)
            assert not wait([waiting], 2.0).done
        assert [report.step for report in waiting.result(120)] == ["pull", "embed", "classify", "rank"]


def test_second_night_exits_3(workspace):
    """A script can tell a running night from a failed one."""
    command = [Path(sys.executable).with_name("triage"), "nightly", "--workspace", workspace.folder]
    with night_lock(workspace.folder):
        run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 3
    assert run.stderr.startswith("triage: another night holds")


def test_a_night_without_kept_models_loads_no_torch(workspace):
    """Seconds and hundreds of megabytes that only exporting a model, or one that was kept, is worth."""
    code = (
        "import sys; from pathlib import Path; from pipeline.ops.nightly import plain_night\n"
        "plain_night(Path(sys.argv[1])); "
        "assert not {'torch', 'skops'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(workspace.folder)], check=True)
