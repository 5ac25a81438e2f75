"""A workspace made by Triage of schema 3, before modules and tables were renamed, opens and ranks with this one."""

import hashlib
import io
import json
import logging
import zipfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
import skops.io

from models.embedder import HashingEmbedder
from models.features import TokenFeatures
from models.relevance import RelevanceRanker
from models.serialization import FORMAT
from pipeline.core.errors import ModelError
from pipeline.core.types import Article, Issue
from pipeline.core.urls import url_key
from pipeline.ops.nightly import plain_night
from pipeline.ops.workspace import Workspace
from pipeline.ranking.model_registry import load_fault, roll_back
from pipeline.store.database import Database
from pipeline.store.decisions import all_decisions
from pipeline.store.issues import known_issues
from pipeline.store.model_cards import all_cards
from pipeline.store.repair import check_workspace
from world import FIRST, lay_world

NEXT = FIRST + timedelta(weeks=8)  # the day of issue 9
PICKED, SKIPPED = "e41641b2227920db", "ad9e2e607ea0b53a"
# as Triage of schema 3 wrote it
JOURNAL = """\
da65589206ce02be {"article_id":"e41641b2227920db","verdict":"pick","editor":"ann","decided_at":"2026-03-03T09:00:00+00:00","seq":1}
87f06021704de3aa {"article_id":"e41641b2227920db","verdict":"note","editor":"ann","decided_at":"2026-03-03T09:01:00+00:00","text":"a blurb","seq":2}
feeba013ff11fa26 {"article_id":"ad9e2e607ea0b53a","verdict":"skip","editor":"ann","decided_at":"2026-03-03T09:02:00+00:00","seq":3}
0b185d38fb5b33ae {"verdict":"mute","editor":"ann","decided_at":"2026-03-03T09:03:00+00:00","text":"phrase:stock tips","seq":4}
"""  # noqa: E501 (lines of a file)
REASONS = [{"kind": "neighbour", "text": "like “An old pick”, picked in #1", "pull": 0.9, "issue": 1, "url": None}]


@pytest.fixture
def old(workspace: Workspace, tmp_path: Path) -> Path:
    """A folder with newsletter.toml, tables of schema 3, a journal, and a model of format 1 that is active."""
    issues, articles = lay_world(workspace.database, 8)
    folder = tmp_path / "old"
    folder.mkdir()
    toml = (workspace.folder / "newsletter.toml").read_text()
    (folder / "newsletter.toml").write_text(toml.replace('model = "all-MiniLM-L6-v2"', 'model = "hashing"'))
    (folder / "decisions.journal").write_text(JOURNAL)
    path = Database.create(folder / "triage.duckdb", version=3).path
    with duckdb.connect(str(path)) as connection:
        insert_old_rows(connection, issues, articles)
        for kind in ("relevance", "sections"):
            keys = [section.key for section in workspace.newsletter.sections]
            insert_old_model(connection, folder / "models", kind, keys)
    return folder


def insert_old_rows(connection: duckdb.DuckDBPyConnection, issues: list[Issue], articles: list[Article]) -> None:
    """Fill the tables of schema 3."""
    for issue in issues:
        connection.execute("INSERT INTO issues VALUES (?, ?, '', '', NULL)", [issue.number, issue.date])
        for pick in issue.picks:
            connection.execute(
                "INSERT INTO picks VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, '', 'title')",
                [issue.number, pick.position, pick.entry, pick.section_name, pick.section, pick.title, pick.url,
                 url_key(pick.url or "")],
            )  # fmt: skip
    for a in articles:
        connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, NULL, '', '', ?, ?, 'feed', NULL, NULL)",
            [a.id, a.url, url_key(a.url), a.title, a.source, a.first_seen_at, a.first_seen_at],
        )
        connection.execute(
            "INSERT INTO sightings VALUES (?, 'https://stream.example/feed', NULL, ?, ?)",
            [a.id, url_key(a.url), a.title],
        )
    for rank, a in enumerate(articles[-2:], 1):
        connection.execute(
            """INSERT INTO review
               VALUES (?, ?, ?, ?, ?, NULL, NULL, ?, NULL, NULL, '{}', 0.5, ?, 'new', ['x'], [], true)""",
            [rank, a.id, a.url, a.title, a.source, a.first_seen_at, json.dumps(REASONS)],
        )
    connection.execute("INSERT INTO kept_out VALUES (?, 'ran', 'ran in #1', 1, NULL)", [articles[0].id])
    connection.execute("INSERT INTO outcomes VALUES (8, ?, 3, 0.4, true, ['k'])", [articles[0].id])


