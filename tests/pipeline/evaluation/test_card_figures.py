"""What a card says of weak spots and exposure is counted as by hand."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.evaluation import card_figures as cards
from pipeline.evaluation.card_figures import card_figures, latest_scored, section_card_figures
from pipeline.evaluation.exposure import exposure
from pipeline.evaluation.replay_points import replay_points
from pipeline.ranking.snapshot import load_snapshot
from pipeline.store.issues import add_issues
from world import FIRST, issue, lay_world


def test_exposure_by_hand():
    """Of four candidates of three sources the top two show one source, which was never picked from."""
    known = np.array([False, False, True, True])
    found = exposure(
        np.array([0, 1, 2, 3]), ["a", "a", "b", "c"], known, np.array([True, False, False, False]), depth=2
    )
    assert found == {
        "sources_in_top": 1.0, "sources_in_pool": 3.0,
        "newcomers_in_top": 1.0, "newcomers_in_pool": 0.5, "newcomers_among_picks": 1.0,
    }  # fmt: skip


@pytest.fixture
def points(workspace):
    """The states before the last three of six issues, each with many more candidates than are read."""
    lay_world(workspace.database, 6)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=8))
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
    return list(replay_points(snapshot, snapshot.issues[-3:]))


def test_a_section_at_the_end_of_the_list_is_a_weak_spot(points, monkeypatch):
    """Picks of teams last, those of software first: teams is named, with its picks and those found."""
    monkeypatch.setattr(cards, "READING_DEPTH", 1)
    scored = [
        (point, np.array([{"teams": -1.0, "software": 1.0}[p.pick.section] if p else 0.0 for p in point.published_as]))
        for point in points
    ]
    card = card_figures(scored)
    n = sum(p.pick.section == "teams" for point in points for p in point.published_as if p)
    assert card["weak_sections"]["teams"] == f"0 of {n} picks in the top 1"
    assert "software" not in card["weak_sections"]
    assert card["measured_on"] == [4, 5, 6]


def test_weak_spots_are_named_worst_first_from_three_picks_on(points, monkeypatch):
    """Software is found in one issue, teams in none; with one pick fewer than is asked for neither is named."""
    monkeypatch.setattr(cards, "READING_DEPTH", 1)
    tops = [{"teams": -1.0, "software": 1.0 if n == 0 else -0.5} for n in range(len(points))]
    scored = [
        (point, np.array([top[p.pick.section] if p else 0.0 for p in point.published_as]))
        for point, top in zip(points, tops, strict=True)
    ]
    n = sum(p.pick.section == "software" for point in points for p in point.published_as if p)
    monkeypatch.setattr(cards, "MIN_PICKS", n)
    assert list(card_figures(scored)["weak_sections"]) == ["teams", "software"]
    monkeypatch.setattr(cards, "MIN_PICKS", n + 1)
    assert "software" not in card_figures(scored)["weak_sections"]


def test_the_first_issue_is_not_measured(workspace):
    """Nothing was known before it, so its candidates would be ranked by the sections' names alone."""
    lay_world(workspace.database, 4)
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=8))
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
    assert [point.issue.number for point, _ in latest_scored(snapshot)] == [2, 3, 4]


@pytest.mark.parametrize(("in_prose", "counted"), [(0, {"teams": 2, "software": 2}), (1, {"software": 2}),
                                                  (2, {"teams": 2, "software": 2})])  # fmt: skip
def test_sections_are_measured_on_title_lines_or_in_prose(workspace, monkeypatch, in_prose, counted):
    """Of two picks an issue, those in title lines count; where all stand in prose, all do."""
    with workspace.database.writing() as connection:
        for number in (1, 2, 3):
            made = issue(number, [("teams", f"Honest feedback {number}", None), ("software", f"Tests {number}", None)])
            picks = [replace(pick, kind="inline" if n < in_prose else "title") for n, pick in enumerate(made.picks)]
            add_issues(connection, [replace(made, picks=tuple(picks))])
    as_of = AsOf.before_issue(FIRST + timedelta(weeks=8))
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), as_of)
    wrong = [key not in ("teams", "software") for key in snapshot.briefs.keys]
    monkeypatch.setattr(
        cards, "fit_sections", lambda *_: SimpleNamespace(section_probabilities=lambda e: [wrong] * len(e))
    )
    card = section_card_figures(snapshot)
    assert card["measured_on"] == [2, 3]
    assert card["weak_sections"] == {key: f"0 of {n} picks placed there" for key, n in sorted(counted.items())}


def test_nothing_measured_says_nothing(points):
    """Without a measurable issue the card has no figures, rather than nan."""
    assert card_figures([]) == {}
    assert replace(points[0]).picked.any()
