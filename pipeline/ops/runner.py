"""Run each step of a nightly run: build its arguments, use the step cache, record and log its report.

Each function imports its step when called, so that light commands load nothing heavy. Knows no Prefect.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from pipeline.core.counted import counted
from pipeline.core.types import Progress, StepReport
from pipeline.ops import run_context
from pipeline.ops.workspace import Workspace
from pipeline.store.runs import record_run

if TYPE_CHECKING:
    from models.embedder import Embedder
    from pipeline.ops.step_cache import CachedStep
    from pipeline.ranking.context import RankingContext

P = ParamSpec("P")
R = TypeVar("R")
log = logging.getLogger("triage.night")
STEP_ERROR = "raised in a step, not by Prefect"
BACKUPS = 4  # the newest of these are kept
IS_DETAIL = {"is_detail": True}  # a line for Prefect's UI and JSON logs; the terminal shows one a step


def _step(function: Callable[P, R]) -> Callable[P, R]:
    """Name the step in every log line of a function."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with run_context.setting(run_context.step, function.__name__):
            return function(*args, **kwargs)

    return run


@_step
def retention(workspace: Workspace) -> None:
    """Delete expired articles; recorded only where there was something to do."""
    from pipeline.ops.retention import apply_retention

    report = apply_retention(workspace.database, workspace.newsletter, workspace.as_of)
    if announced := report.details["announced"]:
        days = workspace.newsletter.limits.keep_articles_days
        log.warning(
            "older than %s: %s; the next night deletes what is still undecided, unless you raise keep_articles_days in "
            "newsletter.toml", counted(days, "day"), counted(announced, "undecided article"),
        )  # fmt: skip
    if report.done or announced:
        _record(workspace, report)


@_step
def pull(workspace: Workspace, progress: Progress | None = None) -> StepReport:
    """Fetch every feed, then the full text of pages where wanted."""
    from pipeline.steps.pull import pull_feeds

    report = pull_feeds(workspace.database, workspace.newsletter, workspace.as_of, progress)
    return finish_pull(workspace, report)


def finish_pull(workspace: Workspace, report: StepReport) -> StepReport:
    """Fetch the full text of pages where wanted, once the feeds are read, and record the report."""
    from pipeline.steps.fulltext import fetch_fulltext

    started = time.monotonic()
    pages = fetch_fulltext(workspace.database, workspace.newsletter, workspace.as_of)
    seconds = report.seconds + time.monotonic() - started
    return _record(workspace, replace(report, seconds=seconds, details={**report.details, "pages": pages}))


@_step
def embed(workspace: Workspace, embedder: "Embedder | None" = None, progress: Progress | None = None) -> StepReport:
    """Embed new texts, here or with the embedder of a cluster; `progress` is called with (done, total)."""
    from pipeline.steps.embed import embed_articles

    embedder = embedder or workspace.embedder
    report = embed_articles(workspace.database, embedder, workspace.as_of, progress, workspace.newsletter.sections)
    embedder.unload()  # ranking needs no model, and its memory is the run's peak
    return _record(workspace, report)


@_step
def classify(workspace: Workspace, context: "RankingContext | None" = None) -> StepReport:
    """Predict each candidate's section; `context` avoids loading the snapshot again."""
    from pipeline.ops.step_cache import CLASSIFY

    def run() -> StepReport:
        from pipeline.steps.classify import classify_articles

        return classify_articles(context or workspace.context())

    return _record(workspace, _cached_or_run(workspace, CLASSIFY, run))


@_step
def rank(workspace: Workspace, context: "RankingContext | None" = None) -> StepReport:
    """Rank the candidates for the next issue; `context` as for `classify`."""
    from pipeline.ops.step_cache import RANK

    def run() -> StepReport:
        from pipeline.steps.rank import rank_candidates

        return rank_candidates(context or workspace.context())

    return _record(workspace, _cached_or_run(workspace, RANK, run))


@_step
def retrain(workspace: Workspace) -> StepReport:
    """Fit new models and keep the better."""
    from pipeline.steps.retrain import retrain_models

    return _record(
        workspace,
        retrain_models(
            workspace.database, workspace.newsletter, workspace.embedder, workspace.as_of, workspace.models_folder
        ),
    )


def back_up(workspace: Workspace) -> Path:
    """Write a backup named by its date to the workspace's backups/, and keep the newest `BACKUPS`."""
    from pipeline.store.backup import write_backup

    folder = workspace.folder / "backups"
    folder.mkdir(exist_ok=True)
    file = folder / f"{workspace.as_of.run_date}.zip"
    write_backup(workspace.database, file)
    for old in sorted(folder.glob("????-??-??.zip"))[:-BACKUPS]:
        old.unlink()
    return file


def _cached_or_run(workspace: Workspace, step: "CachedStep", run: Callable[[], StepReport]) -> StepReport:
    """Return the cached report if inputs and outputs are unchanged, else run the step."""
    from pipeline.ops.step_cache import cache_key, cached_report, output_checksums

    key = cache_key(workspace, step)  # before the run: a decision made meanwhile must invalidate the cache
    if done := cached_report(workspace.database, step, key):
        return done
    report = run()
    return replace(
        report,
        details={**report.details, "cache_key": key, "output_checksums": output_checksums(workspace.database, step)},
    )


def _record(workspace: Workspace, report: StepReport) -> StepReport:
    record_run(workspace.database, report, workspace.as_of)
    failed = f", {report.failed} failed" if report.failed else ""
    took = "cached" if report.details.get("cached") else f"{report.seconds:.1f} s"
    log.info(
        "%-9s %6d seen, %6d done%s, %s", report.step, report.seen, report.done, failed, took,
        extra={"report": report},
    )  # fmt: skip
    return report
