"""Fixtures for what runs under Prefect."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def prefect_home() -> Iterator[str]:
    """Prefect with a database and a server of its own, a process on loopback; gives the address of its API.

    It takes seconds to start, so once for all tests.
    """
    from prefect.settings import get_current_settings
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=300):
        yield str(get_current_settings().api.url)
