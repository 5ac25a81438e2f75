"""The nightly flow: pull → embed → classify → rank."""

import asyncio
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from flows import tasks
from flows.artifacts import create_night_artifacts
from flows.flow_runs import current_run, run_name, tag_run
from flows.logs import send_logs_to_prefect
from flows.pull_tasks import WARNING_STATE
from pipeline.core.counted import counted
from pipeline.core.errors import NightRunningError
from pipeline.core.types import StepReport
from pipeline.ops import runner
from pipeline.ops.nightly import Night, open_night, outage_sentence

if TYPE_CHECKING:
    from flows.dask_tasks import DaskCluster
    from pipeline.ops.workspace import Workspace

TIMEOUT_S = 6 * 3600
WAIT_S, LOOK_EVERY_S = 2 * 3600.0, 5.0  # of a scheduled run, while another run holds the workspace
SKIPPED_STATE = "AlreadyDone"


# asynchronous because Prefect starts such a flow about a second sooner than a synchronous one;
# parameters are documented in Google's style because Prefect's UI shows only that
@flow(name="nightly", flow_run_name=run_name, timeout_seconds=TIMEOUT_S, persist_result=False)
async def nightly(
    folder: str, as_of: date | None = None, skip_if_done: bool = False, spread: bool = False, once: bool = False
) -> State[list[StepReport]]:
    """Update the shortlist of the workspace in `folder`.

    Ends as failed when no feed answered, and completed with warnings when some failed; the result is the reports of
    the steps in either case.

    Args:
        folder: The workspace, as the process that runs the flow sees it.
        as_of: Run as on the evening before the issue of this date; default: now.
        skip_if_done: Do nothing if a run of today's local date is done; wait while another run holds the workspace.
        spread: Submit batches of feeds and texts to the flow's task runner, a Dask cluster; see `dask_tasks`.
        once: The name of `skip_if_done` before 0.2, for deployments that still pass it.
    """
    send_logs_to_prefect()
    run = current_run()
    with ExitStack() as stack:
        night = await _open_night(stack, Path(folder), as_of, skip_if_done or once, str(run.id) if run else None)
        await tag_run(night.workspace.newsletter.name)
        if not night.is_due:
            runner.log.info("the run of %s is done already", night.date, extra=runner.IS_DETAIL)
            return Completed(name=SKIPPED_STATE, message=f"the run of {night.date} is done", data=night.reports)
        cluster = _cluster(night.workspace) if spread else None
        night.add(await tasks.pull(night.workspace, cluster))
        night.add(await tasks.embed(night.workspace, cluster))
        context = night.workspace.context()
        night.add(await tasks.classify(night.workspace, context))
        night.add(await tasks.rank(night.workspace, context))
        await create_night_artifacts(night.workspace, night.reports)
    return final_state(night)


async def _open_night(
    stack: ExitStack, folder: Path, as_of: date | None, is_scheduled: bool, run_id: str | None
) -> Night:
    """Enter a night. A scheduled one waits for another run: a second schedule's, a worker's, or a retraining."""
    give_up_at = time.monotonic() + (WAIT_S if is_scheduled else 0.0)
    is_first = True
    while True:
        try:
            return stack.enter_context(open_night(folder, as_of, is_scheduled, run_id=run_id))
        except NightRunningError as error:
            if time.monotonic() >= give_up_at:
                raise
            if is_first:
                runner.log.info("waiting: %s", str(error).partition(";")[0], extra=runner.IS_DETAIL)
                is_first = False
        await asyncio.sleep(LOOK_EVERY_S)


def final_state(night: Night) -> State[list[StepReport]]:
    """Return the state a run ends in."""
    pulled = night.reports[0]
    if night.is_outage:
        return Failed(message=outage_sentence(pulled), data=night.reports)
    if pulled.failed:
        message = f"{pulled.failed} of {pulled.seen} feeds failed; see the artifact of failed feeds"
        return Completed(name=WARNING_STATE, message=message, data=night.reports)
    return Completed(
        message=f"{counted(pulled.seen, 'feed')}, {counted(night.reports[-1].done, 'story', 'stories')} ranked",
        data=night.reports,
    )


def _cluster(workspace: "Workspace") -> "DaskCluster":
    from flows.dask_tasks import DaskCluster  # imports the extra `dask`

    return DaskCluster(workspace)
