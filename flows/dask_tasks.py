"""Nightly run on a Dask cluster: feeds and texts go out in batches as tasks; results are stored by this process.

Needs the extra `dask`: pip install "article-triage[dask]".
"""

import contextvars
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar
from uuid import UUID

import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.runtime import task_run
from prefect.states import Completed

from flows.lost_tasks import end_lost_task_runs
from flows.pull_tasks import (
    BATCH_OPTIONS,
    NETWORK_RETRY_S,
    WARNING_STATE,
    NoFeedAnsweredError,
    batch_state,
    check_answers,
)
from models.embedder import Embedder, Vectors
from pipeline.core.config import Newsletter
from pipeline.core.types import Feed, Progress
from pipeline.ops import distributed, runner
from pipeline.ops.arrow_batches import ResultBatch, pack_texts, pack_vectors, unpack_vectors
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import Pull

log = logging.getLogger("triage.night")

SILENCE_SECONDS = 300.0  # without any batch coming back: those still out are done here

Batch = TypeVar("Batch")
Result = TypeVar("Result")
Send = Callable[[int, Batch], PrefectFuture[Result] | None]


@task(**BATCH_OPTIONS)
def pull_on_worker(number: int, total: int, feeds: list[Feed], newsletter: Newsletter, seen_at: datetime) -> Any:
    """Fetch and parse a batch of feeds on a worker; returns their results."""
    try:
        results = check_answers(distributed.read_batch(feeds, newsletter, seen_at))
        return batch_state(results, ResultBatch.pack(results))
    except NoFeedAnsweredError as error:
        if task_run.run_count <= len(NETWORK_RETRY_S):
            raise
        return Completed(name=WARNING_STATE, message=str(error), data=ResultBatch.pack(error.results))


@task(name="embed-texts", retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def embed_texts(texts: pa.StringArray, model: str, identity: str) -> pa.FixedSizeListArray:
    """Embed a batch of texts on a worker."""
    return pack_vectors(distributed.embed_batch(texts.to_pylist(), model, identity))


class DaskCluster:
    """The flow's Dask task runner, as the steps use it."""

    def __init__(self, workspace: Workspace) -> None:
        # a worker is given the feeds of its batch; those of the whole newsletter are many, and have secrets
        self.newsletter = replace(workspace.newsletter, feeds=())
        # the flow's context: that of a step's task would make Prefect send the whole workspace with each batch
        self.context = contextvars.copy_context()
        self.embedder: Embedder = distributed.DistributedEmbedder(workspace.embedder, self._embed)

    def pull(self, pull: Pull, progress: Progress) -> None:
        """Read all batches on the workers; store each when it arrives, and tell how many feeds are stored."""
        total, newsletter, seen_at = len(pull.batches), self.newsletter, pull.as_of.time

        def send(n: int, batch: list[Feed]) -> PrefectFuture[ResultBatch]:
            return pull_on_worker.submit(n + 1, total, batch, newsletter, seen_at)

        def here(batch: list[Feed]) -> ResultBatch:
            return ResultBatch.pack(distributed.read_batch(batch, newsletter, seen_at))

        for _, results in completed(pull.batches, self._in_flow(send), here):
            pull.store(results.unpack())
            progress(len(pull.results), pull.n_due)

    def _embed(self, batches: Sequence[Sequence[str]]) -> list[Vectors]:
        model, identity = self.newsletter.embedding_model, self.embedder.identity

        def send(_: int, batch: Sequence[str]) -> PrefectFuture[pa.FixedSizeListArray]:
            return embed_texts.submit(pack_texts(batch), model, identity)

        def here(batch: Sequence[str]) -> pa.FixedSizeListArray:
            return pack_vectors(distributed.embed_batch(batch, model, identity))

        found = dict(completed(batches, self._in_flow(send), here))
        return [unpack_vectors(found[n]) for n in range(len(batches))]

    def _in_flow(self, send: Callable[[int, Batch], PrefectFuture[Result]]) -> Send[Batch, Result]:
        """Return `send` so that it runs in the flow's context, and returns None once the cluster takes no batches."""
        refusals: list[Exception] = []

        def submit(n: int, batch: Batch) -> PrefectFuture[Result] | None:
            if not refusals:
                try:
                    return self.context.run(send, n, batch)
                except Exception as error:  # of Dask's client, or of Prefect's server: the work has not begun
                    refusals.append(error)
                    log.warning("the cluster takes no more batches (%s)", _sentence(error))
            return None

        return submit


def completed(
    batches: Sequence[Batch], send: Send[Batch, Result], here: Callable[[Batch], Result]
) -> Iterator[tuple[int, Result]]:
    """Yield each batch's position and result as it arrives; what does not come back is done in this process.

    A result may be lost with its worker, or all of them with the scheduler, whose restart cancels every future: such a
    batch is sent once more, to whichever workers there are by then. An error of the work itself is raised: a task run
    ends with it, while the loss of a result is raised by Dask.

    Parameters
    ----------
    batches : sequence of n
    send : callable
        Given a position and its batch, returns the future; None where the cluster takes no batch.
    here : callable
        Does the work of one batch. Called for each that was lost twice, could not be sent, or is still out after
        `SILENCE_SECONDS` in which none arrived, as after the loss of every worker.
    """
    out, futures, resent, lost = dict(enumerate(batches)), Futures[Result](), set[int](), list[UUID]()
    for n, batch in out.items():
        futures.add(n, send(n, batch))
    for n, future in futures:
        try:
            result: Result | BaseException = future.result(timeout=SILENCE_SECONDS, raise_on_failure=False)
        except Exception as error:  # of Dask: the worker or the scheduler that held the result is gone
            log.info("a batch is lost (%s)", _sentence(error), extra=runner.IS_DETAIL)
            lost.append(future.task_run_id)
            if n not in resent:
                resent.add(n)
                futures.add(n, send(n, out[n]))
            continue
        if isinstance(result, BaseException):
            raise result
        del out[n], future
        yield n, result
    if resent:
        log.warning("%d of %d batches were lost with their workers and sent again", len(resent), len(batches))
    if out:
        log.warning("%d of %d batches did not come back from the cluster; they are done here", len(out), len(batches))
    end_lost_task_runs([*lost, *futures.task_runs()])
    for n, batch in out.items():
        yield n, here(batch)


def _sentence(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


class Futures(Generic[Result]):
    """Futures that are out, by their positions; iterated as they complete, also those added meanwhile.

    The iteration ends early after `SILENCE_SECONDS` without any. A future is forgotten when it is given out: its
    result is kept as long as it is.
    """

    def __init__(self) -> None:
        self._out: dict[int, PrefectFuture[Result]] = {}
        self._done: SimpleQueue[int] = SimpleQueue()

    def add(self, position: int, future: PrefectFuture[Result] | None) -> None:
        """Wait for a future, if there is one."""
        if future is not None:
            self._out[position] = future
            future.add_done_callback(partial(_announce, self._done, position))

    def task_runs(self) -> list[UUID]:
        """Return the task runs of those that are still out."""
        return [future.task_run_id for future in self._out.values()]

    def __iter__(self) -> Iterator[tuple[int, PrefectFuture[Result]]]:
        while self._out:
            try:
                n = self._done.get(timeout=SILENCE_SECONDS)
            except Empty:
                return
            if n in self._out:  # a result lost with its worker is computed, and announced, again
                yield n, self._out.pop(n)


def _announce(done: SimpleQueue[int], position: int, _: PrefectFuture[Result]) -> None:
    done.put(position)