def insert_old_model(connection: duckdb.DuckDBPyConnection, folder: Path, kind: str, sections: list[str]) -> None:
    """Write a model whose classes have the old dotted names, and its card as it was before cards had a format."""
    model_id, day = f"{kind}-2026-02-28-0ab1c2d3", FIRST + timedelta(weeks=7, days=1)
    data = with_old_names(skops.io.dumps({"ranker": RelevanceRanker(), "tokens": TokenFeatures()}))
    folder.mkdir(exist_ok=True)
    (folder / f"{model_id}.skops").write_bytes(data)
    card = {
        "recipe": {"n_blocks": 8, "n_rehearsed": 3000, "strength": 0.1, "without": []},
        "embedding": HashingEmbedder().identity,
        "sections": sections,
        "scikit_learn": "1.9",
        "last_decision": 0,
        "data": {"issues": 8, "first_issue": 1, "last_issue": 8, "picks": 32},
        "limits": "",
    }
    connection.execute(
        "INSERT INTO model_cards VALUES (?, ?, ?, ?, ?, true, ?)",
        [model_id, kind, f"{day} 00:00:00+00", day, hashlib.sha256(data).hexdigest(), json.dumps(card)],
    )


def with_old_names(data: bytes) -> bytes:
    """Rewrite the class names in a skops file to those of format 1."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(written, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "schema.json":
                assert b"models.features" in content
                content = content.replace(b"models.features", b"models.evidence").replace(b"TokenFeatures", b"Views")
            target.writestr(name, content)
    return written.getvalue()


def rows(workspace: Workspace, query: str) -> list[tuple]:
    with workspace.database.reading() as connection:
        return connection.execute(query).fetchall()


def test_an_old_workspace_keeps_what_it_knows(old):
    """Decisions, issues, picks and the shortlist are there after the migration, under the new names."""
    opened = Workspace.open(old)
    with opened.database.reading() as connection:
        assert [d.verdict for d in all_decisions(connection)] == ["pick", "note", "skip", "mute"]
        issues = known_issues(connection, date.max)
    assert [(issue.number, len(issue.picks)) for issue in issues] == [(number, 4) for number in range(1, 9)]
    assert rows(opened, "SELECT duplicate_ids, exploration FROM review") == [(["x"], True)] * 2
    (reasons,) = rows(opened, "SELECT DISTINCT reasons FROM review")
    assert json.loads(reasons[0])[0]["contribution"] == 0.9
    assert rows(opened, "SELECT why FROM exclusions") == [("ran",)]
    assert rows(opened, "SELECT rank, picked FROM issue_results") == [(3, True)]
    assert rows(opened, "SELECT count(*) FROM article_feeds") == rows(opened, "SELECT count(*) FROM articles")


def test_a_night_sets_an_old_model_aside_and_fits_its_own(old, caplog):
    """The models of format 1 are named in one warning each and deactivated; the night ranks all the same."""
    with caplog.at_level(logging.WARNING, "triage"):
        reports = {report.step: report for report in plain_night(old, NEXT)}
    assert reports["rank"].done == reports["classify"].done == 9  # eleven, but for two that the mute names
    warnings = [record.getMessage() for record in caplog.records]
    assert len(warnings) == 2
    expected = f"saved in format 1, this Triage reads format {FORMAT}; a model is fitted now instead"
    assert all(expected in warning for warning in warnings)
    opened = Workspace.open(old)
    with opened.database.reading() as connection:
        assert [(card.active, bool(card.set_aside)) for card in all_cards(connection)] == [(False, True)] * 2
    assert len(list(opened.models_folder.glob("*.skops"))) == 2
    states = dict(rows(opened, "SELECT id, state FROM review"))
    assert (states[PICKED], states[SKIPPED]) == ("picked", "skipped")


def test_check_sets_an_old_model_aside_once(old):
    """Check names each model that cannot be loaded and repairs it; a second check finds nothing."""
    opened = Workspace.open(old)
    given = (opened.database, opened.journal, opened.models_folder, load_fault)
    findings = check_workspace(*given)
    assert [finding.fixed for finding in findings] == [True, True]
    assert all("format 1" in f.what and "the next night fits its own" in f.what for f in findings)
    assert check_workspace(*given) == []


def test_rollback_to_an_old_model_is_refused(old):
    """The refusal says why the model cannot be loaded and what to do instead."""
    opened = Workspace.open(old)
    with pytest.raises(ModelError, match=r"saved in format 1.*triage retrain"):
        roll_back(opened.database, "relevance-2026-02-28-0ab1c2d3", opened.models_folder)
