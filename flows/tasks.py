"""The steps as Prefect tasks: names, retries, timeouts. What a step does is in `pipeline.steps`."""

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.artifacts import PullProgress
from flows.progress import progress_bar
from flows.pull_tasks import HOUR_S, pull_batches
from pipeline.core.types import StepReport
from pipeline.ops import run_context, runner
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import Pull

if TYPE_CHECKING:
    from flows.dask_tasks import DaskCluster
    from pipeline.ranking.context import RankingContext

T = TypeVar("T")


def _task(name: str) -> Callable[..., Any]:
    # NO_CACHE: Prefect would pickle the workspace to compute a cache key
    return task(
        name=name, task_run_name=name, timeout_seconds=HOUR_S, cache_policy=NO_CACHE, persist_result=False
    )  # fmt: skip


async def pull(workspace: Workspace, cluster: "DaskCluster | None" = None) -> StepReport:
    """Fetch every feed, here or on a cluster, in batches that are tasks; then the full texts that are wanted."""
    pull = await _run_in_thread(Pull, workspace.database, workspace.newsletter, workspace.as_of)
    if cluster and pull.batches:
        progress = await PullProgress.create(workspace.newsletter.name)
        await _run_in_thread(cluster.pull, pull, progress.from_thread(), is_ours=False)
    else:
        with run_context.setting(run_context.step, "pull"):
            await pull_batches(pull)
    report = await _run_in_thread(pull.report)
    finish = fetch_pages if any(feed.fulltext != "never" for feed in pull.feeds) else _finish_pull
    finished: StepReport = await finish(workspace, report)
    return finished


async def _finish_pull(workspace: Workspace, report: StepReport) -> StepReport:
    return await _run_in_thread(runner.finish_pull, workspace, report)


@_task("fetch-pages")
async def fetch_pages(workspace: Workspace, report: StepReport) -> StepReport:
    """Read the pages of entries whose feeds have no full text."""
    return await _finish_pull(workspace, report)


@_task("embed-articles")
async def embed(workspace: Workspace, cluster: "DaskCluster | None" = None) -> StepReport:
    """Embed new texts."""
    embedder = cluster.embedder if cluster else None
    with progress_bar("texts") as progress:
        return await _run_in_thread(runner.embed, workspace, embedder, progress, is_ours=cluster is None)


@_task("classify-articles")
async def classify(workspace: Workspace, context: "RankingContext") -> StepReport:
    """Predict each candidate's section."""
    return await _run_in_thread(runner.classify, workspace, context)


@_task("rank-candidates")
async def rank(workspace: Workspace, context: "RankingContext") -> StepReport:
    """Rank the candidates for the next issue."""
    return await _run_in_thread(runner.rank, workspace, context)


async def _run_in_thread(step: Callable[..., T], *args: Any, is_ours: bool = True) -> T:
    """Run a step in a daemon thread, so that one that hangs past its timeout cannot block the run.

    An error in a step that `is_ours` ends the run; an error of a cluster makes the run continue locally.
    """
    done: Future[T] = Future()

    def work() -> None:
        try:
            done.set_result(step(*args))
        except BaseException as error:
            if is_ours:
                error.add_note(runner.STEP_ERROR)
            done.set_exception(error)

    threading.Thread(target=contextvars.copy_context().run, args=(work,), name=step.__name__, daemon=True).start()
    return await asyncio.wrap_future(done)
