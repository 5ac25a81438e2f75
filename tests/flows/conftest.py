"""Fixtures for what runs under Prefect."""

import gc
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import httpx
import pytest

START_S = 300


@pytest.fixture(autouse=True)
def collect_sockets(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect the sockets that Prefect leaves open at the end of the test that ignores them, not within another."""
    yield
    if request.node.get_closest_marker("filterwarnings"):
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            gc.collect()


@pytest.fixture(scope="session")
def prefect_home() -> Iterator[str]:
    """Prefect with a database and a server of its own, a process on loopback; gives the address of its API.

    It takes seconds to start, so once for all tests.
    """
    from prefect.settings import get_current_settings
    from prefect.testing.utilities import prefect_test_harness

    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            # on a busy machine the server accepts the first question long before it answers, and httpx waits 5 s
            patch.setattr(httpx, "Client", partial(httpx.Client, timeout=START_S))
            stack.enter_context(prefect_test_harness(server_startup_timeout=START_S))
        yield str(get_current_settings().api.url)
