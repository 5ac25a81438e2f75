"""Vectors are read by their texts, and only they."""

import numpy as np

from pipeline.store.embeddings import add_vectors, read_vectors

STORED, WIDTH = 30_000, 256  # 31 MB of vectors


def test_reading_a_few_vectors_leaves_the_others_on_disk(database):
    """The memory of a night is that of the articles it ranks, however many are stored."""
    texts = [f"text {n}" for n in range(STORED)]
    vectors = np.random.default_rng(0).standard_normal((STORED, WIDTH), dtype=np.float32)
    with database.writing() as connection:
        add_vectors(connection, "a", texts, vectors)
        add_vectors(connection, "b", texts[:1], -vectors[:1])
    wanted = [*texts[-1000:], "unknown"]
    with database.reading() as connection:
        found = read_vectors(connection, "a", wanted)
        ((held,),) = connection.execute("SELECT sum(memory_usage_bytes) FROM duckdb_memory()").fetchall()
    assert found.keys() == set(texts[-1000:])
    assert all(np.array_equal(found[text], row) for text, row in zip(texts[-1000:], vectors[-1000:], strict=True))
    assert held < vectors.nbytes / 2
