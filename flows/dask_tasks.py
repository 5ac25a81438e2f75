"""Nightly run on a Dask cluster: feeds and texts go out in batches as tasks; results are stored by this process.

Needs the extra `dask`: pip install "article-triage[dask]".
"""

import contextvars
from collections.abc import Iterator, Sequence
from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.futures import as_completed

from models.embedder import Embedder, Vectors
from pipeline.core.config import Newsletter
from pipeline.core.types import Feed
from pipeline.ops import distributed
from pipeline.ops.workspace import Workspace
from pipeline.steps.pull import FeedResult

BATCHES = 8  # of feeds; a task costs 0.1 s, so a batch should be seconds of work
FEEDS_PER_BATCH = 200


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
        futures = [self.context.run(read_feeds.submit, batch, self.newsletter, self.now) for batch in batches]
        for future in as_completed(futures):
            yield future.result()

    def _embed(self, batches: Sequence[Sequence[str]]) -> list[Vectors]:
        model, identity = self.newsletter.embedding_model, self.embedder.identity
        futures = [self.context.run(embed_texts.submit, list(batch), model, identity) for batch in batches]
        return [future.result() for future in futures]
