"""The speed and memory of an embedding model are those of a process of its own."""

import numpy as np

from models.embedder_benchmark import measure_embedder


def test_memory_of_the_caller_is_not_counted():
    """A caller that holds 600 MB does not make the model look large."""
    held = np.ones(75_000_000)
    speed, memory_mb = measure_embedder("hashing", ["a title of five words"] * 50)
    assert speed > 1
    assert 10 < memory_mb < held.nbytes / 1e6
