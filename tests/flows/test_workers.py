"""Nights that Prefect starts: by a worker of the pool in prefect.yaml, by two schedules of one newsletter."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from loopback import Answer, Loopback, item, rss

from pipeline.ops.workspace import Workspace

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.skipif(not os.environ.get("TRIAGE_SLOW"), reason="takes minutes: .ci/run sets TRIAGE_SLOW"),
]
ROOT = Path(__file__).resolve().parents[2]
FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
WAIT_S = 240


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A feed."""
    with Loopback({"/feed": Answer(rss(*map(item, range(8))))}) as server:
        yield server


def make_workspace(folder: Path, name: str, web: Loopback) -> Workspace:
    """A workspace that needs no model weights and reads a feed on loopback."""
    Workspace.create(folder, name, "blank")
    file = folder / "newsletter.toml"
    text = file.read_text().replace("feeds = []", f"feeds = {json.dumps([web.url('/feed')])}")
    text = text.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"')
    file.write_text(text.replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'))
    return Workspace.open(folder)


def environment(api: str) -> dict[str, str]:
    return {
        **os.environ,
        "PREFECT_API_URL": api,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
        "PREFECT_RUNNER_POLL_FREQUENCY": "2",
    }


def ask(method: str, address: str, expected: tuple[int, ...] = (200, 201), **query: Any) -> Any:
    """Ask Prefect's API until it answers as expected: while its SQLite database is busy it answers 503."""
    give_up_at = time.monotonic() + WAIT_S
    while True:
        answer = httpx.request(method, address, timeout=300, **query)
        if answer.status_code in expected:
            return answer.json()
        assert time.monotonic() < give_up_at, f"{method} {address} still answers {answer.status_code}: {answer.text}"
        time.sleep(0.5)


def run_now(api: str, deployment: str) -> str:
    """Schedule a run of a deployment for now, once it is there; return its id."""
    found = ask("GET", f"{api}/deployments/name/nightly/{deployment}")
    return str(ask("POST", f"{api}/deployments/{found['id']}/create_flow_run", json={})["id"])


def wait_for(api: str, run: str) -> dict[str, Any]:
    """Return a flow run once it is in a final state."""
    give_up_at = time.monotonic() + WAIT_S
    while True:
        found: dict[str, Any] = ask("GET", f"{api}/flow_runs/{run}")
        if found["state"]["type"] in FINAL:
            return found
        assert time.monotonic() < give_up_at, f"still {found['state']} after {WAIT_S} s"
        time.sleep(0.5)


@contextmanager
def running(api: str, log: Path, *words: str, **where: Any) -> Iterator[None]:
    """Run a command beside the test; stop it with its children on leaving."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            words, env=environment(api), stdout=output, stderr=output, start_new_session=True, **where
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait(30)


def nights(workspace: Workspace) -> int:
    with workspace.database.reading() as connection:
        return int(connection.execute("SELECT count(*) FROM runs WHERE step = 'nightly'").fetchone()[0])


def test_a_worker_of_the_pool_runs_a_night(tmp_path, web, prefect_home):
    """What prefect.yaml says to type in works: pool, deployment, worker; the run has tasks, logs, and a state."""
    workspace = make_workspace(tmp_path / "letter", "My Newsletter", web)
    text = (ROOT / "prefect.yaml").read_text().replace("/srv/my-newsletter", str(workspace.folder))
    (tmp_path / "prefect.yaml").write_text(text.replace("name: triage\n", "name: triage-worked\n"))
    prefect = (sys.executable, "-m", "prefect", "--no-prompt")
    for words in (("work-pool", "create", "triage-worked", "--type", "process"), ("deploy", "--all")):
        done = subprocess.run(
            [*prefect, *words], cwd=tmp_path, env=environment(prefect_home), capture_output=True, text=True, timeout=500
        )
        assert done.returncode == 0, done.stdout + done.stderr
    run = run_now(prefect_home, "my-newsletter")
    log = tmp_path / "worker.log"
    words = (*prefect, "worker", "start", "--pool", "triage-worked", "--limit", "1")
    one, steps = {"flow_run_id": {"any_": [run]}}, set()
    with running(prefect_home, log, *words, cwd=tmp_path):
        found = wait_for(prefect_home, run)
        until = time.monotonic() + WAIT_S  # the last lines are sent after the state, by the run that the worker holds
        while "rank" not in steps and time.monotonic() < until:
            lines = ask("POST", f"{prefect_home}/logs/filter", json={"logs": one})
            steps = {line["message"].split()[0] for line in lines if line["name"].startswith("triage")}
            time.sleep(0.2)
    assert (found["state"]["type"], found["state"]["name"]) == ("COMPLETED", "Completed"), log.read_text()
    assert found["name"].startswith("My Newsletter 20")
    assert {"triage", "my-newsletter"} <= set(found["tags"])
    assert nights(workspace) == 1
    assert {"pull", "embed", "classify", "rank"} <= steps


def test_two_schedules_of_one_newsletter_make_one_night(tmp_path, web, prefect_home):
    """Each run is taken by one of them, and a second run of the date does nothing; another newsletter has its own."""
    both, other = (make_workspace(tmp_path / name, name, web) for name in ("Twice", "Once"))
    triage = (sys.executable, "-m", "flows.cli", "schedule", "--workspace", str(both.folder))
    logs = [tmp_path / "first.log", tmp_path / "second.log"]
    with (
        running(prefect_home, logs[0], *triage),
        running(prefect_home, logs[1], *triage, "--workspace", str(other.folder)),
    ):
        runs = [run_now(prefect_home, name) for name in ("twice", "twice", "once")]
        states = [wait_for(prefect_home, run)["state"] for run in runs]
    said = "\n".join(log.read_text(errors="replace") for log in logs)
    assert [state["type"] for state in states] == ["COMPLETED"] * 3, said
    assert sorted(state["name"] for state in states[:2]) == ["AlreadyDone", "Completed"], said
    assert (nights(both), nights(other)) == (1, 1)
    assert said.count("rank ") == 2
    shutil.rmtree(tmp_path, ignore_errors=True)
