"""Embedding texts of about 100 words beside `SentenceTransformer.encode`, and beside the processor's peak."""

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.figures import Figure, in_turn
from bench.invented import texts
from models.embedder import SentenceEmbedder
from models.encoders import Exported, Reference
from models.openvino_runtime import import_openvino

COUNT = 300
MATRIX = 4096  # large enough that a matrix product runs at the processor's peak


def measure() -> list[Figure]:
    """Time the chosen encoder and the reference in turn, and a large matrix product for the peak."""
    batch = texts(COUNT)
    embedder = SentenceEmbedder()
    reference = Reference(embedder.folder)
    with tempfile.TemporaryDirectory() as cache:
        embedder.cache = Path(cache)
        encoder = embedder.encoder
        precision = "bf16" if "bf16" in encoder.name else "f32"
        product = _matrix_product(precision)
        seconds = in_turn(
            default=lambda: reference.model.encode(batch),
            chosen=lambda: encoder.encode(batch),
            peak=product,
        )
        agreement = float((encoder.encode(batch) * reference.encode(batch)).sum(axis=1).min())
        n_tokens = _lengths(encoder, batch) if isinstance(encoder, Exported) else np.zeros(0)
    peak = 2 * MATRIX**3 / seconds["peak"]
    share = _operations(n_tokens) / seconds["chosen"] / peak
    speeds = f"{COUNT / seconds['default']:.0f} texts/s by default, {COUNT / seconds['chosen']:.0f} with {encoder.name}"
    return [
        Figure(
            "embedding, articles of about 100 words", "`SentenceTransformer.encode` with its defaults",
            seconds["default"] / seconds["chosen"], 4.5 if precision == "bf16" else 2.5, at_most=False,
            detail=f"{speeds}; least cosine to the reference {agreement:.5f}",
        ),
        Figure(
            "the same", f"the processor's peak in {precision}, an OpenVINO matrix product",
            100 * share, 55, "%", at_most=False, detail=f"peak {peak / 1e9:.0f} GFLOP/s",
        ),
    ]  # fmt: skip


def _lengths(encoder: Exported, batch: list[str]) -> Any:
    return np.array([len(encoding.ids) for encoding in encoder.tokenizer.encode_batch_fast(batch)], dtype=float)


def _operations(n_tokens: Any) -> float:
    """Count the multiplications and additions of all-MiniLM-L6-v2 on texts of these lengths, without padding."""
    layers, width, inner = 6, 384, 1536
    dense = 2 * (4 * width**2 + 2 * width * inner)
    attention = 4 * width * n_tokens
    return float((layers * n_tokens * (dense + attention)).sum())


def _matrix_product(precision: str) -> Any:
    openvino = import_openvino()
    from openvino import opset13 as ops

    given = ops.parameter([MATRIX, MATRIX], np.float32)
    weights = np.random.default_rng(0).standard_normal((MATRIX, MATRIX), dtype=np.float32)
    graph = openvino.Model([ops.reduce_max(ops.matmul(given, ops.constant(weights), False, True), 1)], [given])
    request = (
        openvino.Core().compile_model(graph, "CPU", {"INFERENCE_PRECISION_HINT": precision}).create_infer_request()
    )
    return lambda: request.infer([weights])
