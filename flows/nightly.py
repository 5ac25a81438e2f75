"""The night: pull → embed → classify → rank, as one Prefect flow."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow

from flows import tasks
from flows.artifacts import show_night
from flows.logs import configure_logging_if_unset
from pipeline.core.types import StepReport
from pipeline.ops.nightly import open_night
from pipeline.ops.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ops.distributed import Cluster

NIGHT_S = 6 * 3600


# asynchronous because Prefect starts such a flow about a second sooner than a synchronous one
@flow(name="nightly", timeout_seconds=NIGHT_S, persist_result=False)
async def nightly(folder: str, as_of: date | None = None, once: bool = False, spread: bool = False) -> list[StepReport]:
    """Make the shortlist of the workspace in `folder`. With its decorator removed it is still the program.

    `spread` hands feeds and texts in batches to the flow's task runner, a Dask cluster; see cluster.py.
    """
    configure_logging_if_unset()
    with open_night(Path(folder), as_of, once) as night:
        if night.is_due:
            cluster = _cluster(night.workspace) if spread else None
            night.add(await tasks.pull(night.workspace, cluster))
            night.add(await tasks.embed(night.workspace, cluster))
            context = night.workspace.context()
            night.add(await tasks.classify(night.workspace, context))
            night.add(await tasks.rank(night.workspace, context))
            await show_night(night.workspace, night.reports)
    return night.reports


def _cluster(workspace: Workspace) -> "Cluster":
    from flows.dask_tasks import DaskCluster  # loads what only a spread night needs

    return DaskCluster(workspace)
