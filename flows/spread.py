"""The night on a Dask cluster: the same flow, its batches handed to the cluster's workers."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from flows.server import server_running
from pipeline.errors import WorkspaceError
from pipeline.types import StepReport


def run_spread(folder: Path, as_of: date | None, once: bool, scheduler: str) -> list[StepReport]:
    """Run the nightly flow with the workers of a Dask scheduler.

    Raises
    ------
    WorkspaceError
        If the extra `dask` is not installed, or no scheduler answers at the address.
    """
    try:
        from distributed import Client
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError as error:
        raise WorkspaceError('--engine dask needs an extra: pip install "article-triage[dask]"') from error
    try:
        with Client(scheduler, timeout=10):
            pass
    except OSError as error:
        raise WorkspaceError(f"no Dask scheduler answers at {scheduler}; start one with: dask scheduler") from error
    # workers report to one server; without it each would start its own
    with server_running():
        from flows.nightly import nightly

        runner: Any = DaskTaskRunner(address=scheduler)
        flow = nightly.with_options(task_runner=runner)
        return list(asyncio.run(flow(str(folder), as_of, once, True)))
