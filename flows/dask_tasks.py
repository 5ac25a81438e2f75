"""Nightly run on a Dask cluster: feeds and texts go out in batches as tasks; results are stored by this process.

Needs the extra `dask`: pip install "article-triage[dask]".
"""

import contextvars
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture
from prefect.runtime import task_run
from prefect.states import Completed

from flows.pull_tasks import BATCH_OPTIONS, NETWORK_RETRY_S, WARNING_STATE, NoFeedAnsweredError, check_answers
from models.embedder import Embedder, Vectors
from pipeline.core.config import Newsletter
from pipeline.core.types import Feed
from pipeline.ops import distributed
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import Pull

log = logging.getLogger("triage.night")

SILENCE_SECONDS = 300.0  # without any batch coming back: those still out are done here

Batch = TypeVar("Batch")
Result = TypeVar("Result")


@task(**BATCH_OPTIONS)
def pull_on_worker(number: int, total: int, feeds: list[Feed], newsletter: Newsletter, seen_at: datetime) -> Any:
    """Fetch and parse a batch of feeds on a worker; returns their results."""
    try:
        return check_answers(distributed.read_batch(feeds, newsletter, seen_at))
    except NoFeedAnsweredError as error:
        if task_run.run_count <= len(NETWORK_RETRY_S):
            raise
        return Completed(name=WARNING_STATE, message=str(error), data=list(error.results))


@task(name="embed-texts", retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def embed_texts(texts: list[str], model: str, identity: str) -> Vectors:
    """Embed a batch of texts on a worker."""
    return distributed.embed_batch(texts, model, identity)


class DaskCluster:
    """The flow's Dask task runner, as the steps use it."""

    def __init__(self, workspace: Workspace) -> None:
        self.newsletter = workspace.newsletter
        # the flow's context: that of a step's task would make Prefect send the whole workspace with each batch
        self.context = contextvars.copy_context()
        self.embedder: Embedder = distributed.DistributedEmbedder(workspace.embedder, self._embed)

    def pull(self, pull: Pull) -> None:
        """Read all batches on the workers; store each when it arrives."""
        total, seen_at = len(pull.batches), pull.as_of.time
        sent = [
            (self.context.run(pull_on_worker.submit, n, total, batch, self.newsletter, seen_at), batch)
            for n, batch in enumerate(pull.batches, 1)
        ]
        here = partial(distributed.read_batch, newsletter=self.newsletter, seen_at=seen_at)
        for _, results in completed(sent, here):
            pull.store(results)

    def _embed(self, batches: Sequence[Sequence[str]]) -> list[Vectors]:
        model, identity = self.newsletter.embedding_model, self.embedder.identity
        sent = [(self.context.run(embed_texts.submit, list(batch), model, identity), batch) for batch in batches]
        here = partial(distributed.embed_batch, model=model, identity=identity)
        found = dict(completed(sent, here))
        return [found[n] for n in range(len(batches))]


def completed(
    sent: Sequence[tuple[PrefectFuture[Result], Batch]], here: Callable[[Batch], Result]
) -> Iterator[tuple[int, Result]]:
    """Yield each batch's position and result as it arrives; what does not come back is done in this process.

    Parameters
    ----------
    sent : sequence of n (future, batch)
    here : callable
        Does the work of one batch. Called for each that is still out after `SILENCE_SECONDS` in which none arrived,
        as after the loss of every worker.
    """
    out = dict(enumerate(sent))
    for n in arrivals([future for future, _ in sent]):
        try:
            result = out[n][0].result(timeout=SILENCE_SECONDS)
        except TimeoutError:  # done, but the worker that holds the result is gone
            continue
        del out[n]
        yield n, result
    if out:
        log.warning("%d of %d batches did not come back from the cluster; they are done here", len(out), len(sent))
    for n, (_, batch) in out.items():
        yield n, here(batch)


def arrivals(futures: Sequence[PrefectFuture[Result]]) -> Iterator[int]:
    """Yield the position of each future that completes, once; end early after `SILENCE_SECONDS` without any."""
    done: SimpleQueue[int] = SimpleQueue()
    for n, future in enumerate(futures):
        future.add_done_callback(partial(_announce, done, n))
    seen: set[int] = set()
    while len(seen) < len(futures):
        try:
            n = done.get(timeout=SILENCE_SECONDS)
        except Empty:
            return
        if n not in seen:  # a result lost with its worker is computed, and announced, again
            seen.add(n)
            yield n


def _announce(done: SimpleQueue[int], position: int, _: PrefectFuture[Result]) -> None:
    done.put(position)
