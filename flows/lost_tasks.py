"""Task runs that were lost with their workers: Prefect's UI would show them as running for ever."""

from collections.abc import Sequence
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    TaskRunFilter,
    TaskRunFilterId,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import StateType
from prefect.states import Crashed

from pipeline.ops import runner

UNFINISHED = [StateType.PENDING, StateType.RUNNING]
MESSAGE = "lost with its worker; its batch was done by another task run, or by the night itself"


def end_lost_task_runs(task_runs: Sequence[UUID]) -> None:
    """Set those that have not ended to crashed. Where Prefect does not take it, that is logged, and the night goes on.

    A batch that no worker had begun has no task run yet.
    """
    if not task_runs:
        return
    wanted = TaskRunFilter(
        id=TaskRunFilterId(any_=list(task_runs)),
        state=TaskRunFilterState(type=TaskRunFilterStateType(any_=UNFINISHED)),
    )
    try:
        with get_client(sync_client=True) as client:
            for run in client.read_task_runs(task_run_filter=wanted):
                client.set_task_run_state(run.id, Crashed(message=MESSAGE), force=True)
    except Exception as error:  # of the HTTP client
        runner.log.warning("Prefect still shows lost batches as running (%s)", type(error).__name__)
