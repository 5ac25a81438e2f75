"""Nightly run on a Dask cluster: feeds and texts go out in batches as tasks; results are stored by this process.

Needs the extra `dask`: pip install "article-triage[dask]".
"""

import contextvars
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture

from models.embedder import Embedder, Vectors
from pipeline.core.config import Newsletter
from pipeline.core.types import Feed
from pipeline.ops import distributed
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import FeedResult

log = logging.getLogger("triage.night")

BATCHES = 8  # of feeds; a task costs 0.1 s, so a batch should be seconds of work
FEEDS_PER_BATCH = 200
SILENCE_SECONDS = 300.0  # without any batch coming back: those still out are done here

Batch = TypeVar("Batch")
Result = TypeVar("Result")


@task(name="read-feeds", retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def read_feeds(feeds: list[Feed], newsletter: Newsletter, seen_at: datetime) -> list[FeedResult]:
    """Fetch and parse a batch of feeds on a worker."""
    return distributed.read_batch(feeds, newsletter, seen_at)


@task(name="embed-texts", retries=2, retry_delay_seconds=1, cache_policy=NO_CACHE, persist_result=False)
def embed_texts(texts: list[str], model: str, identity: str) -> Vectors:
    """Embed a batch of texts on a worker."""
    return distributed.embed_batch(texts, model, identity)


class DaskCluster:
    """The `Cluster` that steps use, backed by the flow's Dask task runner."""

    def __init__(self, workspace: Workspace) -> None:
        self.newsletter, self.now = workspace.newsletter, workspace.as_of.time
        # the flow's context: that of a step's task would make Prefect send the whole workspace with each batch
        self.context = contextvars.copy_context()
        self.embedder: Embedder = distributed.DistributedEmbedder(workspace.embedder, self._embed)

    def read(self, feeds: Sequence[Feed]) -> Iterator[list[FeedResult]]:
        """Read feeds on the workers; yield each batch as it arrives."""
        batches = distributed.split_by_host(feeds, max(BATCHES, len(feeds) // FEEDS_PER_BATCH))
        sent = [(self.context.run(read_feeds.submit, batch, self.newsletter, self.now), batch) for batch in batches]
        here = partial(distributed.read_batch, newsletter=self.newsletter, seen_at=self.now)
        for _, results in completed(sent, here):
            yield results

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
