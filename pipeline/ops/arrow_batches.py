"""Batches as Arrow tables, in which they cross processes: articles that were read, texts, vectors.

A column is copied as a whole, where pickled records would be built one by one on both sides.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC

import numpy as np
import pyarrow as pa

from models.embedder import Vectors
from pipeline.core.types import Article
from pipeline.feeds.reader import FeedResult

INSTANT = pa.timestamp("us", tz="UTC")
TYPES = {"first_seen_at": INSTANT, "published_at": INSTANT, "paywalled": pa.bool_()}
COLUMNS = [field.name for field in fields(Article)]
SCHEMA = pa.schema([("feed", pa.int32()), *((name, TYPES.get(name, pa.string())) for name in COLUMNS)])


@dataclass(frozen=True, eq=False)
class ResultBatch:
    """Results of some feeds: their state as records, their articles as one table.

    Parameters
    ----------
    results : sequence of n FeedResult
        Without articles.
    articles : pyarrow.Table
        Columns: `feed`, the position of its result, and the fields of `Article`; in the order of the results.
    """

    results: Sequence[FeedResult]
    articles: pa.Table

    @classmethod
    def pack(cls, results: Sequence[FeedResult]) -> "ResultBatch":
        """Move the articles of some results to a table."""
        rows = [(n, article) for n, result in enumerate(results) for article in result.articles]
        columns = {name: [getattr(article, name) for _, article in rows] for name in COLUMNS}
        table = pa.table({"feed": [n for n, _ in rows], **columns}, schema=SCHEMA)
        return cls([replace(result, articles=()) for result in results], table)

    def unpack(self) -> list[FeedResult]:
        """Return the results with their articles, equal to those that were packed."""
        articles: list[list[Article]] = [[] for _ in self.results]
        for row in self.articles.to_pylist():
            for name in ("first_seen_at", "published_at"):
                row[name] = row[name] and row[name].astimezone(UTC)
            articles[row.pop("feed")].append(Article(**row))
        return [replace(result, articles=tuple(own)) for result, own in zip(self.results, articles, strict=True)]


def pack_texts(texts: Sequence[str]) -> pa.StringArray:
    """Return n texts as one array."""
    return pa.array(texts, pa.string())


def pack_vectors(vectors: Vectors) -> pa.FixedSizeListArray:
    """Return vectors of shape (n, d) as an array of n lists of d values."""
    return pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])


def unpack_vectors(packed: pa.FixedSizeListArray) -> Vectors:
    """Return vectors of shape (n, d), float32."""
    return np.asarray(packed.flatten(), dtype=np.float32).reshape(len(packed), packed.type.list_size)
