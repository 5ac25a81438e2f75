"""Ctrl-C and SIGTERM end a command with one sentence, and leave nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from loopback import Loopback

from pipeline.core.types import Feed
from pipeline.ops.workspace import Workspace
from pipeline.store.feeds import all_feeds, follow
from pipeline.store.lock import night_lock

GIVE_UP_S = 500


def start(workspace: Workspace, *words: str) -> "subprocess.Popen[str]":
    """Start a command as a shell does, in its own group of processes, with a Prefect of its own.

    A server that runs at Prefect's usual port is not looked for: nothing listens at port 9.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *words, "--workspace", str(workspace.folder)],
        env={**environment, "HOME": str(workspace.folder.parent), "PREFECT_SERVER_API_PORT": "9"},
        start_new_session=True, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def stay_silent(_: asyncio.StreamWriter) -> None:
    """Answer nothing."""
    await asyncio.sleep(GIVE_UP_S)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("words", ["nightly", "pull"])
def test_stopped_run_says_so_and_lets_the_next_one_in(
    workspace: Workspace, words: str, sent: signal.Signals, code: int
) -> None:
    """One sentence on stderr, an exit code that names the signal, no file that was not there and no lock."""
    file = workspace.folder / "newsletter.toml"
    file.write_text(file.read_text("utf-8").replace("allow_hosts = []", 'allow_hosts = ["127.0.0.1"]'), "utf-8")
    with Loopback({"/feed": stay_silent}) as web:
        with workspace.database.writing() as connection:
            follow(connection, [Feed(web.url("/feed"))])
        run = start(workspace, words)
        wait_until(lambda: bool(web.asked), run)
        before = files(workspace.folder)
        os.killpg(run.pid, sent)
        _, said = run.communicate(timeout=GIVE_UP_S)
    assert (run.returncode, said.count("\n")) == (code, 1), said
    assert said.startswith("triage: stopped; ")
    assert files(workspace.folder) <= before
    with night_lock(workspace.folder):
        pass
    with workspace.database.reading() as connection:
        assert [feed.failures for feed in all_feeds(connection)] == [0]


def wait_until(is_so: Callable[[], bool], run: "subprocess.Popen[str]") -> None:
    """Wait for what a running command does; fail where it ends without."""
    give_up_at = time.monotonic() + GIVE_UP_S
    while not is_so():
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < give_up_at
        time.sleep(0.05)


def files(folder: Path) -> set[str]:
    """Return the paths of all files below a folder, without those of Prefect."""
    paths = (path.relative_to(folder) for path in folder.rglob("*"))
    return {str(path) for path in paths if not path.parts[0].startswith(".prefect")}
