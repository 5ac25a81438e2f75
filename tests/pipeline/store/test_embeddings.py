"""Vectors are read by their texts, and only they."""

import numpy as np

from pipeline.store.embeddings import add_vectors, fill_vectors, read_vectors

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


def test_vectors_go_into_the_rows_of_their_texts(database):
    """A text that several articles have fills the row of each; the row of one without a vector is left alone."""
    vectors = np.eye(2, dtype=np.float32)
    with database.writing() as connection:
        add_vectors(connection, "a", ["one", "two"], vectors)
    matrix = np.full((5, 2), 7, dtype=np.float32)
    with database.reading() as connection:
        is_stored = fill_vectors(connection, "a", ["two", "new", "two", "one"], matrix, [4, 0, 1, 2])
    assert is_stored.tolist() == [True, False, True, True]
    assert matrix.tolist() == [[7, 7], [0, 1], [1, 0], [7, 7], [0, 1]]
