"""Encoders: ways to run one sentence-transformers model, and the choice between them.

encoder     where                         precision                          batches
OnGpu       torch sees a GPU              half                               256 texts
Exported    everywhere else               bf16 where the processor has it,   1024 word pieces, texts of like length
                                          else fp32; a text's vector is
                                          the same in any company
Reference   static models; where the      fp32                               32 texts
            others are not possible or
            do not agree

An encoder other than the reference is used only if its vectors of a dozen probe texts have a cosine of at least 0.999
to the reference's. Vectors are therefore identified by their model alone.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np

from models.openvino_runtime import import_openvino
from models.reference import PROBE, Advance, Reference, Vectors

LEAST_COSINE = 0.999
GPU_DEVICES = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # CUDA, ROCm, WSL: only then is torch worth loading to ask
GPU_BATCH = 256

log = logging.getLogger("triage.embedding")


class DisagreementError(RuntimeError):
    """An encoder's vectors differ from the reference's."""


class Encoder(Protocol):
    """Interface of all encoders."""

    name: str

    def encode(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows of shape (n, dimension)."""


def choose_encoder(folder: Path, cache: Path) -> Encoder:
    """Return the fastest encoder of a model that agrees with the reference on this machine.

    Parameters
    ----------
    folder : Path
        A sentence-transformers model.
    cache : Path
        Folder of this model's export; written when first needed.
    """
    if _is_static(folder):
        return Reference(folder)
    if any(Path(device).exists() for device in GPU_DEVICES) and _torch_sees_gpu():
        return _fast_or_reference(partial(OnGpu, folder), folder)
    return _fast_or_reference(partial(Exported.of, folder, cache), folder)


def check_agreement(encoder: Encoder, expected: Vectors) -> None:
    """Raise DisagreementError unless an encoder's vectors of the probe texts are close to the expected ones."""
    least = float((encoder.encode(PROBE) * expected).sum(axis=1).min())
    if not least >= LEAST_COSINE:  # so that nan disagrees
        raise DisagreementError(f"{encoder.name} gives a cosine of {least:.4f} to the reference, not {LEAST_COSINE}")


class OnGpu(Reference):
    """The model in half precision on the GPU, in large batches."""

    name = "sentence-transformers half precision on GPU"
    batch = GPU_BATCH

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, device="cuda")
        expected = super().encode(PROBE)
        self.model.half()
        check_agreement(self, expected)


class Exported:
    """The model run by OpenVINO, from a folder that `openvino_export` wrote. Imports neither torch nor transformers."""

    batch_tokens = 1024  # eight articles or eighty titles; larger batches exceed the processor's cache
    # Texts are padded to a multiple of this and only batched with texts of the same width. Otherwise a bf16 vector
    # would depend on its batch by some 0.001, and an interrupted or distributed run would give other scores.
    pad_to = 8

    def __init__(self, exported: Path) -> None:
        from tokenizers import Tokenizer

        core = import_openvino().Core()
        has_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.name = f"openvino {'bf16' if has_bf16 else 'fp32'}"
        self.tokenizer = Tokenizer.from_file(str(exported / "tokenizer.json"))
        self.model: Any = core.compile_model(
            exported / "model.xml", "CPU", {"INFERENCE_PRECISION_HINT": "bf16" if has_bf16 else "f32"}
        ).create_infer_request()
        self._one_batch = Lock()  # a request of OpenVINO refuses a second thread while it runs
        check_agreement(self, np.load(exported / "probe.npy", allow_pickle=False))

    @classmethod
    def of(cls, folder: Path, cache: Path) -> "Exported":
        """Load a model's export; write it first where it is missing or damaged."""
        from models.openvino_export import export

        try:
            return cls(cache)
        except DisagreementError:
            raise
        except Exception as error:  # OpenVINO and tokenizers raise bare Exception for files that are missing or damaged
            why = f" ({str(error).partition(chr(10))[0]})" if cache.exists() else ""
            log.info("preparing the embedding model for this machine, once%s", why)
            export(folder, cache)
        return cls(cache)

    def encode(self, texts: Sequence[str], advance: Advance | None = None) -> Vectors:
        """Return unit rows; texts are sorted by length and batched, which saves padding."""
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        found: list[Vectors] = []
        for batch in self._batches([tokens[row] for row in order]):
            found.append(self._run(batch))
            if advance:
                advance(len(batch))
        return np.concatenate(found)[np.argsort(order)]

    def _batches(self, texts: Sequence[list[int]]) -> Iterator[list[list[int]]]:
        """Split texts, shortest first, into batches of one width and at most `batch_tokens`, padding included."""
        for width, alike in groupby(texts, self._width):
            rows, size = list(alike), max(1, self.batch_tokens // width)
            yield from (rows[start : start + size] for start in range(0, len(rows), size))

    def _width(self, tokens: list[int]) -> int:
        return -(-len(tokens) // self.pad_to) * self.pad_to

    def _run(self, batch: list[list[int]]) -> Vectors:
        """Run one batch of texts of the same width."""
        ids = np.zeros((len(batch), self._width(batch[0])), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        with self._one_batch:
            vectors = self.model.infer([ids, mask])[0]
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _is_static(folder: Path) -> bool:
    """Whether a model looks its words up in a table, as model2vec's do: there is no network to speed up."""
    modules = folder / "modules.json"
    return modules.exists() and "StaticEmbedding" in modules.read_text("utf-8")


def _fast_or_reference(fast: Callable[[], Encoder], folder: Path) -> Encoder:
    try:
        return fast()
    except Exception as error:  # any failure of a fast encoder falls back to the reference
        log.warning("embedding the slow way, with sentence-transformers: %s", str(error).partition("\n")[0])
        return Reference(folder)


def _torch_sees_gpu() -> bool:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an outdated driver raises a warning
        return bool(torch.cuda.is_available())
