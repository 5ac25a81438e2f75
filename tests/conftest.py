"""Fixtures: a real temporary workspace and its database."""

from pathlib import Path

import pytest

from pipeline.ops.workspace import Workspace
from pipeline.store.database import Database


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An empty workspace of the research-computing template."""
    return Workspace.create(tmp_path / "letter", "Letter")


@pytest.fixture
def database(workspace: Workspace) -> Database:
    """The workspace's database."""
    return workspace.database
