"""Embedders: texts in, unit vectors out, with an identity that names the model.

A model is loaded with the first text. Nothing here uses the network: a model is shipped, a folder, or in the local
cache. `encoders` chooses how it is run.
"""

import hashlib
import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from tokenizers import Tokenizer

from models.encoders import Encoder, choose_encoder
from models.model_files import SHIPPED, UnknownModelError, model_folder, prompt_of, vector_width
from models.reference import Advance, Vectors
from models.scripts import ScriptCoverage, hashed_characters
from models.words import fold, split_words

__all__ = [
    "SHIPPED",
    "Advance",
    "Embedder",
    "HashingEmbedder",
    "SentenceEmbedder",
    "UnknownModelError",
    "Vectors",
    "WrappedEmbedder",
    "load_embedder",
]

HASHING = "hashing"
EXPORT_VERSION = 1  # increase when openvino_export writes another format


class Embedder(Protocol):
    """Interface of all embedders."""

    @property
    def identity(self) -> str:
        """The model as "name/dimension/hash". Vectors of different identities are not comparable."""

    @property
    def dimension(self) -> int:
        """Width of a vector."""

    def embed(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows of shape (n, dimension); `advance` is called with the number of texts of each batch."""

    def unload(self) -> None:
        """Free the memory of the model; the next text loads it again."""


class WrappedEmbedder:
    """Base of embedders that delegate to another one and have its identity."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    @property
    def identity(self) -> str:
        """Identity of the wrapped embedder."""
        return self.embedder.identity

    @property
    def dimension(self) -> int:
        """Width of a vector."""
        return self.embedder.dimension

    def unload(self) -> None:
        """Unload the wrapped embedder."""
        self.embedder.unload()


def load_embedder(model: str = SHIPPED) -> Embedder:
    """Return the embedder of a model name; the model itself is loaded with the first text.

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
    cache : Path, optional
        Folder of exported models; default: the user's cache folder.
    """

    def __init__(self, model: str = SHIPPED, cache: Path | None = None) -> None:
        self.model = model
        self.folder = model_folder(model)
        self.cache = cache or _user_cache()

    @cached_property
    def identity(self) -> str:
        """Name, dimension and hash of weights and settings; computed without loading torch.

        The precision (fp32, bf16, half) is not part of it: an encoder is used only if its vectors have a cosine of at
        least 0.999 to the reference.
        """
        digest = hashlib.sha256()
        weights = sorted(self.folder.rglob("*.safetensors")) or sorted(self.folder.rglob("pytorch_model.bin"))
        for file in (*weights, *sorted(self.folder.rglob("*.json"))):
            with file.open("rb") as opened:
                digest.update(hashlib.file_digest(opened, "sha256").digest())
        digest.update(self.prompt.encode())
        return f"{Path(self.model).name}/{self.dimension}/{digest.hexdigest()[:12]}"

    @cached_property
    def dimension(self) -> int:
        """Width of a vector."""
        return vector_width(self.folder)

    def embed(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows, in the order of the texts."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self.encoder.encode([f"{self.prompt}{text}" for text in texts], advance)
        unread = [row for row, text in enumerate(texts) if self.scripts.is_unread(text)]
        if unread:
            vectors[unread] = hashed_characters([texts[row] for row in unread], self.dimension)
        return vectors

    def unload(self) -> None:
        """Free the model's memory; identity and dimension stay."""
        self.__dict__.pop("encoder", None)

    @cached_property
    def prompt(self) -> str:
        """What the model expects before each text, as `prompt_of` finds it."""
        return prompt_of(self.folder, self.model)

    @cached_property
    def scripts(self) -> ScriptCoverage:
        """The scripts this model's vocabulary covers; texts in others are hashed by their characters."""
        file = self.folder / "tokenizer.json"
        return ScriptCoverage(Tokenizer.from_file(str(file)).get_vocab() if file.exists() else ())

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder that runs the model on this machine."""
        return choose_encoder(self.folder, self.cache / f"{self.identity.replace('/', '-')}-{EXPORT_VERSION}")


class HashingEmbedder:
    """Feature hashing of words: offline, deterministic and fast. For tests and demonstrations."""

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension

    @property
    def identity(self) -> str:
        """Name, dimension and version."""
        return f"{HASHING}/{self.dimension}/2"

    def embed(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows; the first unit vector for a text without words."""
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in split_words(fold(text)):
                number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                vectors[row, number % self.dimension] += 1.0 if number >> 63 else -1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        if advance:
            advance(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def unload(self) -> None:
        """Do nothing: there is no model."""


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "article-triage" / "encoders"
