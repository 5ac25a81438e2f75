"""Kept models are verified before they are loaded."""

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
    path = tmp_path / "models" / "m.skops"
    return path, serialization.save({"model": LogisticRegression().fit(X, Y), "issues": [1, 2]}, path)


def test_a_kept_model_scores_the_same(kept):
    """What comes back gives byte-identical scores."""
    found = serialization.load(*kept, serialization.library_version())
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
        serialization.load(path, sha256, serialization.library_version())


def test_another_scikit_learn_is_refused(kept):
    """A model of another version is refused, naming both."""
    with pytest.raises(serialization.ArtifactError, match=r"scikit-learn 0\.24"):
        serialization.load(*kept, "0.24")


def test_a_pickle_is_never_opened(tmp_path):
    """A pickle with its right sha-256 is still no model of ours."""
    path = tmp_path / "m.skops"
    path.write_bytes(pickle.dumps(print))
    import hashlib

    with pytest.raises(serialization.ArtifactError, match="no model"):
        serialization.load(path, hashlib.sha256(path.read_bytes()).hexdigest(), serialization.library_version())


def test_foreign_types_are_refused(tmp_path):
    """A well-formed file that holds a type of another kind is refused by name."""
    path = tmp_path / "m.skops"
    sha256 = serialization.save({"zip": zipfile.ZipFile}, path)
    with pytest.raises(serialization.ArtifactError, match="ZipFile"):
        serialization.load(path, sha256, serialization.library_version())


def test_a_missing_file_is_named(tmp_path):
    """A file that is gone is told by its path."""
    with pytest.raises(serialization.ArtifactError, match=r"gone\.skops"):
        serialization.load(tmp_path / "gone.skops", "", serialization.library_version())
