"""Storing 50,000 articles with vectors beside executemany."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from bench.figures import Figure
from bench.invented import articles
from bench.store import new_workspace, unit_vectors
from models.embedder import Vectors
from pipeline.core.embedding_text import text_hash, title_text
from pipeline.core.types import Article
from pipeline.core.urls import url_key
from pipeline.ops.workspace import Workspace
from pipeline.store.articles import add_articles
from pipeline.store.embeddings import add_vectors

COUNT = 50_000
BY_ONE = 2_500  # executemany's rate does not depend on how many there are, and 50,000 would take minutes
ROUNDS = 5


def measure() -> list[Figure]:
    """Compare rows a second, in turn, each into an empty database."""
    stories = articles(COUNT)
    vectors = unit_vectors(COUNT, 384, np.random.default_rng(0))
    rates: dict[str, list[float]] = {"arrow": [], "one by one": []}
    with tempfile.TemporaryDirectory() as folder:
        for nth in range(ROUNDS):
            rates["one by one"].append(BY_ONE / _one_by_one(new_workspace(Path(folder) / f"a{nth}"), stories, vectors))
            rates["arrow"].append(COUNT / _arrow(new_workspace(Path(folder) / f"b{nth}"), stories, vectors))
    medians = {name: float(np.median(found)) for name, found in rates.items()}
    detail = f"{medians['arrow']:.0f} articles/s against {medians['one by one']:.0f}"
    return [
        Figure(
            "storing 50,000 articles with vectors", f"executemany, at the rate of {BY_ONE}",
            medians["arrow"] / medians["one by one"], 20, at_most=False, detail=detail,
        )
    ]  # fmt: skip


def _arrow(workspace: Workspace, stories: Sequence[Article], vectors: Vectors) -> float:
    started = time.perf_counter()
    with workspace.database.writing() as connection:
        add_articles(connection, stories)
        add_vectors(connection, "model/384/x", [title_text(a.title) for a in stories], vectors)
    return time.perf_counter() - started


def _one_by_one(workspace: Workspace, stories: Sequence[Article], vectors: Vectors) -> float:
    some = stories[:BY_ONE]
    started = time.perf_counter()
    with workspace.database.writing() as connection:
        connection.executemany(
            "INSERT INTO articles (id, url, title, source, first_seen_at, published_at, author, summary, text, origin, "
            "language, paywalled, url_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(*astuple(a)[:10], a.language, a.paywalled, url_key(a.url)) for a in some],
        )
        connection.executemany(
            "INSERT INTO embeddings (model, text_hash, vector) VALUES (?, ?, ?)",
            [("model/384/x", text_hash(title_text(a.title)), v.tolist()) for a, v in zip(some, vectors, strict=False)],
        )
    return time.perf_counter() - started
