"""Kept models are verified before they are loaded."""

import json
import pickle
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from models import serialization
from models.examples import Briefs, Examples
from models.relevance import RelevanceRanker
from models.sections import SectionClassifier

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
    saved_in = serialization.FORMAT
    monkeypatch.setattr(serialization, "FORMAT", saved_in + 1)
    with pytest.raises(
        serialization.ArtifactError, match=f"format {saved_in}, this Triage reads format {saved_in + 1}"
    ):
        serialization.load(*kept)


# What a file of this format holds, by class. A change here asks for another FORMAT: kept models of the present one
# would load and then fail at their first use.
FORMAT, ATTRIBUTES = 9, {
    "models.relevance.RelevanceRanker": {
        "without", "n_out_of_time", "n_splits", "C", "bias_", "brief_keys_", "classes_", "extractor_",
        "is_calibrated_", "mean_", "row_by_url_", "scale_", "time_order_", "titles_", "token_features_", "weights_",
    },
    "models.sections.SectionClassifier": {
        "without", "n_out_of_time", "n_splits", "C", "classes_", "extractor_", "intercepts_", "nearest_by_brief_",
        "scale_", "section_keys_", "threshold_", "token_features_", "weights_", "width_",
    },
    "models.section_features.SectionFeatures": {
        "briefs_", "centroids_", "drift_", "is_empty_", "mean_", "priors_", "section_log_odds_", "vectors_", "y_",
    },
    "models.features.TokenFeatures": {"without", "names", "vocabularies_"},
    "models.features.FeatureExtractor": {"label_counts_", "log_odds_", "names_", "neighbours_"},
    "models.knn.NeighbourSimilarity": {"n_others", "mean_", "n_features_in_", "offsets_", "rows_", "vectors_"},
    "models.log_odds.TokenLogOdds": {"smoothing", "n_features_in_", "picked_", "rate_", "seen_"},
}  # fmt: skip


def test_format_changes_with_what_is_saved():
    """No fitted attribute of a kept model is added, renamed, moved or dropped without another format."""
    vectors = np.eye(4, dtype=np.float32)[np.arange(240) % 4]
    titles = [f"{'teams' if n % 2 else 'lambda'} number{n % 9}" for n in range(240)]
    examples, briefs = (
        Examples(titles, vectors),
        Briefs(["a", "b"], ["A. one", "B. two"], np.eye(2, 4, dtype=np.float32)),
    )
    ranker = RelevanceRanker(n_out_of_time=150).fit(examples, np.arange(240) % 2, briefs=briefs)
    classifier = SectionClassifier(n_splits=4).fit(examples, ["a", "b"] * 120, briefs)
    found = {}
    collect_attributes([ranker, classifier], found)
    assert (serialization.FORMAT, found) == (FORMAT, ATTRIBUTES)


def test_long_lists_are_one_text(tmp_path):
    """However many titles and words a ranker has, skops checks as many parts of it, and all come back."""
    vectors = np.eye(4, dtype=np.float32)[np.arange(240) % 4]
    titles, urls = [f"story number{n}" for n in range(240)], [f"https://a.example/{n}" for n in range(240)]
    examples, n_parts = Examples(titles, vectors, urls), set()
    for n in (60, 240):
        ranker = RelevanceRanker().fit(examples.take(slice(n)), np.arange(n) % 2)
        sha256 = save({"ranker": ranker, "urls": urls[:n]}, tmp_path / "m.skops")
        with zipfile.ZipFile(tmp_path / "m.skops") as archive:
            n_parts.add(archive.read("schema.json").count(b"__loader__"))
    found = serialization.load(tmp_path / "m.skops", sha256)
    assert len(n_parts) == 1
    assert found["urls"] == urls
    assert found["ranker"].row_by_url_ == ranker.row_by_url_
    assert found["ranker"].token_features_.vocabularies_ == ranker.token_features_.vocabularies_
    assert found["ranker"].predict_proba(examples).tobytes() == ranker.predict_proba(examples).tobytes()


def test_models_are_read_without_torch():
    """Reading a kept model imports no torch, which takes a second and 200 MB."""
    program = "import sys; from models import serialization; serialization.dumps({}); print('torch' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "False"


def collect_attributes(value, found):
    """Collect the attributes of all objects of ours in a value, by class."""
    if type(value).__module__.startswith("models."):
        found.setdefault(f"{type(value).__module__}.{type(value).__name__}", set()).update(vars(value))
        value = vars(value)
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        collect_attributes(inner, found)


def test_a_renamed_class_is_refused(tmp_path, monkeypatch):
    """A file that names a class this version does not have does not load, and the fault is ours to handle."""
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
