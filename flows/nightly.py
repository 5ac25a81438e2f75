"""The nightly flow: pull → embed → classify → rank."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow

from flows import tasks
from flows.artifacts import create_night_artifacts
from flows.logs import configure_logging_if_unset
from pipeline.core.types import StepReport
from pipeline.ops.nightly import open_night
from pipeline.ops.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ops.distributed import Cluster

TIMEOUT_S = 6 * 3600


# asynchronous because Prefect starts such a flow about a second sooner than a synchronous one
@flow(name="nightly", timeout_seconds=TIMEOUT_S, persist_result=False)
async def nightly(
    folder: str, as_of: date | None = None, skip_if_done: bool = False, spread: bool = False, once: bool = False
) -> list[StepReport]:
    """Update the shortlist of the workspace in `folder`.

    Parameters
    ----------
    folder : str
        The workspace, as the process that runs the flow sees it.
    as_of : date, optional
        Run as on the evening before the issue of this date; default: now.
    skip_if_done : bool
        Do nothing if a run of today's local date is done.
    spread : bool
        Submit batches of feeds and texts to the flow's task runner, a Dask cluster; see `dask_tasks`.
    once : bool
        The name of `skip_if_done` before 0.2, for deployments that still pass it.
    """
    configure_logging_if_unset()
    with open_night(Path(folder), as_of, skip_if_done or once) as night:
        if night.is_due:
            cluster = _cluster(night.workspace) if spread else None
            night.add(await tasks.pull(night.workspace, cluster))
            night.add(await tasks.embed(night.workspace, cluster))
            context = night.workspace.context()
            night.add(await tasks.classify(night.workspace, context))
            night.add(await tasks.rank(night.workspace, context))
            await create_night_artifacts(night.workspace, night.reports)
    return night.reports


def _cluster(workspace: Workspace) -> "Cluster":
    from flows.dask_tasks import DaskCluster  # imports the extra `dask`

    return DaskCluster(workspace)
