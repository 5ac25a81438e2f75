"""The steps as Prefect tasks: names, retries, timeouts. What a step does is in `pipeline.steps`."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from flows.progress import progress_bar
from pipeline.core.types import StepReport
from pipeline.ops import runner
from pipeline.ops.workspace import Workspace

if TYPE_CHECKING:
    from pipeline.ops.distributed import Cluster
    from pipeline.ranking.context import RankingContext

HOUR_S = 3600.0
NETWORK_RETRY_S = [5.0, 20.0]  # a laptop that just woke has no network yet


class NoFeedAnswered(Exception):
    """No server answered, so the network is likely down here: worth a retry."""


def _task(name: str, **options: Any) -> Callable[..., Any]:
    # NO_CACHE: Prefect would pickle the workspace to compute a cache key
    return task(name=name, timeout_seconds=HOUR_S, cache_policy=NO_CACHE, persist_result=False, **options)


@_task("pull-feeds", retries=len(NETWORK_RETRY_S), retry_delay_seconds=NETWORK_RETRY_S)
async def pull(workspace: Workspace, cluster: "Cluster | None" = None) -> StepReport:
    """Fetch every feed; retry if none answered, and after the last attempt continue with what is stored."""
    report = await _run_in_thread(runner.pull, workspace, cluster, is_ours=cluster is None)
    is_silent = not any(feed["status"] for feed in report.details.get("feeds", ()))
    if report.seen and report.failed == report.seen and is_silent and task_run.run_count <= len(NETWORK_RETRY_S):
        runner.log.warning("no feed answered (attempt %d); retrying", task_run.run_count)
        raise NoFeedAnswered
    return report


@_task("embed-articles")
async def embed(workspace: Workspace, cluster: "Cluster | None" = None) -> StepReport:
    """Embed new texts."""
    with progress_bar("texts") as progress:
        return await _run_in_thread(runner.embed, workspace, cluster, progress, is_ours=cluster is None)


@_task("classify-articles")
async def classify(workspace: Workspace, context: "RankingContext") -> StepReport:
    """Predict each candidate's section."""
    return await _run_in_thread(runner.classify, workspace, context)


@_task("rank-candidates")
async def rank(workspace: Workspace, context: "RankingContext") -> StepReport:
    """Rank the candidates for the next issue."""
    return await _run_in_thread(runner.rank, workspace, context)


async def _run_in_thread(step: Callable[..., StepReport], *args: Any, is_ours: bool = True) -> StepReport:
    """Run a step in a daemon thread, so that one that hangs past its timeout cannot block the run.

    An error in a step that `is_ours` ends the run; an error of a cluster makes the run continue locally.
    """
    done: Future[StepReport] = Future()

    def work() -> None:
        try:
            done.set_result(step(*args))
        except BaseException as error:
            if is_ours:
                error.add_note(runner.STEP_ERROR)
            done.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(work,), name=step.__name__, daemon=True).start()
    return await asyncio.wrap_future(done)
