"""The review table after a night, on real tables."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import duckdb
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from models.embedder import HashingEmbedder
from pipeline.core.as_of import AsOf
from pipeline.core.section_choice import best_section
from pipeline.ops.workspace import Workspace
from pipeline.ranking.context import RankingContext
from pipeline.steps import classify, rank
from pipeline.steps.classify import classify_articles
from pipeline.steps.rank import PARQUET_NAME, rank_candidates
from pipeline.store.archive_counts import FEW_ISSUES
from pipeline.store.articles import add_articles
from pipeline.store.decisions import insert
from pipeline.store.runs import record_run
from pipeline.store.shortlist import is_calibrated
from world import FIRST, LIKED, decision, lay_world

NIGHT = AsOf.before_issue(FIRST + timedelta(weeks=6))  # before issue 7
LIKED_TITLES = {title for titles in LIKED.values() for title in titles}


def look(workspace: Workspace, as_of: AsOf) -> RankingContext:
    """The ranking context of a time, with hashed vectors."""
    return RankingContext(workspace.database, workspace.newsletter, HashingEmbedder(), as_of, workspace.models_folder)


@pytest.fixture
def night(workspace: Workspace):
    """Classify and rank; return the review table."""

    def run(as_of: AsOf = NIGHT) -> list[dict]:
        context = look(workspace, as_of)
        for step in (classify_articles, rank_candidates):
            step(context)
        with workspace.database.reading() as connection:
            return connection.sql("SELECT * FROM review ORDER BY rank").to_arrow_table().to_pylist()

    return run


def test_the_liked_lead(workspace, night):
    """After six issues the three stories of the editor's themes lead, in their sections."""
    lay_world(workspace.database)
    review = night()
    assert [row["rank"] for row in review] == list(range(1, 12))
    assert {row["title"].partition(", part")[0] for row in review[:3]} <= LIKED_TITLES
    assert {row["section"] for row in review[:3]} == {"teams", "software"}


def test_a_second_night_changes_nothing(workspace, night):
    """The same time gives the same rows, to the last digit, and the file beside the database holds them too."""
    lay_world(workspace.database)
    first = night()
    assert night() == first
    file = workspace.folder / PARQUET_NAME
    assert [row[0] for row in duckdb.read_parquet(str(file)).select("id").fetchall()] == [row["id"] for row in first]


def test_a_real_first_day_is_ranked(workspace, night):
    """With an archive but no old articles, the liked candidates still lead."""
    _, articles = lay_world(workspace.database, stream=False)
    with workspace.database.writing() as connection:
        add_articles(connection, articles[-11:])
    review = night()
    assert {row["title"].partition(", part")[0] for row in review[:3]} <= LIKED_TITLES


def test_no_past_issue_is_a_start_too(workspace, night):
    """Without any issue the sections' own words do the work: every candidate has a place and a chance."""
    _, articles = lay_world(workspace.database, n_issues=0, stream=False)
    with workspace.database.writing() as connection:
        add_articles(connection, articles)
    review = night(AsOf.before_issue(FIRST))
    assert len(review) == len(articles)
    assert all(0 <= row["relevance"] <= 1 for row in review)


def test_state_and_section_follow_the_last_decision(workspace, night):
    """A decided row keeps its rank, with its state and the editor's section."""
    _, articles = lay_world(workspace.database)
    picked = decision(articles[-11], "pick", datetime(2026, 2, 18, tzinfo=UTC), 1, section="career")
    with workspace.database.writing() as connection:
        insert(connection, [picked])
    row = next(row for row in night() if row["id"] == articles[-11].id)
    assert (row["state"], row["section"]) == ("picked", "career")
    assert row["section_probability"] == json.loads(row["sections"])["career"]


def test_section_taken_back_is_the_models_again(workspace, night):
    """After undo a night gives the story the section that it would have had without the choice."""
    _, articles = lay_world(workspace.database)
    first = night()
    at = datetime(2026, 2, 18, tzinfo=UTC)
    with workspace.database.writing() as connection:
        insert(
            connection, [decision(articles[-11], "section", at, n, section=key) for n, key in ((1, "career"), (2, ""))]
        )
        stored = connection.sql("SELECT * FROM review ORDER BY rank").to_arrow_table().to_pylist()
    assert stored == first
    assert night() == first


def test_reasons_are_records(workspace, night):
    """Every reason is {kind, text, contribution, issue, url}; the last row has one against it."""
    lay_world(workspace.database)
    review = night()
    reasons = [reason for row in review for reason in json.loads(row["reasons"])]
    assert all(set(reason) == {"kind", "text", "contribution", "issue", "url"} for reason in reasons)
    assert json.loads(review[-1]["reasons"])[-1]["contribution"] < 0


def test_an_empty_night_is_no_error(workspace, night):
    """No candidate gives an empty table and a report of nothing."""
    assert night() == []
    report = rank_candidates(look(workspace, NIGHT))
    assert (asdict(report)["seen"], report.done) == (0, 0)


def test_none_of_the_sections_is_an_answer():
    """Where the rest to 1 outweighs every section, none fits."""
    assert best_section({"a": 0.2, "b": 0.3}) is None
    assert best_section({"a": 0.6, "b": 0.1}) == "a"
    assert best_section({}) is None


@pytest.mark.parametrize(
    ("n_issues", "stream", "expected"),
    [(FEW_ISSUES - 1, True, False), (FEW_ISSUES + 4, True, True), (FEW_ISSUES + 4, False, False)],
    ids=["few issues", "issues and articles", "issues without the articles of their weeks"],
)
def test_percentages_are_shown_once_their_level_is_known(workspace, n_issues, stream, expected):
    """The ranking says whether its probabilities are calibrated: not with few issues, not with picks alone."""
    issues, articles = lay_world(workspace.database, n_issues, stream=stream)
    last = issues[-1].date
    if not stream:
        with workspace.database.writing() as connection:
            add_articles(connection, [a for a in articles if a.first_seen_at.date() > last])
    context = look(workspace, AsOf.before_issue(last + timedelta(weeks=1)))
    classify_articles(context)
    record_run(workspace.database, rank_candidates(context), context.as_of)
    with workspace.database.reading() as connection:
        assert is_calibrated(connection) is expected


def test_classify_and_rank_use_one_thread_of_blas(night, monkeypatch: pytest.MonkeyPatch):
    """The same inputs give the same tables on a machine of any number of processors."""
    seen = []

    def spy(function):
        def spied(*args):
            seen.append({lib["num_threads"] for lib in threadpool_info() if "numpy" in lib["filepath"]})
            return function(*args)

        return spied

    monkeypatch.setattr(classify, "replace_predictions", spy(classify.replace_predictions))
    monkeypatch.setattr(rank, "replace_review", spy(rank.replace_review))
    with threadpool_limits(2, user_api="blas"):
        night()
    assert seen == [{1}, {1}]
