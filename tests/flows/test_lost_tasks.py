"""Task runs lost with their workers end in Prefect's UI."""

from uuid import UUID, uuid4

import pytest
from prefect import flow, task
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.runtime import flow_run
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.states import Completed, Running

from flows.lost_tasks import end_lost_task_runs

# Prefect 3.8 leaves its own sockets to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@task
def batch() -> None:
    """Do nothing."""


@flow
def night() -> list[UUID]:
    """Leave a task run that a worker had begun, and one that is done."""
    with get_client(sync_client=True) as client:
        made = [
            client.create_task_run(batch, UUID(flow_run.id), dynamic_key=str(n), state=state)
            for n, state in enumerate((Running(), Completed()))
        ]
    return [run.id for run in made]


def test_a_lost_task_run_is_crashed(prefect_home):
    """One that a worker had begun ends; one that is done stays so, and one that none had begun is nowhere."""
    lost = night()
    end_lost_task_runs([*lost, uuid4()])
    with get_client(sync_client=True) as client:
        states = [client.read_task_run(run).state for run in lost]
    assert [state.type for state in states] == [StateType.CRASHED, StateType.COMPLETED]
    assert "lost with its worker" in states[0].message


def test_a_prefect_that_is_gone_does_not_end_the_night(caplog):
    """The night goes on; a line says what its UI shows."""
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        end_lost_task_runs([uuid4()])
    assert "still shows lost batches as running" in caplog.text
