"""Kept models are verified before they are loaded."""

import json
import pickle
import zipfile

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models import serialization

X, Y = np.arange(20.0).reshape(10, 2), np.arange(10) % 2


@pytest.fixture
def kept(tmp_path):
    """A saved model: its path and the sha-256 of its file."""
    path = tmp_path / "m.skops"
    return path, save({"model": LogisticRegression().fit(X, Y), "issues": [1, 2]}, path)


def save(model, path):
    """Write the file of a model and return its sha-256."""
    data, sha256 = serialization.dumps(model)
    path.write_bytes(data)
    return sha256


def test_a_kept_model_scores_the_same(kept):
    """What comes back gives byte-identical scores."""
    found = serialization.load(*kept)
    expected = LogisticRegression().fit(X, Y).decision_function(X)
    assert found["model"].decision_function(X).tobytes() == expected.tobytes()
    assert found["issues"] == [1, 2]


def test_one_flipped_bit_is_refused(kept):
    """An altered file is refused before anything of it is read."""
    path, sha256 = kept
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(serialization.ArtifactError, match="altered"):
        serialization.load(path, sha256)


def test_another_scikit_learn_is_refused(kept, monkeypatch):
    """A model of another version is refused, naming both."""
    saved_with = serialization.minor(serialization.metadata()["versions"]["scikit-learn"])
    monkeypatch.setattr("sklearn.__version__", "9.7.1")
    with pytest.raises(serialization.ArtifactError, match=rf"scikit-learn {saved_with}, this is 9\.7$"):
        serialization.load(*kept)


def test_another_format_is_refused(kept, monkeypatch):
    """A model of another format is refused, naming both, before its types are read."""
    monkeypatch.setattr(serialization, "FORMAT", 4)
    with pytest.raises(serialization.ArtifactError, match="format 3, this Triage reads format 4"):
        serialization.load(*kept)


def test_a_renamed_class_is_refused(tmp_path, monkeypatch):
    """A file that names a class this version does not have does not load, and the fault is ours to handle."""
    from models.relevance import RelevanceRanker

    path = tmp_path / "m.skops"
    sha256 = save(RelevanceRanker(), path)
    monkeypatch.delattr("models.relevance.RelevanceRanker")
    with pytest.raises(serialization.ArtifactError, match="does not load"):
        serialization.load(path, sha256)


def test_the_file_says_what_it_was_saved_with(kept):
    """Format and versions stand in the file itself, to be read without skops."""
    with zipfile.ZipFile(kept[0]) as archive:
        found = json.loads(archive.read(serialization.METADATA))
    assert found == serialization.metadata()
    assert set(found["versions"]) == {"scikit-learn", "numpy", "triage"}


def test_a_pickle_is_never_opened(tmp_path):
    """A pickle with its right sha-256 is not a model of ours."""
    path = tmp_path / "m.skops"
    path.write_bytes(pickle.dumps(print))
    import hashlib

    with pytest.raises(serialization.ArtifactError, match="not a model"):
        serialization.load(path, hashlib.sha256(path.read_bytes()).hexdigest())


def test_foreign_types_are_refused(tmp_path):
    """A well-formed file that holds a type of another kind is refused by name."""
    path = tmp_path / "m.skops"
    sha256 = save({"zip": zipfile.ZipFile}, path)
    with pytest.raises(serialization.ArtifactError, match="ZipFile"):
        serialization.load(path, sha256)


def test_a_missing_file_is_named(tmp_path):
    """A file that is gone is named by its path."""
    with pytest.raises(serialization.ArtifactError, match=r"gone\.skops"):
        serialization.load(tmp_path / "gone.skops", "")
