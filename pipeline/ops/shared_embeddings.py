"""Vectors that several newsletters share: a text that three of them read is embedded once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from models.embedder import Embedder, Progress, Vectors, WrappedEmbedder
from pipeline.store.database import Database
from pipeline.store.embeddings import add_vectors, read_vectors


class SharedEmbedder(WrappedEmbedder):
    """An embedder that looks among the vectors of the other newsletters first.

    Each newsletter keeps its own vectors in its own database, so the shared file need not be old: one a month.
    """

    def __init__(self, embedder: Embedder, folder: Path, night: date) -> None:
        super().__init__(embedder)
        file = folder / f"vectors-{night:%Y-%m}.duckdb"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("vectors-*.duckdb"):
            if old.name < file.name:
                old.unlink(missing_ok=True)
        self.database = Database.create(file)

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows, in the order of the texts; embeds only what no newsletter has yet."""
        with self.database.reading() as connection:
            known = read_vectors(connection, self.identity, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if progress:
            progress(len(texts) - len(missing))
        if missing:
            vectors = self.embedder.embed(missing, progress)
            with self.database.writing() as connection:
                add_vectors(connection, self.identity, missing, vectors)
            known = {**known, **dict(zip(missing, vectors, strict=True))}
        return np.stack([known[text] for text in texts]) if texts else self.embedder.embed(texts)
