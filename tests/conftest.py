"""Fixtures: a real temporary workspace and its database."""

import signal
from pathlib import Path

import pytest

from pipeline.ops.workspace import Workspace
from pipeline.store.database import Database

# The background jobs of a shell ignore Ctrl-C, nohup a hangup; programs that the tests start would inherit that.
# A signal that is handled is not ignored there.
signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace of the research-computing template."""
    return Workspace.create(tmp_path / "letter", "Letter")


@pytest.fixture
def database(workspace: Workspace) -> Database:
    """The workspace's database."""
    return workspace.database
