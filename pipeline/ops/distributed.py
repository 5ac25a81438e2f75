"""Work that other machines can do: fetch and parse feeds, embed texts. Workers store nothing.

Workers are stateless: a batch carries all its inputs, its results go back, and one writer stores them.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from zlib import crc32

import numpy as np

from models.embedder import Advance, Embedder, Vectors, WrappedEmbedder, load_embedder
from pipeline.core.config import Newsletter
from pipeline.core.errors import WorkspaceError
from pipeline.core.types import Feed
from pipeline.core.urls import host_of
from pipeline.feeds.http import guarded_client
from pipeline.feeds.sandbox import Workers
from pipeline.steps.pull import FeedResult, read_feed

Spread = Callable[[Sequence[Sequence[str]]], list[Vectors]]


def split_by_host(feeds: Sequence[Feed], batches: int) -> list[list[Feed]]:
    """Split feeds into at most `batches` lists; all feeds of a host are in one, so that its rate limit holds."""
    cut: list[list[Feed]] = [[] for _ in range(batches)]
    for feed in sorted(feeds, key=lambda f: f.url):
        cut[crc32(host_of(feed.url).encode()) % batches].append(feed)
    return [batch for batch in cut if batch]


def read_batch(feeds: Sequence[Feed], newsletter: Newsletter, seen_at: datetime) -> list[FeedResult]:
    """Fetch and parse a batch of feeds, on a worker.

    Raises
    ------
    WorkspaceError
        On a daemonic worker, which may not start the parser processes.
    """
    if multiprocessing.current_process().daemon:
        raise WorkspaceError(
            "this Dask worker may not start processes, and feeds are read in processes that can be stopped; "
            "start it with: dask worker ADDRESS --no-nanny"
        )
    return asyncio.run(_read_all(feeds, newsletter, seen_at))


async def _read_all(feeds: Sequence[Feed], newsletter: Newsletter, seen_at: datetime) -> list[FeedResult]:
    async with guarded_client(newsletter) as client, Workers(1) as workers:
        return await asyncio.gather(*(read_feed(feed, client, workers, seen_at) for feed in feeds))


def embed_batch(texts: Sequence[str], model: str, identity: str) -> Vectors:
    """Embed a batch of texts, on a worker. The model is loaded once per worker.

    Raises
    ------
    WorkspaceError
        If the worker's model is not the one that the workspace uses: vectors of two models must not mix.
    """
    embedder = _embedder(model)
    if embedder.identity != identity:
        raise WorkspaceError(
            f"a worker has {embedder.identity}, the workspace {identity}; install the same Triage on it"
        )
    return embedder.embed(texts)


@lru_cache(maxsize=1)
def _embedder(model: str) -> Embedder:
    return load_embedder(model)


class Cluster(Protocol):
    """What a step needs of a cluster of machines."""

    embedder: Embedder

    def read(self, feeds: Sequence[Feed]) -> Iterator[list[FeedResult]]:
        """Fetch and parse feeds on the workers; yield each batch as it arrives."""


class DistributedEmbedder(WrappedEmbedder):
    """An embedder whose work is done on the workers, in batches.

    Parameters
    ----------
    embedder : Embedder
        The model the workers load too; gives the identity, and embeds fewer texts than one batch here.
    spread : callable
        Maps batches of texts to their vectors, in order.
    """

    def __init__(self, embedder: Embedder, spread: Spread, batch: int = 256) -> None:
        super().__init__(embedder)
        self.spread, self.batch = spread, batch

    def embed(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows, in the order of the texts."""
        batches = [texts[n : n + self.batch] for n in range(0, len(texts), self.batch)]
        if len(batches) < 2:
            return self.embedder.embed(texts, advance)
        vectors = np.concatenate(self.spread(batches))
        if advance:
            advance(len(texts))
        return vectors
