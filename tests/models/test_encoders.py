"""A fast way to run a model is used where it agrees with sentence-transformers, and nowhere else."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models import encoders
from models.embedder import load_embedder
from models.encoders import PROBE, DisagreementError, Exported, Reference, check_agreement, choose_encoder

TEXTS = ["a queue", "b " * 400, "", "Two people, one budget", "tabs\tand 東京", *(f"story {n} " * n for n in range(20))]


@pytest.fixture(scope="module")
def shipped() -> Path:
    """The folder of the shipped model."""
    return load_embedder().folder  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def reference(shipped: Path) -> Reference:
    """The shipped model as sentence-transformers runs it."""
    return Reference(shipped)


@pytest.fixture(scope="module")
def cache(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the exported form."""
    folder = tmp_path_factory.mktemp("cache") / "exported"
    Exported.of(shipped, folder)
    return folder


def test_exported_model_gives_the_references_vectors(shipped: Path, cache: Path, reference: Reference):
    """Sorted, in small batches and at this processor's precision, each text keeps its own vector."""
    encoder = choose_encoder(shipped, cache)
    assert isinstance(encoder, Exported)
    cosines = (encoder.encode(TEXTS) * reference.encode(TEXTS)).sum(axis=1)
    assert cosines.min() > encoders.LEAST_COSINE


def test_a_texts_vector_is_the_same_in_any_company(cache: Path):
    """Cut in other places and in another order, as by a killed night or by several machines."""
    exported = Exported(cache)
    texts = [f"{'research software teams and their clusters ' * (n % 9)} {n}" for n in range(120)]
    whole = exported.encode(texts)
    cut = np.concatenate([exported.encode(texts[:7]), exported.encode(texts[7:50]), exported.encode(texts[50:])])
    assert np.abs(cut - whole).max() < 1e-6
    assert np.abs(exported.encode(texts[::-1])[::-1] - whole).max() < 1e-6


def test_threads_embed_at_once(cache: Path, reference: Reference):
    """The desk embeds in two threads, for the article that is read and for a new order: neither fails or is wrong."""
    texts = [f"{'research software teams and their clusters ' * (n % 9)} {n}" for n in range(20)]
    for encoder in (Exported(cache), reference):
        expected = encoder.encode(texts)
        with ThreadPoolExecutor(4) as threads:
            found = list(threads.map(encoder.encode, [texts] * 4))
        assert all(np.abs(vectors - expected).max() < 1e-6 for vectors in found)


def test_progress_counts_every_text(cache: Path, reference: Reference):
    """A bar that is advanced by each batch ends full."""
    for encoder in (Exported(cache), reference):
        output: list[int] = []
        encoder.encode(TEXTS[:6], output.append)
        assert sum(output) == 6


def test_disagreement_falls_back_to_the_reference(shipped: Path, cache: Path, tmp_path: Path, caplog):
    """An exported model that gives other vectors is not used, and that is said."""
    spoiled = tmp_path / "exported"
    spoiled.mkdir()
    for file in cache.iterdir():
        (spoiled / file.name).write_bytes(file.read_bytes())
    expected = np.load(spoiled / "probe.npy")
    np.save(spoiled / "probe.npy", np.roll(expected, 1, axis=0))
    assert isinstance(choose_encoder(shipped, spoiled), Reference)
    assert "cosine" in caplog.text


def test_a_vector_that_is_no_number_disagrees(reference: Reference):
    """Overflow in half precision is noticed."""
    expected = reference.encode(PROBE)
    expected[0] = np.nan
    with pytest.raises(DisagreementError):
        check_agreement(reference, expected)


def test_damaged_export_is_made_anew(shipped: Path, cache: Path, tmp_path: Path):
    """A truncated file in the cache costs one export, not the night."""
    damaged = tmp_path / "exported"
    damaged.mkdir()
    for file in cache.iterdir():
        (damaged / file.name).write_bytes(file.read_bytes()[:1000])
    assert isinstance(choose_encoder(shipped, damaged), Exported)
    assert (damaged / "model.bin").stat().st_size == (cache / "model.bin").stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == ["exported"]


def test_cache_that_cannot_be_written_leaves_the_reference(shipped: Path, tmp_path: Path):
    """Without a place for the exported form the night still runs."""
    (tmp_path / "file").write_text("")
    assert isinstance(choose_encoder(shipped, tmp_path / "file" / "exported"), Reference)


def test_first_night_prints_nothing_of_the_libraries(shipped: Path, tmp_path: Path):
    """The model is prepared once on a machine: no library tells the editor of losses and configurations."""
    code = (
        "import sys; from pathlib import Path; from models.encoders import choose_encoder;"
        "choose_encoder(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, str(shipped), str(tmp_path / "exported")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=500, check=True)
    assert (result.stdout, result.stderr) == ("", "")


def test_exported_model_loads_without_torch(cache: Path):
    """A small night does not wait for torch."""
    code = (
        "import sys; from pathlib import Path; from models.encoders import choose_encoder;"
        "encoder = choose_encoder(Path('unused'), Path(sys.argv[1])); print(encoder.encode(['a story']).shape);"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(cache)], capture_output=True, text=True, timeout=300, check=True
    )
    assert result.stdout == "(1, 384)\n"
