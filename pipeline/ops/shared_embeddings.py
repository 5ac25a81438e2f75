"""Embedding cache shared by several newsletters: each text is embedded once."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from models.embedder import Advance, Embedder, Vectors, WrappedEmbedder
from pipeline.store.database import Database
from pipeline.store.embeddings import add_vectors, read_vectors


class SharedEmbedder(WrappedEmbedder):
    """An embedder that looks up the shared vectors first.

    Each newsletter also stores its vectors in its own database, so the shared file covers one month only.
    """

    def __init__(self, embedder: Embedder, folder: Path, run_date: date) -> None:
        super().__init__(embedder)
        file = folder / f"vectors-{run_date:%Y-%m}.duckdb"
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("vectors-*.duckdb"):
            if old.name < file.name:
                old.unlink(missing_ok=True)
        self.database = Database.create(file)

    def embed(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows, in the order of the texts; embeds only texts that are not in the shared file."""
        with self.database.reading() as connection:
            known = read_vectors(connection, self.identity, texts)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if advance:
            advance(len(texts) - len(missing))
        if missing:
            vectors = self.embedder.embed(missing, advance)
            with self.database.writing() as connection:
                add_vectors(connection, self.identity, missing, vectors)
            known = {**known, **dict(zip(missing, vectors, strict=True))}
        return np.stack([known[text] for text in texts]) if texts else self.embedder.embed(texts)
