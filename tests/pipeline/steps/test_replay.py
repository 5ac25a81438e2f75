"""Past issues ranked again: what is known when, what is measured, and what others can check."""

import json
import re
from datetime import date, timedelta

import numpy as np
import pytest

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.urls import article_id
from pipeline.evaluation.html_report import write_report
from pipeline.evaluation.json_report import as_record, write_rankings
from pipeline.evaluation.replay_points import replay_points
from pipeline.evaluation.results import OURS, figures_of, headline, misses, recall_by_section
from pipeline.ops.workspace import Workspace
from pipeline.ranking.snapshot import load_snapshot
from pipeline.steps.replay import PICKS, PICKS_AND_ARTICLES, replay_issues, select_issues
from world import FIRST, lay_world

AFTER = AsOf.before_issue(FIRST + timedelta(weeks=12))


@pytest.fixture
def snapshot(workspace: Workspace):
    """Twelve weekly issues and the stream that carried three of four picks of each."""
    lay_world(workspace.database, 12)
    return load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), AFTER)


@pytest.fixture
def found(snapshot):
    """The last three issues, replayed."""
    return replay_issues(snapshot, select_issues(snapshot.issues, last=3))


def test_a_replay_point_knows_nothing_of_its_issue(snapshot):
    """Before issue 11 there are ten issues, no later article, and no label from later."""
    (point,) = replay_points(snapshot, [snapshot.issues[10]])
    assert [issue.number for issue in point.known.issues] == list(range(1, 11))
    assert max(a.first_seen_at.date() for a in point.known.articles) <= snapshot.issues[10].date
    assert max(label.labelled_at.date() for label in point.training_set.labels) < snapshot.issues[10].date
    assert (point.picked.sum(), point.n_picks, len(point.ids)) == (3, 4, 11)


def test_scores_do_not_depend_on_the_future(workspace, snapshot, found):
    """A replay of issue 10 is the same to the last bit when issues 11 and 12 and their articles are not there yet."""
    earlier = AsOf.before_issue(snapshot.issues[9].date + timedelta(days=1))
    known = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), earlier)
    alone = replay_issues(known, select_issues(known.issues, last=1)).outcomes[0]
    assert alone.issue == found.outcomes[0].issue == 10
    for ranker, scores in alone.scores.items():
        assert np.array_equal(scores, found.outcomes[0].scores[ranker]), ranker


def test_ours_leads_and_recall_is_told_twice(found):
    """In a plain world all carried picks lead; a fourth of all picks was carried by no source."""
    figures = figures_of(found)[OURS]
    assert figures["ap"] > figures_of(found)["random"]["ap"]
    assert (figures["coverage"], figures["recall@25"], figures["recall@25_of_all"]) == (0.75, 1.0, 0.75)
    assert headline(found).endswith(
        "would have found 100 % of your picks that a source carried, 75 % of all your picks"
    )
    assert recall_by_section(found.outcomes) == {"software": 1.0, "teams": 1.0}


def test_what_was_missed_is_named(found):
    """Reading one candidate misses the others, newest issue first, by title and place."""
    missed = misses(found.outcomes, depth=1)
    assert [miss["issue"] for miss in missed] == sorted((miss["issue"] for miss in missed), reverse=True)
    assert len(missed) == 6
    assert {miss["rank"] > 1 for miss in missed} == {True}


def test_rankings_can_be_checked_by_others(found, tmp_path):
    """Each (issue, candidate) is a line; what no source carried is there with rank null; recall follows from them."""
    path = tmp_path / "rankings.jsonl"
    n = write_rankings(found, path)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert n == len(lines) == 3 * (11 + 1)
    assert set(lines[0]) == {
        "issue", "url", "rank", "relevance", "section", "sections", "picked", "first_seen", "trained_before",
    }  # fmt: skip
    assert all(date.fromisoformat(line["trained_before"]) >= date.fromisoformat(line["first_seen"][:10])
               for line in lines if line["rank"])  # fmt: skip
    carried = [line for line in lines if line["picked"] and line["rank"]]
    assert len(carried) == 9
    assert sum(line["rank"] <= 10 for line in carried) / 9 == pytest.approx(figures_of(found)[OURS]["recall@10"])
    assert [line["rank"] for line in lines if line["url"].startswith("https://elsewhere.example")] == [None] * 3


def test_the_curve_has_every_start(snapshot):
    """From no issue to all, with and without the articles of their time."""
    found = replay_issues(snapshot, select_issues(snapshot.issues, first=12, until=12), curve=True)
    assert list(found.curve[PICKS]) == ["1", "5", "10", "all"]
    assert list(found.curve[PICKS_AND_ARTICLES]) == ["1", "5", "10", "all"]
    assert found.curve[PICKS_AND_ARTICLES]["all"]["ap"] == figures_of(found)[OURS]["ap"]


def test_without_is_passed_to_the_models(snapshot, found):
    """Leaving out the source changes the scores, and the record says it."""
    blind = replay_issues(snapshot, select_issues(snapshot.issues, last=3), without=("source", "url", "dates"))
    assert as_record(blind)["without"] == ["source", "url", "dates"]
    assert not np.array_equal(blind.outcomes[0].scores[OURS], found.outcomes[0].scores[OURS])


def test_record_has_the_rank_of_each_pick(found):
    """Each pick that was a candidate stands in the record by its article's id with the rank of the rankings."""
    outcome = found.outcomes[0]
    ranks = as_record(found)["pick_ranks"][str(outcome.issue)]
    row = outcome.order()[min(ranks.values()) - 1]
    assert len(ranks) == outcome.picked.sum()
    assert ranks[article_id(outcome.published_as[row].pick.url)] == min(ranks.values())


def test_sections_may_be_judged_among_some_alone(found):
    """Restricted to two sections, the record counts their picks and classifies among them."""
    record = as_record(found, ["teams", "software"])["sections"]
    assert (record["picks"], record["keys"]) == (12, ["teams", "software"])
    assert sum(map(sum, record["confusion"])) == 12


def test_no_candidates_is_not_measurable(workspace: Workspace):
    """Where no article of the time is there, replay says so and why; sections are measured all the same."""
    lay_world(workspace.database, 4, stream=False)
    snapshot = load_snapshot(workspace.database, workspace.newsletter, HashingEmbedder(), AFTER)
    record = as_record(replay_issues(snapshot, select_issues(snapshot.issues, last=3), curve=True))
    assert record["headline"].startswith("not measurable: no article was first seen in the weeks of issues 2-4")
    assert "figures" not in record
    assert record["sections"]["picks"] == 12


def test_the_page_stands_alone(found, workspace, tmp_path):
    """One file with its plots inside, nothing fetched, titles escaped, in the page's own ink."""
    path = tmp_path / "replay.html"
    write_report(found, workspace.newsletter, path)
    page = path.read_text()
    assert page.count("<svg") == 3
    assert not re.findall(r"<script|<link|@import|src=", page)
    assert "currentColor" in page
    assert "100 % of your picks" in page
    assert "(no interval: fewer than 6 issues)" in page  # there are three


def test_issues_are_chosen_by_number_or_from_the_end(snapshot):
    """--last counts from the newest; --from and --to name numbers."""
    assert [i.number for i in select_issues(snapshot.issues, last=2)] == [11, 12]
    assert [i.number for i in select_issues(snapshot.issues, last=2, first=3, until=4)] == [3, 4]
