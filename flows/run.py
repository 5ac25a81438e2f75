"""Run a night: through Prefect on this machine or on a Dask cluster, and without Prefect where Prefect itself fails.

Imports Prefect only inside the functions, after its settings are made.
"""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from flows.prefect_server import server_running
from flows.prefect_settings import configure_prefect
from flows.progress import progress_bar
from pipeline.core.errors import TriageError, WorkspaceError
from pipeline.core.types import StepReport
from pipeline.ops import nightly, runner


def run_night(
    folder: Path, as_of: date | None = None, once: bool = False, scheduler: str | None = None
) -> list[StepReport]:
    """Run the flow; where Prefect's own machinery fails, run the same night without it."""
    configure_prefect(folder)
    try:
        if scheduler:
            return run_on_dask(folder, as_of, once, scheduler)
        from flows.nightly import nightly as flow

        return list(asyncio.run(flow(str(folder), as_of, once)))
    except (TriageError, TimeoutError):
        raise
    except Exception as error:
        if runner.OWN_FAULT in getattr(error, "__notes__", ()):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        runner.log.warning("Prefect failed (%s); the night goes on without it", reason)
        with progress_bar("texts") as progress:
            return nightly.plain_night(folder, as_of, once, progress)


def run_on_dask(folder: Path, as_of: date | None, once: bool, scheduler: str) -> list[StepReport]:
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

        task_runner: Any = DaskTaskRunner(address=scheduler)
        flow = nightly.with_options(task_runner=task_runner)
        return list(asyncio.run(flow(str(folder), as_of, once, True)))
