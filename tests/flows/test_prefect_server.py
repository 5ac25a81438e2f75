"""The private server that a schedule, or a night on Dask, starts where there is none."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from loopback import Answer, Loopback

from flows.prefect_settings import PRIVATE
from pipeline.ops.workspace import Workspace

SCRIPT = """
import logging, sys
from pathlib import Path
from flows.prefect_server import server_running

with server_running(Path(sys.argv[1])):
    from prefect import flow, get_run_logger

    @flow
    def night():
        get_run_logger().warning("rank is done")
        return get_run_logger()

    logger = night()
    logger.warning("the draft is written")
"""


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
def test_last_log_lines_reach_the_server(tmp_path: Path, proxy: str) -> None:
    """They are sent before it stops, and nothing of that stands on the terminal; a proxy is not asked for it."""
    home = tmp_path / "prefect"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(home)],
        env={**environment, **PRIVATE, "PREFECT_HOME": str(home), "http_proxy": proxy},
        capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Error logging" not in done.stderr


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
