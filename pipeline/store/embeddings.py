"""Table `embeddings`: one vector per text and model; texts are addressed by their content."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.core.embedding_text import SUMMARY_WORDS, text_hash
from pipeline.store.database import Connection, incoming

Vectors = NDArray[np.float32]
BATCH = 2_000  # rows read at once
# `core.embedding_text.article_text` in SQL, for clean text
SUMMARY_VIEW = f"title || '. ' || array_to_string(string_split(summary, ' ')[:{SUMMARY_WORDS}], ' ')"


def read_vectors(connection: Connection, model: str, texts: Iterable[str]) -> dict[str, Vectors]:
    """Return the stored vectors of these texts under one model's identity; unknown texts are left out.

    For many texts `fill_vectors` takes less memory.
    """
    wanted = {text_hash(text): text for text in texts}
    found: dict[str, Vectors] = {}
    for hashes, vectors in _read_batches(connection, model, wanted):
        found.update(zip(map(wanted.__getitem__, hashes), vectors, strict=True))
    return found


def fill_vectors(
    connection: Connection, model: str, texts: Sequence[str], matrix: Vectors, rows: Sequence[int]
) -> NDArray[np.bool_]:
    """Write the stored vector of each text into its row of a matrix.

    Parameters
    ----------
    texts : sequence of n texts, each of which may occur several times
    matrix : array of shape (m, d)
    rows : sequence of n integers below m

    Returns
    -------
    array of shape (n,)
        Which texts have a vector under this model's identity; the rows of the others are left as they were.
    """
    first: dict[str, int] = {}  # hash → the first place of its text
    same_as = np.array([first.setdefault(text_hash(text), n) for n, text in enumerate(texts)], dtype=np.intp)
    row_of, is_stored = np.asarray(rows, dtype=np.intp), np.zeros(len(texts), dtype=bool)
    for hashes, vectors in _read_batches(connection, model, first):
        places = list(map(first.__getitem__, hashes))
        matrix[row_of[places]] = vectors
        is_stored[places] = True
    is_stored = is_stored[same_as]
    repeated = np.flatnonzero(is_stored & (same_as != np.arange(len(texts))))
    matrix[row_of[repeated]] = matrix[row_of[same_as[repeated]]]
    return is_stored


def _read_batches(connection: Connection, model: str, hashes: Iterable[str]) -> Iterator[tuple[list[str], Vectors]]:
    """Yield stored vectors with their hashes, some thousands at a time.

    The rows are found first, so that DuckDB reads only the blocks of vectors that hold them.
    """
    with incoming(connection, _hashes(hashes)):
        batches = connection.sql(
            "SELECT text_hash, vector FROM embeddings WHERE rowid IN "
            "(SELECT e.rowid FROM embeddings e JOIN incoming USING (text_hash) WHERE model = ?)",
            params=[model],
        ).to_arrow_reader(BATCH)
        for batch in batches:
            yield batch["text_hash"].to_pylist(), batch["vector"].flatten().to_numpy().reshape(len(batch), -1)


def missing_texts(connection: Connection, model: str, texts: Iterable[str]) -> list[str]:
    """Return those of the texts that have no vector yet, each once, in order."""
    wanted = {text_hash(text): text for text in texts}
    with incoming(connection, _hashes(wanted)):
        rows = connection.execute(
            "SELECT text_hash FROM embeddings JOIN incoming USING (text_hash) WHERE model = ?", [model]
        ).fetchall()
    known = {key for (key,) in rows}
    return [text for key, text in wanted.items() if key not in known]


def articles_without_vector(connection: Connection, model: str, before: datetime) -> list[tuple[str, str]]:
    """Return title and summary of the articles first seen before an instant that may lack a vector, ordered by id.

    The query builds the texts as `core.embedding_text` does for clean text, so that only new ones are hashed in Python.
    An article with unusual spaces is returned every time; `missing_texts` filters it.
    """
    query = f"""
        WITH known AS (SELECT text_hash FROM embeddings WHERE model = $model)
        SELECT title, summary FROM articles
        WHERE first_seen_at < $before AND NOT (
            sha256(title)[:32] IN (FROM known)
            AND (summary = '' OR
                 sha256({SUMMARY_VIEW})[:32]
                 IN (FROM known)))
        ORDER BY id
    """  # noqa: S608 (a number of ours)
    return connection.execute(query, {"model": model, "before": before}).fetchall()


def add_vectors(connection: Connection, model: str, texts: Sequence[str], vectors: Vectors) -> None:
    """Store unit vectors of shape (n, d) for n texts; existing ones stay."""
    lists = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
    table = pa.table({"text_hash": pa.array(map(text_hash, texts), pa.string()), "vector": lists})
    with incoming(connection, table):
        connection.execute(
            "INSERT INTO embeddings (model, text_hash, vector) SELECT ?, text_hash, vector FROM incoming "
            "ON CONFLICT DO NOTHING",
            [model],
        )


def delete_vectors(connection: Connection, texts: Iterable[str]) -> None:
    """Delete the vectors of these texts under every model, but for texts that an article or a pick still has.

    The query builds the texts that are kept as `articles_without_vector` does.
    """
    wanted = list(texts)
    hashes = pa.array(map(text_hash, wanted), pa.string())
    with incoming(connection, pa.table({"text_hash": hashes, "text": pa.array(wanted, pa.string())})):
        connection.execute(
            "DELETE FROM embeddings WHERE text_hash IN (SELECT text_hash FROM incoming WHERE text NOT IN ("  # noqa: S608
            "SELECT title FROM articles UNION ALL SELECT title FROM picks UNION ALL "
            f"SELECT {SUMMARY_VIEW} FROM articles WHERE summary <> ''))"
        )


def _hashes(texts: Iterable[str]) -> pa.Table:
    return pa.table({"text_hash": pa.array(list(texts), pa.string())})
