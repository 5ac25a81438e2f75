"""A simulated reader: what is read is decided, and only what is decided moves the rest."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.evaluation.json_report import as_record, write_rankings
from pipeline.evaluation.live_replay import LiveReading, RemainingEstimate, live_record, read_live
from pipeline.evaluation.replay_points import replay_points
from pipeline.ranking.fitting import fit_relevance
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps.replay import replay_issues
from world import FIRST, lay_world


@pytest.fixture
def snapshot(workspace):
    """Six weekly issues and the stream that carried three of four picks of each."""
    lay_world(workspace.database, 6)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=8))
    return load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)


@pytest.fixture
def point(snapshot):
    """The state before the last issue."""
    (point,) = replay_points(snapshot, [snapshot.issues[-1]])
    return point


def read(point):
    """Read an issue with a ranker fitted before it."""
    return read_live(point, fit_relevance(point.known, point.training_set))


def test_every_candidate_is_read_once(point):
    """The places are 1 to n, with and without learning."""
    reading, n = read(point), len(point.rows)
    assert sorted(reading.read_at) == sorted(reading.static_at) == list(range(1, n + 1))
    assert reading.found().sum() == point.picked.sum()


def test_first_candidate_is_the_static_one(point):
    """Before any decision the two orders agree on what is read first."""
    reading = read(point)
    assert reading.read_at.argmin() == reading.static_at.argmin()


def test_a_decision_moves_only_what_is_read_later(point):
    """Another label on the k-th candidate read leaves the first k in place."""
    before = read(point)
    order = np.argsort(before.read_at)
    k = 3
    published_as = list(point.published_as)
    published_as[order[k]] = (
        None if published_as[order[k]] else next(published for published in published_as if published)
    )
    after = read(replace(point, published_as=published_as))
    assert list(np.argsort(after.read_at)[: k + 1]) == list(order[: k + 1])


def test_the_estimate_is_compared_also_where_no_pick_is_left(point, monkeypatch):
    """All candidates but the first read are skipped: the reading goes on to the checkpoint, where none is left."""
    monkeypatch.setattr("pipeline.evaluation.live_replay.CHECKPOINTS", (5,))
    first = int(read(point).read_at.argmin())
    some = next(published for published in point.published_as if published)
    alone = replace(point, published_as=[some if row == first else None for row in range(len(point.rows))])
    assert [(estimate.read, estimate.left) for estimate in read(alone).estimates] == [(5, 0)]


@pytest.mark.parametrize(("left", "holds"), [(0, False), (1, True), (3, True), (4, False)])
def test_an_interval_holds_its_bounds(left, holds):
    """From 1 to 3 picks left were said."""
    assert RemainingEstimate(10, 2.0, 1, 3, left).holds == holds


def test_record_by_hand():
    """Two picks among four, found after two candidates live and after four without: read95 is 0.5 and 1."""
    picked = np.array([True, False, True, False])
    live, static = np.array([1, 3, 2, 4]), np.array([1, 2, 4, 3])
    estimates = [RemainingEstimate(10, 1.5, 0, 3, 2), RemainingEstimate(25, 0.5, 0, 1, 2)]
    record = live_record([LiveReading(live, static, picked, estimates)])
    assert record["read95"] == {"live": 0.5, "static": 1.0, "ratio": 0.5}
    assert record["curve"]["live"][:2] == [0.5, 1.0]
    assert (record["estimates"]["10"]["held"], record["estimates"]["25"]["held"]) == (1.0, 0.0)


def test_replay_tells_where_each_candidate_was_read(snapshot, tmp_path):
    """With `live` the record has the figures and each ranking line its `read_at`; without, neither is there."""
    replay = replay_issues(snapshot, snapshot.issues[-2:], live=True)
    write_rankings(replay, tmp_path / "rankings.jsonl")
    assert '"read_at": 1,' in (tmp_path / "rankings.jsonl").read_text().replace("}", ",")
    assert as_record(replay)["live"]["issues"] == 2
    assert "live" not in as_record(replay_issues(snapshot, snapshot.issues[-1:]))
