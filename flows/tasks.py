"""The steps as Prefect tasks: names, retries, time limits. What a step does stands in steps.py."""

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
NETWORK_RETRY_S = [5.0, 20.0]  # a laptop that just woke has no network for a moment


class NoFeedAnswered(Exception):
    """Not one server answered, which is rather our network than all of theirs: worth another attempt."""


def _task(name: str, **options: Any) -> Callable[..., Any]:
    # NO_CACHE: Prefect would try to pickle the workspace to make a cache key
    return task(name=name, timeout_seconds=HOUR_S, cache_policy=NO_CACHE, persist_result=False, **options)


@_task("pull-feeds", retries=len(NETWORK_RETRY_S), retry_delay_seconds=NETWORK_RETRY_S)
async def pull(workspace: Workspace, cluster: "Cluster | None" = None) -> StepReport:
    """Read every feed; try again when none answered, and after the last attempt go on with what is there."""
    report = await _aside(runner.pull, workspace, cluster, is_ours=cluster is None)
    is_silent = not any(feed["status"] for feed in report.details.get("feeds", ()))
    if report.seen and report.failed == report.seen and is_silent and task_run.run_count <= len(NETWORK_RETRY_S):
        runner.log.warning("no feed answered (attempt %d); trying again", task_run.run_count)
        raise NoFeedAnswered
    return report


@_task("embed-articles")
async def embed(workspace: Workspace, cluster: "Cluster | None" = None) -> StepReport:
    """Give what is new its vectors."""
    with progress_bar("texts") as progress:
        return await _aside(runner.embed, workspace, cluster, progress, is_ours=cluster is None)


@_task("classify-articles")
async def classify(workspace: Workspace, context: "RankingContext") -> StepReport:
    """Say for each candidate which section it fits."""
    return await _aside(runner.classify, workspace, context)


@_task("rank-candidates")
async def rank(workspace: Workspace, context: "RankingContext") -> StepReport:
    """Order the candidates for the next issue."""
    return await _aside(runner.rank, workspace, context)


async def _aside(step: Callable[..., StepReport], *given: Any, is_ours: bool = True) -> StepReport:
    """Run a step in a thread that nobody waits for, so that one that hangs past its time cannot hold the night.

    A fault of what `is_ours` ends the night; one of a cluster does not: the night goes on here.
    """
    done: Future[StepReport] = Future()

    def work() -> None:
        try:
            done.set_result(step(*given))
        except BaseException as error:
            if is_ours:
                error.add_note(runner.OWN_FAULT)
            done.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(work,), name=step.__name__, daemon=True).start()
    return await asyncio.wrap_future(done)
