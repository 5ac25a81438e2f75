"""Texts become unit vectors, under an identity that says what made them."""

import subprocess
import sys

import numpy as np
import pytest

from models.embedder import HashingEmbedder, SentenceEmbedder, UnknownModelError, load_embedder


def test_hashing_embedder_is_deterministic_and_unit():
    """The offline embedder gives the same unit rows every time, in any company."""
    texts = ["Managing a team", "", "On-call rotations", "Managing a team"]
    vectors = HashingEmbedder().embed(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert (vectors == HashingEmbedder().embed(texts)).all()
    assert (vectors[0] == vectors[3]).all()


def test_shipped_model_knows_meaning_without_network():
    """The model inside the package puts a paraphrase nearer than a stranger, in the order the texts came."""
    vectors = load_embedder().embed(
        ["How to give feedback to your staff", "GPU memory bandwidth", "Telling employees how they are doing"]
    )
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[2] > vectors[0] @ vectors[1] + 0.2


def test_identity_is_known_without_torch():
    """A night with nothing new learns the model's identity and loads nothing heavy."""
    code = (
        "import sys; from models.embedder import load_embedder; print(load_embedder().identity);"
        "assert not {'torch', 'sentence_transformers', 'onnxruntime', 'openvino'} & set(sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    assert result.stdout.startswith("all-MiniLM-L6-v2/384/")


def test_unknown_model_says_what_to_do():
    """A model that is nowhere on this machine is reported in one sentence."""
    with pytest.raises(UnknownModelError, match="hf download"):
        SentenceEmbedder("no-such/model")
