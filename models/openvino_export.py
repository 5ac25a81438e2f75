"""Export a sentence-transformers model to OpenVINO, once per machine."""

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from models.openvino_runtime import import_openvino
from models.reference import PROBE, Reference


def export(folder: Path, target: Path) -> None:
    """Write model.xml, model.bin, tokenizer.json and the probe's vectors into a folder, atomically.

    Parameters
    ----------
    folder : Path
        The sentence-transformers model.
    target : Path
        Replaced if it exists. Its parents are created.
    """
    reference = Reference(folder)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".exporting-") as name:
        draft = Path(name) / "draft"
        draft.mkdir()
        np.save(draft / "probe.npy", reference.encode(PROBE))
        _save_tokenizer(reference.model, draft / "tokenizer.json")
        _save_graph(reference.model, draft / "model.xml")
        if target.exists():
            shutil.rmtree(target)
        draft.replace(target)


def _save_tokenizer(model: Any, file: Path) -> None:
    tokenizer = model.tokenizer.backend_tokenizer
    tokenizer.enable_truncation(model.max_seq_length)
    tokenizer.no_padding()
    tokenizer.save(str(file))


def _save_graph(model: Any, file: Path) -> None:
    """Trace the whole model, pooling included, and save it in fp32."""
    openvino = import_openvino()  # before its parts
    import torch
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    class TextsToVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            vectors: torch.Tensor = self.model({"input_ids": input_ids, "attention_mask": attention_mask})[
                "sentence_embedding"
            ]
            return vectors

    for part in model.modules():
        if hasattr(type(part), "loss_function"):  # tracing reads it, and transformers prints that no loss is named
            part.loss_function = None
    example = (torch.ones((2, 5), dtype=torch.int64), torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]]))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing warns about each branch it fixes; the probe's vectors are checked
        # not openvino.convert_model, which sends telemetry
        decoder = TorchScriptPythonDecoder(TextsToVectors().eval(), example_input=example)
        frontend = FrontEndManager().load_by_framework("pytorch")
        graph = frontend.convert(frontend.load(decoder))
    openvino.save_model(graph, file, compress_to_fp16=False)
