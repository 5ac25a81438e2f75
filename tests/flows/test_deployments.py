"""The schedule fires, once per local date, over both clock changes, and goes on after a stop."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import yaml
from typer.testing import CliRunner

from flows.cli.app import app
from pipeline.core.errors import WorkspaceError
from pipeline.core.types import StepReport
from pipeline.ops.last_night import missed_nights
from pipeline.ops.nightly import open_night
from pipeline.ops.workspace import Workspace
from pipeline.store.runs import record_run

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
ROOT = Path(__file__).resolve().parents[2]
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland")
TRIAGE = Path(sys.executable).with_name("triage")
NIGHT = StepReport("nightly", 0, 0, 0, 0.0, {"date": "2026-01-01", "new_articles": 0})


def make_workspace(folder: Path) -> Workspace:
    """A workspace that needs no model weights."""
    made = Workspace.create(folder, "Night Letter", "blank")
    file = made.folder / "newsletter.toml"
    file.write_text(file.read_text().replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"'))
    return Workspace.open(made.folder)


@pytest.mark.skipif(not os.environ.get("TRIAGE_SLOW"), reason="takes a minute or two: .ci/run sets TRIAGE_SLOW")
def test_cron_flow_really_fires(tmp_path):
    """A cron schedule runs a night, which with some versions of sqlalchemy it silently does not."""
    workspace = make_workspace(tmp_path / "letter")
    command = [TRIAGE, "schedule", "--cron", "* * * * *", "--workspace", workspace.folder]
    served = subprocess.Popen(command, start_new_session=True)
    try:
        give_up_at = time.monotonic() + 240
        while not nights(workspace) and time.monotonic() < give_up_at:
            time.sleep(1)
        assert nights(workspace) == 1
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait(60)


def nights(workspace: Workspace) -> int:
    with workspace.database.reading() as connection:
        return connection.execute("SELECT count(*) FROM runs WHERE step = 'nightly'").fetchone()[0]


def test_deployments_carry_cron_zone_and_folder(workspace, prefect_home):
    """Night and week of a newsletter run at the times of newsletter.toml, unpaused, by importable names."""
    from flows.deployments import deployments

    night, week = deployments([workspace])
    assert (night.name, night.flow_name, week.flow_name) == ("letter", "nightly", "retraining")
    assert [s.schedule.cron for s in (*night.schedules, *week.schedules)] == ["0 3 * * *", "0 5 * * 0"]
    assert night.parameters == {"folder": str(workspace.folder), "skip_if_done": True}
    assert night.entrypoint == "flows.nightly.nightly"
    assert night.paused is False


def test_times_that_are_given_go_before_those_of_the_file(workspace, prefect_home):
    """The night runs at them; the week keeps its own time, in the zone that is given."""
    from flows.deployments import deployments

    for given, expected in (
        ((None, None), ["0 3 * * * UTC", "0 5 * * 0 UTC"]),
        (("30 2 * * *", "Europe/Berlin"), ["30 2 * * * Europe/Berlin", "0 5 * * 0 Europe/Berlin"]),
    ):
        schedules = [made.schedules[0].schedule for made in deployments([workspace], *given)]
        assert [f"{schedule.cron} {schedule.timezone}" for schedule in schedules] == expected


def test_prefect_yaml_deploys_to_a_process_pool(tmp_path, prefect_home):
    """`prefect deploy --all` makes both deployments in the pool, with parameters that the UI explains."""
    httpx.post(f"{prefect_home}/work_pools/", json={"name": "triage", "type": "process"}, timeout=30)
    shutil.copy(ROOT / "prefect.yaml", tmp_path)
    environment = {**os.environ, "PREFECT_API_URL": prefect_home, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=500)
    assert run.returncode == 0, run.stdout + run.stderr
    for flow in ("nightly", "retraining"):
        made = httpx.get(f"{prefect_home}/deployments/name/{flow}/my-newsletter", timeout=30).json()
        assert (made["work_pool_name"], made["entrypoint"]) == ("triage", f"flows.{flow}.{flow}")
        folder = made["parameter_openapi_schema"]["properties"]["folder"]
        assert "as the process that runs the flow sees it" in folder["description"]
        assert len(made["schedules"]) == 1


def test_example_automations_are_valid():
    """Prefect reads both automations."""
    from prefect.events.schemas.automations import AutomationCore

    made = [AutomationCore(**one) for one in yaml.safe_load((ROOT / "automations.yaml").read_text())["automations"]]
    assert [automation.trigger.posture.value for automation in made] == ["Reactive", "Proactive"]


def test_missed_nights_are_runs_of_the_deployment(tmp_path, prefect_home):
    """Of two newsletters on one schedule, one missed its nights: it has one run more, however often one looks."""
    from flows.deployments import deployments, run_missed

    later = datetime.now(UTC) + timedelta(days=3)
    slept, awake = (Workspace.create(tmp_path / name, name, "blank") for name in ("Slept", "Awake"))
    made = deployments([slept, awake])
    for deployment in made:
        deployment.apply()
    assert len({(d.flow_name, d.name) for d in made}) == 4
    for workspace, seconds in ((slept, 0.0), (awake, 60 - 3 * 86400.0)):
        record_run(workspace.database, replace(NIGHT, seconds=seconds), workspace.as_of)
    first, again = (asyncio.run(run_missed(slept, later)) for _ in range(2))
    assert first.id == again.id
    assert first.parameters == {"folder": str(slept.folder), "skip_if_done": True}
    assert {"triage", "slept", "missed"} <= set(first.tags)
    assert asyncio.run(run_missed(awake, later)) is None


@pytest.mark.parametrize("is_schedule", [False, True])
def test_nights_of_a_paused_deployment_are_not_missed(tmp_path, prefect_home, is_schedule):
    """Who pauses a deployment, or its schedule, in Prefect's UI wants no night until it is resumed."""
    from prefect.client.orchestration import get_client

    from flows.deployments import deployments, run_missed

    workspace = Workspace.create(tmp_path, f"Paused {is_schedule}", "blank")
    id = deployments([workspace])[0].apply()
    with get_client(sync_client=True) as client:
        if is_schedule:
            [schedule] = client.read_deployment_schedules(id)
            client.update_deployment_schedule(id, schedule.id, active=False)
        else:
            client.pause_deployment(id)
    record_run(workspace.database, NIGHT, workspace.as_of)
    assert asyncio.run(run_missed(workspace, datetime.now(UTC) + timedelta(days=3))) is None


