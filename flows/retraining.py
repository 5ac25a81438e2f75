"""The weekly flow: fit new models, keep the better, back up."""

import asyncio
from datetime import date
from pathlib import Path

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.artifacts import create_retraining_artifacts
from flows.flow_runs import run_name, tag_run
from flows.logs import send_logs_to_prefect
from pipeline.core.as_of import AsOf
from pipeline.core.errors import NightRunningError
from pipeline.core.types import StepReport
from pipeline.ops import runner
from pipeline.ops.nightly import open_or_repair
from pipeline.ops.workspace import Workspace
from pipeline.store.lock import night_lock

RETRY_S = 900.0
TIMEOUT_S = 4 * 3600.0


def _is_running_night(_task: object, _run: object, state: State[StepReport]) -> bool:
    """Return whether a retry may succeed: a nightly run holds the workspace. Too few issues is permanent."""
    return isinstance(state.data, NightRunningError)


# waits while a nightly run holds the workspace
@task(name="retrain-models", task_run_name="retrain-models", retries=8, retry_delay_seconds=RETRY_S,
      retry_condition_fn=_is_running_night, timeout_seconds=TIMEOUT_S, cache_policy=NO_CACHE,
      persist_result=False)  # fmt: skip
async def retrain(folder: Path, as_of: date | None) -> StepReport:
    """Fit, compare by replay, keep the better, back up."""

    def work() -> StepReport:
        with night_lock(folder):
            workspace = open_or_repair(folder, AsOf.before_issue(as_of) if as_of else AsOf.now())
            report = runner.retrain(workspace)
            runner.back_up(workspace)
        return report

    return await asyncio.to_thread(work)


@flow(name="retraining", flow_run_name=run_name, timeout_seconds=2 * TIMEOUT_S, persist_result=False)
async def retraining(folder: str, as_of: date | None = None) -> StepReport:
    """Retrain the models of the workspace in `folder`.

    Args:
        folder: The workspace, as the process that runs the flow sees it.
        as_of: Learn only from what was known before the issue of this date; default: now.
    """
    send_logs_to_prefect()
    name = Workspace.find(Path(folder)).newsletter.name
    await tag_run(name)
    report = await retrain(Path(folder), as_of)
    await create_retraining_artifacts(name, report)
    return report
