"""The weekly flow waits for a running night, and gives up at once where waiting does not help."""

import asyncio

import pytest

from flows import retraining
from pipeline.core.errors import NotEnoughIssuesError
from pipeline.store.lock import night_lock

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture
def attempts(monkeypatch, prefect_home):
    """How often the task ran; it retries twice, without its quarter of an hour in between."""
    calls = []
    task = retraining.retrain.with_options(retries=2, retry_delay_seconds=0.0)
    lock = retraining.night_lock
    monkeypatch.setattr(retraining, "retrain", task)
    monkeypatch.setattr(retraining, "night_lock", lambda folder: calls.append(folder) or lock(folder))
    return calls


def test_too_few_issues_fail_at_once(workspace, attempts):
    """A permanent error is not retried: it would hold the only slot for hours."""
    with pytest.raises(NotEnoughIssuesError):
        asyncio.run(retraining.retraining(str(workspace.folder)))
    assert len(attempts) == 1


def test_a_running_night_is_waited_for(workspace, attempts):
    """While a night holds the workspace the task is retried."""
    with night_lock(workspace.folder), pytest.raises(Exception, match="another night holds"):
        asyncio.run(retraining.retraining(str(workspace.folder)))
    assert len(attempts) == 3
