"""A snapshot holds what is known, and nothing that ranking does not use."""

from models.embedder import HashingEmbedder
from pipeline.ranking.snapshot import load_snapshot


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
