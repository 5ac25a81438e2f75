"""A desk over an invented shortlist, and a client that asks it over its web application."""

from collections.abc import Callable, Iterator

import pytest
from browser import chromium, served
from fastapi import FastAPI
from playwright.sync_api import Browser, Page
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
def app(desk: Desk) -> FastAPI:
    """Its web application, for the editor ann."""
    return build(desk, JournalSync(desk, lambda desk: None), "ann")


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A visitor on this machine."""
    with TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=True) as client:
        yield client


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """Where the desk is served, for the editor ann."""
    with JournalSync(desk, lambda desk: None) as sync, served(build(desk, sync, "ann")) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a window of its own; an error in our script or a breach of our fence fails the test."""
    troubles: list[str] = []
    pages: list[Page] = []

    def open_page(address: str, **settings: object) -> Page:
        page = browser.new_page(**settings)  # type: ignore[arg-type]
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda line: troubles.append(line.text) if "Content Security" in line.text else None)
        page.goto(address)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()
    assert troubles == []
