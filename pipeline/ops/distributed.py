"""Work that other machines can do: fetch and parse feeds, embed texts. Workers store nothing.

Workers are stateless: a batch carries all its inputs, its results go back, and one writer stores them.
"""

import asyncio
import multiprocessing
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np

from models.embedder import Advance, Embedder, Vectors, WrappedEmbedder, load_embedder
from pipeline.core.config import Newsletter
from pipeline.core.errors import WorkspaceError
from pipeline.core.types import Feed
from pipeline.feeds.reader import FeedReader, FeedResult

BATCH = 256  # texts
Spread = Callable[[Sequence[Sequence[str]]], list[Vectors]]


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
    async with FeedReader(newsletter, seen_at, n_workers=1) as reader:
        return await reader.read(feeds)


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


class DistributedEmbedder(WrappedEmbedder):
    """An embedder whose work is done on the workers, in batches.

    Parameters
    ----------
    embedder : Embedder
        The model the workers load too; gives the identity, and embeds fewer texts than one batch here.
    spread : callable
        Maps batches of texts to their vectors, in order.
    """

    def __init__(self, embedder: Embedder, spread: Spread) -> None:
        super().__init__(embedder)
        self.spread = spread

    def embed(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows, in the order of the texts."""
        batches = [texts[n : n + BATCH] for n in range(0, len(texts), BATCH)]
        if len(batches) < 2:
            return self.embedder.embed(texts, advance)
        vectors = np.concatenate(self.spread(batches))
        if advance:
            advance(len(texts))
        return vectors
