"""Workspaces filled with invented articles, issues and vectors, so that a step can be timed without the ones before."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.invented import articles, issues
from models.embedder import Vectors
from pipeline.core.embedding_text import article_text, title_text
from pipeline.core.types import Article
from pipeline.ops.workspace import Workspace
from pipeline.store.articles import add_articles
from pipeline.store.embeddings import add_vectors
from pipeline.store.issues import add_issues

SETTINGS = """
allow_hosts = ["127.0.0.1"]
feeds = [{feeds}]

[limits]
connections = 16
connections_per_host = 16  # all feeds stand on one address here, in life on hundreds
"""


def new_workspace(folder: Path, feed_urls: Sequence[str] = (), model: str = "hashing") -> Workspace:
    """Make a workspace that follows feeds on loopback."""
    sections = "".join(
        f'\n[[sections]]\nkey = "s{n}"\nname = "Section {n}"\ninstructions = "What belongs here, {n}."\n'
        for n in range(12)
    )
    folder.mkdir(parents=True, exist_ok=True)
    listed = ", ".join(f'"{url}"' for url in feed_urls)
    text = f'name = "Bench"\n{SETTINGS.format(feeds=listed)}\n[embedding]\nmodel = "{model}"\n{sections}'
    (folder / "newsletter.toml").write_text(text, "utf-8")
    return Workspace.create(folder)


def lay_articles(workspace: Workspace, stories: Sequence[Article]) -> None:
    """Store articles and vectors for all their views."""
    with workspace.database.writing() as connection:
        add_articles(connection, stories)
    lay_vectors(workspace, [view for a in stories for view in views(a)])


def lay_vectors(workspace: Workspace, views: Sequence[str], seed: int = 1) -> None:
    """Store invented vectors under the identity of the workspace's model."""
    chance = np.random.default_rng(seed)
    embedder = workspace.embedder
    for start in range(0, len(views), 50_000):
        chunk = views[start : start + 50_000]
        with workspace.database.writing() as connection:
            add_vectors(connection, embedder.identity, chunk, unit_vectors(len(chunk), embedder.dimension, chance))


def unit_vectors(count: int, width: int, chance: np.random.Generator) -> Vectors:
    """Return unit rows that stand in a few hundred groups, as texts do."""
    centres = chance.standard_normal((300, width), dtype=np.float32)
    vectors = centres[chance.integers(0, 300, count)] + chance.standard_normal((count, width), dtype=np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def lay_history(
    workspace: Workspace, n_articles: int, n_issues: int = 50, picks_each: int = 20, days: int = 365
) -> None:
    """Store a year of articles with vectors, or its first days, and issues that picked among the earliest of them."""
    stories = articles(n_articles, days=days)
    lay_articles(workspace, stories)
    ran = stories[: n_issues * picks_each]
    if len(ran) < n_issues * picks_each:
        ran += articles(n_issues * picks_each - len(ran), seed=9)
        lay_vectors(workspace, [title_text(article.title) for article in ran], seed=2)
    with workspace.database.writing() as connection:
        add_issues(connection, issues(n_issues, picks_each, [s.key for s in workspace.newsletter.sections], ran))


def views(article: Article) -> list[str]:
    """Return the texts under which an article is embedded."""
    return [title_text(article.title), article_text(article.title, article.summary)]
