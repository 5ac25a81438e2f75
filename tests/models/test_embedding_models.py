"""Models of other kinds than the shipped one: static tables, and those that expect a prompt before each text."""

import json
from pathlib import Path

import numpy as np
import pytest

from models.embedder import SentenceEmbedder
from models.model_files import model_folder, prompt_of
from models.reference import Reference


class Recorder:
    """An encoder that keeps the texts it is given."""

    name = "recorder"

    def encode(self, texts, advance=None) -> np.ndarray:
        self.texts = list(texts)
        return np.ones((len(self.texts), 4), dtype=np.float32)


@pytest.fixture
def with_prompts(tmp_path: Path) -> Path:
    """The shipped model in a folder that names a default prompt."""
    folder = tmp_path / "prompted"
    folder.mkdir()
    for file in model_folder("all-MiniLM-L6-v2").iterdir():
        if file.name != "config_sentence_transformers.json":
            (folder / file.name).symlink_to(file)
    config = {"prompts": {"query": "query: ", "passage": "passage: "}, "default_prompt_name": "query"}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize(
    ("config", "model", "prompt"),
    [
        ({"prompts": {"query": "q: ", "passage": "p: "}, "default_prompt_name": "query"}, "a/b", "q: "),
        ({"prompts": {"query": "q: ", "passage": "p: "}}, "a/b", "p: "),
        ({"prompts": {"query": "", "document": "d: "}, "default_prompt_name": None}, "a/b", "d: "),
        ({}, "intfloat/multilingual-e5-small", "query: "),
        ({}, "/models/e5-base-v2", "query: "),
        ({}, "sentence-transformers/all-mpnet-base-v2", ""),
        (None, "a/b", ""),
    ],
)
def test_prompt_is_the_models_own(tmp_path, config, model, prompt):
    """Its default, else that of passages, else what its family expects."""
    if config is not None:
        (tmp_path / "config_sentence_transformers.json").write_text(json.dumps(config))
    assert prompt_of(tmp_path, model) == prompt


def test_prompt_stands_before_each_text_once(with_prompts, monkeypatch):
    """Texts reach every encoder with the prompt, sentence-transformers adds no second one, and the identity differs."""
    embedder = SentenceEmbedder(str(with_prompts))
    monkeypatch.setattr(SentenceEmbedder, "encoder", recorder := Recorder())
    embedder.embed(["a title"])
    assert recorder.texts == ["query: a title"]
    assert embedder.identity != SentenceEmbedder("all-MiniLM-L6-v2").identity
    plain = Reference(model_folder("all-MiniLM-L6-v2")).encode(["query: a title"])
    assert Reference(with_prompts).encode(["query: a title"]) == pytest.approx(plain, abs=1e-5)


def test_static_model_embeds(tmp_path):
    """A folder with a table of word vectors, and no transformer's configuration, has its width and embeds."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import StaticEmbedding
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(model_folder("all-MiniLM-L6-v2") / "tokenizer.json"))
    folder = tmp_path / "static"
    SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=24)]).save(str(folder))
    embedder = SentenceEmbedder(str(folder), cache=tmp_path / "cache")
    assert embedder.dimension == 24
    assert embedder.identity.startswith("static/24/")
    vectors = embedder.embed(["running a cluster", "running a cluster", "baking bread"])
    assert vectors.shape == (3, 24)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[0], vectors[1])
    assert not (tmp_path / "cache").exists()
