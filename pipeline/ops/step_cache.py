"""Cache key and output checksums of a step: with both unchanged the step need not run again."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import models
import pipeline
from pipeline.core.types import StepReport
from pipeline.ops.workspace import Workspace
from pipeline.store.checksums import checksums_of
from pipeline.store.database import Database
from pipeline.store.review import PARQUET_NAME

INPUTS = ("articles", "article_feeds", "issues", "picks", "decisions", "model_cards")


@dataclass(frozen=True)
class CachedStep:
    """A step that reads tables `INPUTS` and `reads`, and writes tables `writes` and perhaps a file."""

    step: str
    reads: Sequence[str]
    writes: Sequence[str]
    file: str = ""


CLASSIFY = CachedStep("classify", (), ("predictions",))
RANK = CachedStep("rank", ("predictions",), ("review", "exclusions"), PARQUET_NAME)


def cache_key(workspace: Workspace, step: CachedStep) -> str:
    """Hash all inputs of a step: tables, settings, embedding model, as-of date, code."""
    as_of = workspace.as_of
    since = as_of.articles_until - timedelta(days=workspace.newsletter.limits.candidate_days)
    with workspace.database.reading() as connection:
        # which rows are visible as of the date
        (shown,) = connection.execute(
            """SELECT (SELECT count(*) FROM articles WHERE first_seen_at < $until),
                      (SELECT count(*) FROM articles WHERE first_seen_at >= $since),
                      (SELECT count(*) FROM model_cards WHERE created_at <= $now)""",
            {"until": as_of.articles_until, "since": since, "now": as_of.time},
        ).fetchall()
        tables = checksums_of(connection, (*INPUTS, *step.reads))
    known = [tables, shown, workspace.newsletter, workspace.embedder.identity, as_of.issues_before, _code()]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def output_checksums(database: Database, step: CachedStep) -> dict[str, str]:
    """Return the checksums of a step's output tables."""
    with database.reading() as connection:
        return checksums_of(connection, step.writes)


def cached_report(database: Database, step: CachedStep, key: str) -> StepReport | None:
    """Return a step's last report if its cache key is `key` and its outputs are unchanged, else None."""
    with database.reading() as connection:
        row = connection.execute(
            "SELECT seen, done, failed, details FROM runs WHERE step = ? ORDER BY started_at DESC LIMIT 1", [step.step]
        ).fetchone()
    if row is None:
        return None
    seen, done, failed, details = row
    report = StepReport(step.step, seen, done, failed, 0.0, json.loads(details) | {"cached": True})
    is_same = (report.details.get("cache_key"), report.details.get("output_checksums")) == (
        key,
        output_checksums(database, step),
    )
    return report if is_same and database.path.with_name(step.file or database.path.name).exists() else None


def _code() -> int:
    """Return when the code was last changed, in nanoseconds: a new version runs the steps again."""
    folders = [Path(package.__path__[0]) for package in (models, pipeline)]
    return max(file.stat().st_mtime_ns for folder in folders for file in folder.rglob("*.py"))
