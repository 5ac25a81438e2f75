"""A private Prefect server ends with the process that started it, whatever ended that."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flows.prefect_server import Server
from flows.prefect_settings import PRIVATE

GIVE_UP_S = 300
SCRIPT = """
import time
from flows.prefect_server import TEMPORARY, Server

server = Server(TEMPORARY)
server.launch()
server.wait()
print(server.port, flush=True)
time.sleep(300)
"""


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGHUP, signal.SIGTERM])
def test_server_ends_with_a_killed_run(tmp_path: Path, sent: signal.Signals) -> None:
    """Killed by process id, not by group: nothing is left that listens."""
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT], env={**os.environ, **PRIVATE, "PREFECT_HOME": str(tmp_path)},
        stdout=subprocess.PIPE, text=True,
    ) as run:  # fmt: skip
        assert run.stdout
        server = Server({})
        server.address = f"http://127.0.0.1:{int(run.stdout.readline())}/api"
        assert server.answers()
        run.send_signal(sent)
    give_up_at = time.monotonic() + GIVE_UP_S
    while server.answers():
        assert time.monotonic() < give_up_at
        time.sleep(0.05)
