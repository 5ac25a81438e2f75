"""The ways to run one sentence-transformers model, and the choice between them. Texts in, unit vectors out.

way         where                         precision                          batches
OnGpu       torch sees a GPU              half                               256 texts
Exported    everywhere else               bf16 where the processor has it,   1024 word pieces, texts of like length
                                          else fp32; a text's vector is
                                          the same in any company
Reference   where the others are not      fp32                               32 texts
            possible or do not agree

A way other than the reference is used only after it gave a dozen probe texts the reference's vectors, cosine 0.999 at
least. Their vectors are therefore told apart by the model alone and not by the way that made them.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from models.reference import PROBE, Progress, Reference, Vectors

LEAST_COSINE = 0.999
GPU_DEVICES = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")  # CUDA, ROCm, WSL: only then is torch worth loading to ask
GPU_BATCH = 256

log = logging.getLogger("triage.embedding")


class DisagreementError(RuntimeError):
    """A fast way gives other vectors than the reference."""


class Encoder(Protocol):
    """One way to run a model."""

    name: str

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows of shape (n, dimension)."""


def choose_encoder(folder: Path, cache: Path) -> Encoder:
    """Return the fastest way to run a model that agrees with its reference on this machine.

    Parameters
    ----------
    folder : Path
        A sentence-transformers model.
    cache : Path
        This model's own folder for its exported form; made when it is first needed.
    """
    if any(Path(device).exists() for device in GPU_DEVICES) and _torch_sees_gpu():
        return _agreed_or_reference(partial(OnGpu, folder), folder)
    return _agreed_or_reference(partial(Exported.of, folder, cache), folder)


def check_agreement(encoder: Encoder, expected: Vectors) -> None:
    """Raise DisagreementError unless an encoder gives the probe texts these vectors."""
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
    """The model as OpenVINO runs it, from a folder that `export` wrote. Loads neither torch nor transformers."""

    pieces = 1024  # a batch: eight articles or eighty titles; more falls out of the processor's cache
    # A text is always filled up to the same width, whatever stands beside it: else its bf16 vector would depend on the
    # company by some 0.001, and a night that was killed, or spread over machines, would end in other numbers.
    width = 8

    def __init__(self, exported: Path) -> None:
        import openvino
        from tokenizers import Tokenizer

        core = openvino.Core()
        has_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.name = f"openvino {'bf16' if has_bf16 else 'fp32'}"
        self.tokenizer = Tokenizer.from_file(str(exported / "tokenizer.json"))
        self.model: Any = core.compile_model(
            exported / "model.xml", "CPU", {"INFERENCE_PRECISION_HINT": "bf16" if has_bf16 else "f32"}
        ).create_infer_request()
        check_agreement(self, np.load(exported / "probe.npy", allow_pickle=False))

    @classmethod
    def of(cls, folder: Path, cache: Path) -> "Exported":
        """Load the exported form of a model, exporting it first where there is none or it is damaged."""
        from models.openvino_export import export

        try:
            return cls(cache)
        except DisagreementError:
            raise
        except Exception as error:  # OpenVINO's and tokenizers' own errors for what is missing or damaged have no name
            log.info("exporting %s for this machine (%s)", folder.name, str(error).partition("\n")[0])
            export(folder, cache)
        return cls(cache)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return unit rows; texts of like length are computed together, which saves padding."""
        tokens = [encoding.ids for encoding in self.tokenizer.encode_batch_fast(list(texts))]
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        found: list[Vectors] = []
        for batch in self._batches([tokens[row] for row in order]):
            found.append(self._run(batch))
            if progress:
                progress(len(batch))
        return np.concatenate(found)[np.argsort(order)]

    def _batches(self, texts: Sequence[list[int]]) -> Iterator[list[list[int]]]:
        """Cut texts, shortest first, into batches of one width and of so many word pieces, padding included."""
        for width, alike in groupby(texts, self._width):
            rows, size = list(alike), max(1, self.pieces // width)
            yield from (rows[start : start + size] for start in range(0, len(rows), size))

    def _width(self, tokens: list[int]) -> int:
        return -(-len(tokens) // self.width) * self.width

    def _run(self, batch: list[list[int]]) -> Vectors:
        """Compute one batch of texts of one width."""
        ids = np.zeros((len(batch), self._width(batch[0])), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, tokens in enumerate(batch):
            ids[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        vectors = self.model.infer([ids, mask])[0]
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def _agreed_or_reference(fast: Callable[[], Encoder], folder: Path) -> Encoder:
    try:
        return fast()
    except Exception as error:  # whatever keeps the fast way from working, the reference does
        log.warning("embedding the slow way, with sentence-transformers: %s", str(error).partition("\n")[0])
        return Reference(folder)


def _torch_sees_gpu() -> bool:
    import torch

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a driver that is too old is told as a warning
        return bool(torch.cuda.is_available())
