"""A desk over an invented shortlist, and a client that asks it over its web application."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from invented import lay_stories
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.web import build
from pipeline.ops.workspace import Workspace


@pytest.fixture
def ids(workspace: Workspace) -> list[str]:
    """Ids of the stories on the shortlist, best first."""
    return lay_stories(workspace, 30)


@pytest.fixture
def desk(workspace: Workspace, ids: list[str]) -> Desk:
    """A desk whose order is the night's."""
    return Desk(workspace)


@pytest.fixture
def app(desk: Desk) -> Starlette:
    """Its web application, for the editor ann."""
    return build(desk, JournalSync(desk, lambda desk: None), "ann")


@pytest.fixture
def client(app: Starlette) -> Iterator[TestClient]:
    """A visitor on this machine."""
    with TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=True) as client:
        yield client
