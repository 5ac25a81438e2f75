"""The private server that a schedule, or a night on Dask, starts where there is none."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from loopback import Answer, Loopback

from flows.prefect_settings import PRIVATE
from pipeline.ops.workspace import Workspace

PROXY = "http://127.0.0.1:9"  # answers nothing

# the lines wait for ten minutes, and each event for a tenth of a second, unless they are sent at the end
SCRIPT = """
import asyncio, json, logging, sys, urllib.request
from pathlib import Path
from flows import prefect_server

prefect_server.SEND_S = 300.0
with getattr(prefect_server, sys.argv[1])(*map(Path, sys.argv[2:])) as ready:
    from prefect import flow, get_run_logger, task
    from prefect.events.worker import EventsWorker

    if callable(ready):
        ready()
    else:
        with urllib.request.urlopen(ready.removesuffix("api") + "ui-settings") as answer:
            print(ready == json.load(answer)["api_url"])
    handle = EventsWorker._handle

    async def slowly(self, event):
        await asyncio.sleep(0.1)
        await handle(self, event)

    EventsWorker._handle = slowly

    @task
    def step(n):
        get_run_logger().info("step %d is done", n)

    @flow
    def night():
        for n in range(10):
            step(n)
        return get_run_logger()

    logger = night()
    logger.warning("the draft is written")
"""


@pytest.mark.parametrize("server", ["server_running", "server_for_night"])
def test_what_prefect_still_holds_reaches_the_server_before_it_stops(tmp_path: Path, server: str) -> None:
    """Log lines, and the events that tell how tasks ended; a proxy is not asked, the terminal stays quiet.

    The pages of a server that has some ask that server.
    """
    home = tmp_path / "prefect"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    own = {"PREFECT_HOME": str(home), "PREFECT_LOGGING_TO_API_BATCH_INTERVAL": "600", "http_proxy": PROXY}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, server, *([str(home)] if server == "server_running" else [])],
        env={**environment, **PRIVATE, **own}, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Error logging" not in done.stderr
    assert done.stdout == ("True\n" if server == "server_running" else "")
    with closing(sqlite3.connect(home / "prefect.db")) as database:
        lines = {message for (message,) in database.execute("SELECT message FROM log")}
        states = database.execute("SELECT state_type FROM task_run").fetchall()
    assert {*(f"step {n} is done" for n in range(10)), "the draft is written"} <= lines
    assert states == [("COMPLETED",)] * 10


@pytest.mark.parametrize(("version", "said"), [(None, "Failed to reach API"), ("2.20.0", "server: 2.20.0")])
def test_schedule_says_what_is_wrong_with_the_users_server(
    workspace: Workspace, version: str | None, said: str
) -> None:
    """One sentence for a server that is down, and for one of another major version."""
    with Loopback() as web:
        if version:
            web.answers["/api/admin/version"] = Answer(f'"{version}"', headers={"Content-Type": "application/json"})
        environment = {**os.environ, "PREFECT_API_URL": web.url("/api"), "HOME": str(workspace.folder.parent)}
        done = subprocess.run(
            [sys.executable, "-m", "flows.cli", "schedule", "--workspace", workspace.folder], env=environment,
            capture_output=True, text=True, timeout=280,
        )  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert said in done.stderr
    assert "PREFECT_API_URL" in done.stderr
