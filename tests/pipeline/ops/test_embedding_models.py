"""Other embedding models: compared by replay, and switched to without losing anything."""

import math
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace

import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.config import FILE_NAME
from pipeline.core.config_reader import read_newsletter
from pipeline.core.errors import InputError
from pipeline.ops import embedding_models
from pipeline.ops.embedding_models import compare_embedders, switch_embedder
from pipeline.steps import embed
from pipeline.store.checksums import table_checksums
from world import FIRST, lay_world

AFTER = AsOf.before_issue(FIRST + timedelta(weeks=12))
NARROW = "hashing-16"


@contextmanager
def bar(label):
    """A progress bar that draws nothing."""
    yield lambda done, total: None


@pytest.fixture
def narrow(monkeypatch):
    """A second model: 16 columns, into which most words collide."""
    load = embedding_models.load_embedder
    monkeypatch.setattr(
        embedding_models, "load_embedder", lambda name: HashingEmbedder(16) if name == NARROW else load(name)
    )
    monkeypatch.setattr(embedding_models, "measure_embedder", lambda name, titles: (100.0, 50.0))


def test_each_model_has_its_own_figures(workspace, narrow):
    """Both models are replayed on the same issues; only the others have a gain."""
    lay_world(workspace.database, 12)
    first, second = compare_embedders(workspace.database, workspace.newsletter, ["hashing", NARROW], AFTER, 5, bar)
    assert (first.identity, second.identity) == ("hashing/256/2", "hashing/16/2")
    assert first.gain is None
    assert second.gain.mean == pytest.approx(second.figures["ndcg@20"] - first.figures["ndcg@20"])


def test_gain_is_paired_by_issue():
    """An issue that only one of two replays could measure is left out; of the others the mean difference is 0.15.

    Of two issues there is no interval, and JSON says null.
    """
    first = replay({1: 0.5, 2: 0.7, 3: 0.1})
    other = replay({1: 0.6, 2: 0.9})
    gain = embedding_models._gain(first, other)
    assert gain.mean == pytest.approx(0.15)
    figures = embedding_models.ModelFigures("a", "a", {}, math.nan, gain, 1.0, 1.0, None)
    assert figures.as_record()["gain"] == {"mean": 0.15, "low": None, "high": None}
    assert figures.as_record()["section_top1"] is None


def replay(ndcg: dict[int, float]):
    """A replay of which only nDCG@20 is known, by issue."""
    outcomes = [SimpleNamespace(issue=n, figures=lambda ranker, v=v: {"ndcg@20": v}) for n, v in ndcg.items()]
    return SimpleNamespace(measurable=outcomes)


def test_comparing_changes_only_vectors(workspace, narrow):
    """No table but `embeddings` differs after a comparison."""
    lay_world(workspace.database, 12)
    with workspace.database.reading() as connection:
        before = table_checksums(connection)
    compare_embedders(workspace.database, workspace.newsletter, ["hashing", NARROW], AFTER, 2, bar)
    with workspace.database.reading() as connection:
        after = table_checksums(connection)
    assert {name for name in before if before[name] != after[name]} == {"embeddings"}


def test_unknown_model_is_refused_before_the_work(workspace):
    """One sentence that names the model and the next move."""
    with pytest.raises(InputError, match=r"'no/such' is neither .*hf download no/such"):
        compare_embedders(workspace.database, workspace.newsletter, ["hashing", "no/such"], AFTER, 2, bar)


def test_switching_keeps_the_comments_of_newsletter_toml(workspace, narrow):
    """Only the model's name changes in the file, and switching back embeds nothing."""
    lay_world(workspace.database, 3)
    file = workspace.folder / FILE_NAME
    file.write_text(
        'name = "Letter"  # ours\n[[sections]]\nkey = "a"\nname = "A"\n[embedding]\nmodel = "hashing"  # fast\n'
    )
    first = switch_embedder(workspace.database, file, "hashing", AFTER, lambda done, total: None)
    switch_embedder(workspace.database, file, NARROW, AFTER, lambda done, total: None)
    assert read_newsletter(file).embedding_model == NARROW
    assert "# ours" in file.read_text()
    assert "# fast" in file.read_text()
    again = switch_embedder(workspace.database, file, "hashing", AFTER, lambda done, total: None)
    assert (first.done > 0, again.done) == (True, 0)


def test_interrupted_switch_goes_on_where_it_stopped(workspace, narrow, monkeypatch):
    """Ctrl-C leaves newsletter.toml as it was; the next run embeds what is missing alone."""
    lay_world(workspace.database, 3)
    monkeypatch.setattr(embed, "CHUNK", 8)
    file = workspace.folder / FILE_NAME
    before = file.read_bytes()
    totals = []

    def interrupt(done, total):
        totals.append(total)
        if done > 8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        switch_embedder(workspace.database, file, NARROW, AFTER, interrupt)
    assert file.read_bytes() == before
    again = switch_embedder(workspace.database, file, NARROW, AFTER, lambda done, total: None)
    assert again.done == totals[0] - 8
    assert read_newsletter(file).embedding_model == NARROW
