"""Step embed: each text once per model, in pieces that survive a killed night."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from helpers import NOW
from models.embedder import Advance, HashingEmbedder, Vectors
from pipeline.core.as_of import AsOf
from pipeline.core.embedding_text import article_text, title_text
from pipeline.core.errors import WorkspaceError
from pipeline.core.types import Article, Issue, Pick
from pipeline.core.urls import article_id
from pipeline.ops.workspace import Workspace
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps import embed
from pipeline.steps.embed import embed_articles
from pipeline.store.articles import add_articles
from pipeline.store.database import Database
from pipeline.store.embeddings import articles_without_vector, read_vectors
from pipeline.store.issues import add_issues

LIVE = AsOf.now(NOW + timedelta(hours=1))


class CountingEmbedder(HashingEmbedder):
    """Notes what it was given, and may be killed."""

    def __init__(self, dimension: int = 64, calls_to_live: int | None = None) -> None:
        super().__init__(dimension)
        self.given: list[list[str]] = []
        self.calls_to_live = calls_to_live

    def embed(self, texts: Sequence[str], progress: Advance | None = None) -> Vectors:
        """Embed and take note."""
        if len(self.given) == self.calls_to_live:
            raise KeyboardInterrupt
        self.given.append(list(texts))
        return super().embed(texts, progress)


def add(database: Database, count: int, start: int = 0) -> None:
    """Store invented articles; every second one has a summary."""
    articles = [
        Article(article_id(url), url, f"Story {n}", "a.example", NOW, summary="It was so." if n % 2 else "")
        for n, url in ((n, f"https://a.example/{n}") for n in range(start, start + count))
    ]
    with database.writing() as connection:
        add_articles(connection, articles)


def test_each_view_is_embedded_once(database):
    """Titles, summary views and picks get vectors; a second night embeds nothing."""
    add(database, 4)
    picks = (Pick("Random", "Story 1", "https://a.example/1", 1, 1), Pick("Random", "An old pick", None, 2, 2))
    with database.writing() as connection:
        add_issues(connection, [Issue(1, date(2026, 1, 2), picks=picks)])
    embedder = CountingEmbedder()
    first = embed_articles(database, embedder, LIVE)
    assert (first.seen, first.done) == (4 + 2 + 2, 4 + 2 + 1)  # the pick of a known article shares its title's vector
    assert embed_articles(database, embedder, LIVE).done == 0
    assert len(embedder.given) == 1


def test_sections_are_embedded_with_the_articles(workspace: Workspace):
    """What ranking reads has its vectors by then: the model is loaded once a night, and let go before the ranking."""
    sections = workspace.newsletter.sections
    assert embed_articles(workspace.database, HashingEmbedder(64), LIVE, sections=sections).done == len(sections)
    again = CountingEmbedder()
    load_snapshot(workspace.database, workspace.newsletter, again, LIVE)
    assert again.given == []


def test_only_what_is_new_is_embedded(database):
    """The second night's work grows with the second night's articles, not with the store."""
    add(database, 30)
    embed_articles(database, HashingEmbedder(64), LIVE)
    add(database, 2, start=30)
    embedder = CountingEmbedder()
    embed_articles(database, embedder, LIVE)
    assert sorted(embedder.given[0]) == ["Story 30", "Story 31", "Story 31. It was so."]


def test_killed_night_keeps_what_it_embedded(database, monkeypatch):
    """A night killed in the third chunk loses that chunk only."""
    monkeypatch.setattr(embed, "CHUNK", 4)
    add(database, 12)
    with pytest.raises(KeyboardInterrupt):
        embed_articles(database, CountingEmbedder(calls_to_live=2), LIVE)
    assert embed_articles(database, HashingEmbedder(64), LIVE).done == 12 + 6 - 8


def test_two_models_never_mix(database):
    """A second model embeds everything anew and finds only its own vectors."""
    add(database, 3)
    narrow, wide = HashingEmbedder(64), HashingEmbedder(128)
    embed_articles(database, narrow, LIVE)
    assert embed_articles(database, wide, LIVE).done == 4
    with database.reading() as connection:
        found = read_vectors(connection, wide.identity, ["Story 0", "Story 1"])
    assert {vector.shape for vector in found.values()} == {(128,)}


def test_stored_vectors_are_those_of_their_texts(database):
    """Through Arrow and back, each text keeps its own vector to the last bit."""
    add(database, 20)
    embedder = HashingEmbedder(64)
    embed_articles(database, embedder, LIVE)
    texts = [title_text("Story 7"), article_text("Story 7", "It was so."), "never seen"]
    with database.reading() as connection:
        found = read_vectors(connection, embedder.identity, texts)
    assert sorted(found) == texts[:2]
    assert all(np.array_equal(found[text], embedder.embed([text])[0]) for text in found)


def test_the_future_is_not_embedded(database):
    """At a past evening, articles not yet seen and issues not yet sent stay without vectors."""
    add(database, 2)
    with database.writing() as connection:
        add_issues(connection, [Issue(1, date(2026, 1, 2), picks=(Pick("Random", "A pick", None, 1, 1),))])
    assert embed_articles(database, HashingEmbedder(64), AsOf.before_issue(date(2026, 1, 2))).seen == 0


def test_progress_ends_full(database):
    """A bar is called with (done, in all), and ends full."""
    add(database, 5)
    result: list[tuple[int, int]] = []
    embed_articles(database, HashingEmbedder(64), LIVE, lambda done, total: result.append((done, total)))
    assert result[-1] == (7, 7)


def test_model_that_is_not_here_is_told_in_one_sentence(workspace: Workspace):
    """A name in newsletter.toml that leads to no model names the model and the next move."""
    newsletter = replace(workspace.newsletter, embedding_model="no-such/model")
    with pytest.raises(WorkspaceError, match=r"'no-such/model'.*hf download no-such/model"):
        _ = replace(workspace, newsletter=newsletter).embedder


def test_what_is_known_is_not_even_read(database):
    """A night on a large store looks at its new articles, and at those with unusual spaces, alone."""
    add(database, 30)
    odd = Article("x", "https://a.example/x", "Two  spaces", "a.example", NOW, summary="word " * 400)
    with database.writing() as connection:
        add_articles(connection, [odd])
    embedder = HashingEmbedder(64)
    embed_articles(database, embedder, LIVE)
    with database.reading() as connection:
        assert articles_without_vector(connection, embedder.identity, LIVE.articles_until) == [(odd.title, odd.summary)]
    assert embed_articles(database, embedder, LIVE).done == 0
