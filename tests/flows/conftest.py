"""Fixtures for what runs under Prefect."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def prefect_home() -> Iterator[None]:
    """Prefect with a database and a server of its own; takes seconds to enter, so once for all tests."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=300):
        yield
