"""A snapshot holds what is known, and nothing that ranking does not use."""

import numpy as np

from models.embedder import HashingEmbedder
from pipeline.core.embedding_text import title_text
from pipeline.ranking.candidates import select_candidates
from pipeline.ranking.snapshot import load_snapshot
from pipeline.ranking.training_set import build_training_set
from world import lay_world


class Loaded(HashingEmbedder):
    """An embedder whose model takes memory from the first text until it is unloaded."""

    is_loaded = False

    def embed(self, texts, advance=None):
        self.is_loaded = True
        return super().embed(texts, advance)

    def unload(self):
        self.is_loaded = False


def test_model_is_not_kept_for_a_few_texts(workspace):
    """The sections' texts are embedded on the first night, and models are fitted without the embedding model."""
    embedder = Loaded()
    snapshot = load_snapshot(workspace.database, workspace.newsletter, embedder, workspace.as_of)
    assert len(snapshot.briefs.vectors)
    assert not embedder.is_loaded


def test_vectors_are_held_once(workspace):
    """A night's memory is that of its articles' vectors: neither the snapshot nor the training set copies them."""
    lay_world(workspace.database)
    embedder = HashingEmbedder()
    snapshot = load_snapshot(workspace.database, workspace.newsletter, embedder, workspace.as_of)
    titles, summaries = snapshot.article_examples.vectors, snapshot.article_examples.summary_vectors
    assert titles.base is summaries.base is snapshot.pick_examples.vectors.base is snapshot.briefs.vectors.base
    texts = [title_text(article.title) for article in snapshot.articles]
    assert np.array_equal(titles, embedder.embed(texts))
    training_set = build_training_set(snapshot, select_candidates(snapshot))
    assert {id(examples) for examples, _ in training_set.parts} <= {
        id(snapshot.article_examples),
        id(snapshot.pick_examples),
    }
