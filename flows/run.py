"""Run a night through Prefect, locally or on Dask; without Prefect if Prefect itself fails.

Imports prefect only inside functions, after its settings are made.
"""

import asyncio
import signal
from collections.abc import Coroutine
from datetime import date
from pathlib import Path
from typing import Any

from flows.logs import follow_format
from flows.prefect_server import server_for_night, server_running
from flows.prefect_settings import FOLDER, configure_prefect
from flows.private_home import prepare_home
from flows.progress import progress_bar
from pipeline.core.errors import TriageError, WorkspaceError
from pipeline.core.types import StepReport
from pipeline.ops import nightly, runner


def run_night(
    folder: Path, as_of: date | None = None, skip_if_done: bool = False, scheduler: str | None = None
) -> list[StepReport]:
    """Run the nightly flow; if Prefect itself fails, run the same steps without it."""
    try:
        if not configure_prefect(folder):
            prepare_home(folder / FOLDER)
        if scheduler:
            return run_on_dask(folder, as_of, skip_if_done, scheduler)
        with server_for_night() as wait:
            from flows.nightly import nightly as flow  # takes a second, in which the server starts

            wait()
            follow_format()
            return _run(_reports(flow, folder, as_of, skip_if_done))
    except (TriageError, TimeoutError):
        raise
    except Exception as error:
        if runner.STEP_ERROR in getattr(error, "__notes__", ()):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        runner.log.warning("Prefect failed (%s); running without it", reason)
        with progress_bar("texts") as progress:
            return nightly.plain_night(folder, as_of, skip_if_done, progress)


def _run(flow_run: Coroutine[Any, Any, list[StepReport]]) -> list[StepReport]:
    """Run a flow; SIGTERM is handled as it was before, though Prefect sets a handler of its own."""
    from prefect.exceptions import TerminationSignal

    handler = signal.getsignal(signal.SIGTERM)
    with asyncio.Runner() as runner:
        try:
            return runner.run(flow_run)
        except TerminationSignal:
            if callable(handler):
                handler(signal.SIGTERM, None)
            raise


async def _reports(flow: Any, folder: Path, *parameters: Any) -> list[StepReport]:
    """Run a flow and return its reports, which a failed run has too; raise what it raised."""
    from flows.flow_runs import tagged

    with tagged(folder):
        state = await flow(str(folder), *parameters, return_state=True)
    result = await state.aresult(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    return list(result)


def run_on_dask(folder: Path, as_of: date | None, skip_if_done: bool, scheduler: str) -> list[StepReport]:
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
    # workers report to this server; otherwise each would start its own
    with server_running(folder / FOLDER):
        from flows.nightly import nightly

        follow_format()
        task_runner: Any = DaskTaskRunner(address=scheduler)
        flow = nightly.with_options(task_runner=task_runner)
        return _run(_reports(flow, folder, as_of, skip_if_done, True))
