"""Fixtures: a real temporary workspace and its database."""

import signal
from pathlib import Path

import pytest

from pipeline.ops.workspace import Workspace
from pipeline.store.database import Database

# The background jobs of a shell ignore Ctrl-C, and programs that the tests start and interrupt would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace of the research-computing template."""
    return Workspace.create(tmp_path / "letter", "Letter")


@pytest.fixture
def database(workspace: Workspace) -> Database:
    """The workspace's database."""
    return workspace.database
