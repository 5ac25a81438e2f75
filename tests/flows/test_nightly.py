"""The night runs its four steps, tries the network again, keeps others out, and does not depend on Prefect."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flows.run import run_night
from pipeline.core.errors import NightRunningError
from pipeline.core.types import StepReport
from pipeline.ops.nightly import plain_night
from pipeline.store.lock import night_lock, refuse_second_night

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def quick_steps(monkeypatch):
    """Steps that only note that they ran; the pull finds no network as often as the test says."""
    from pipeline.ops import runner

    ran: list[str] = []
    offline = [0]

    def step(name):
        def run(workspace, cluster=None, progress=None):
            ran.append(name)
            down = name == "pull" and offline[0] > 0
            offline[0] -= down
            return StepReport(name, 3, 0 if down else 3, 3 if down else 0, 0.0, {"articles": 2})

        return run

    for name in ("pull", "embed", "classify", "rank"):
        monkeypatch.setattr(runner, name, step(name))
    return ran, offline


@pytest.fixture
def impatient(monkeypatch, prefect_home):
    """The pull task without its minutes of waiting between attempts."""
    from flows import tasks

    monkeypatch.setattr(tasks, "pull", tasks.pull.with_options(retry_delay_seconds=0.0))
    return tasks


def run_flow(workspace):
    from flows.nightly import nightly

    return asyncio.run(nightly(str(workspace.folder)))


def test_night_runs_four_steps_in_order(workspace, quick_steps, prefect_home):
    """One flow, four steps, and one report of the whole night in `runs`."""
    reports = run_flow(workspace)
    assert [r.step for r in reports] == quick_steps[0] == ["pull", "embed", "classify", "rank"]
    with workspace.database.reading() as connection:
        details = connection.execute("SELECT details FROM runs WHERE step = 'nightly'").fetchone()[0]
    assert json.loads(details)["new_articles"] == 2


@pytest.mark.parametrize(("outage", "attempts"), [(1, 2), (2, 3), (9, 3)])
def test_pull_is_tried_again_while_no_feed_answers(workspace, quick_steps, impatient, outage, attempts):
    """A network that is down is tried twice more; then the night goes on with what is there."""
    ran, offline = quick_steps
    offline[0] = outage
    run_flow(workspace)
    assert ran.count("pull") == attempts
    assert ran[-1] == "rank"


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


def test_second_night_is_kept_out(workspace):
    """The lock names the process that holds it, and ends with the holder."""
    with night_lock(workspace.folder), pytest.raises(NightRunningError, match=f"process {os.getpid()}"):
        refuse_second_night(workspace.folder)
    refuse_second_night(workspace.folder)


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