def fires(zone: str, cron: str, start: datetime, days: int) -> list[datetime]:
    """The instants at which Prefect's own scheduler fires."""
    from prefect.server.schemas.schedules import CronSchedule

    schedule = CronSchedule(cron=cron, timezone=zone)
    found = asyncio.run(schedule.get_dates(start=start, end=start + timedelta(days=days)))
    return [instant.astimezone(UTC) for instant in found]


class FixedClock(datetime):
    """A clock that tells the time of the simulation."""

    at = datetime(2026, 1, 1, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        return cls.at


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", ["0 3 * * *", "30 2 * * *", "15 1 * * *"])
@pytest.mark.parametrize("month", [3, 4, 9, 10, 11])
def test_one_effective_night_per_local_date(workspace, prefect_home, zone, cron, month):
    """Through the months in which clocks change, every local date has one night, and none is taken for missed."""
    letter = replace(workspace.newsletter, timezone=zone, nightly=cron)
    start = datetime(2025, month, 1, tzinfo=ZoneInfo(zone))
    done: Counter[date] = Counter()
    last = start
    for instant in fires(zone, cron, start, 30):
        day = instant.astimezone(ZoneInfo(zone)).date()
        assert missed_nights(letter, last, instant) == []
        if not done[day]:
            done[day] += 1
            last = instant
    dates = [start.date() + timedelta(days=n) for n in range(30)]
    assert [done[day] for day in dates] == [1] * 30


def test_second_firing_of_a_date_does_nothing(workspace, monkeypatch):
    """`skip_if_done`: on the night the clock is set back, the hour comes twice and the night once."""
    monkeypatch.setattr("pipeline.store.runs.datetime", FixedClock)
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text().replace('timezone = "UTC"', 'timezone = "Europe/Berlin"'))
    first = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)  # 2:30 in summer time
    effective = []
    for instant in (first, first + timedelta(hours=1), first + timedelta(days=1)):
        FixedClock.at = instant
        with open_night(workspace.folder, skip_if_done=True, now=instant) as night:
            effective.append(night.is_due)
            for step in ("pull", "rank") if night.is_due else ():
                night.add(StepReport(step, 0, 0, 0, 0.0))
    assert effective == [True, False, True]


def test_missed_nights_are_made_up_once(workspace, monkeypatch):
    """After three nights asleep one runs, and says for how many it stands in."""
    monkeypatch.setattr("pipeline.store.runs.datetime", FixedClock)
    missed = []
    for instant in (datetime(2025, 6, 1, 3, tzinfo=UTC), datetime(2025, 6, 5, 9, tzinfo=UTC)):
        FixedClock.at = instant
        with open_night(workspace.folder, skip_if_done=True, now=instant) as night:
            missed.append(night.missed)
            night.add(StepReport("pull", 0, 0, 0, 0.0))
            night.add(StepReport("rank", 0, 0, 0, 0.0))
    assert missed == [0, 3]


@pytest.mark.parametrize("words", [("--cron", "at night"), ("--timezone", "Berlin")])
def test_wrong_time_is_wrong_usage(workspace, words):
    """A cron line or zone that nobody understands is refused before anything starts."""
    result = CliRunner().invoke(app, ["schedule", *words, "--workspace", str(workspace.folder)])
    assert result.exit_code == 2


def test_two_newsletters_of_one_name_are_not_served(tmp_path):
    """Prefect knows a deployment by its name: one of the two would silently take the other's place."""
    folders = [make_workspace(tmp_path / name).folder for name in ("one", "two")]
    file = folders[1] / "newsletter.toml"
    file.write_text(file.read_text().replace('"Night Letter"', '"Night letter!"'))
    words = [word for folder in folders for word in ("--workspace", str(folder))]
    result = CliRunner().invoke(app, ["schedule", *words])
    assert isinstance(result.exception, WorkspaceError)
    assert f"{folders[0]} and {folders[1]} are both called 'Night letter!'" in str(result.exception)
