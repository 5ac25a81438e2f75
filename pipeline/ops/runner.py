"""Run each step of a nightly run: build its arguments, use the step cache, record and log its report.

Each function imports its step when called, so that light commands load nothing heavy. Knows no Prefect.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.types import Progress, StepReport
from pipeline.ops.workspace import Workspace
from pipeline.store.runs import record_run

if TYPE_CHECKING:
    from pipeline.ops.distributed import Cluster
    from pipeline.ops.step_cache import CachedStep
    from pipeline.ranking.context import RankingContext

log = logging.getLogger("triage.night")
STEP_ERROR = "raised in a step, not by Prefect"


def retention(workspace: Workspace) -> None:
    """Delete expired articles; recorded only where there was something to do."""
    from pipeline.ops.retention import apply_retention

    report = apply_retention(workspace.database, workspace.newsletter, workspace.as_of)
    if announced := report.details["announced"]:
        log.warning(
            "%d undecided articles are older than %d days; the next night deletes them unless you raise "
            "keep_articles_days in newsletter.toml", announced, workspace.newsletter.limits.keep_articles_days,
        )  # fmt: skip
    if report.done or announced:
        _record(workspace, report)


def pull(workspace: Workspace, cluster: "Cluster | None" = None, progress: Progress | None = None) -> StepReport:
    """Fetch every feed, here or on a cluster, then the full text of pages where wanted."""
    from pipeline.steps.fulltext import fetch_fulltext
    from pipeline.steps.pull import pull_feeds

    started = time.monotonic()
    database, newsletter, as_of = workspace.database, workspace.newsletter, workspace.as_of
    report = pull_feeds(database, newsletter, as_of, progress, remote_reader=cluster.read if cluster else None)
    details = {**report.details, "pages": fetch_fulltext(database, newsletter, as_of)}
    return _record(workspace, replace(report, seconds=time.monotonic() - started, details=details))


def embed(workspace: Workspace, cluster: "Cluster | None" = None, progress: Progress | None = None) -> StepReport:
    """Embed new texts, here or on a cluster; `progress` is called with (done, total)."""
    from pipeline.steps.embed import embed_articles

    embedder = cluster.embedder if cluster else workspace.embedder
    return _record(workspace, embed_articles(workspace.database, embedder, workspace.as_of, progress))


def classify(workspace: Workspace, context: "RankingContext | None" = None) -> StepReport:
    """Predict each candidate's section; `context` avoids loading the snapshot again."""
    from pipeline.ops.step_cache import CLASSIFY

    def run() -> StepReport:
        from pipeline.steps.classify import classify_articles

        return classify_articles(context or workspace.context())

    return _record(workspace, _cached_or_run(workspace, CLASSIFY, run))


def rank(workspace: Workspace, context: "RankingContext | None" = None) -> StepReport:
    """Rank the candidates for the next issue; `context` as for `classify`."""
    from pipeline.ops.step_cache import RANK

    def run() -> StepReport:
        from pipeline.steps.rank import rank_candidates

        return rank_candidates(context or workspace.context())

    return _record(workspace, _cached_or_run(workspace, RANK, run))


def retrain(workspace: Workspace) -> StepReport:
    """Fit new models and keep the better."""
    from pipeline.steps.retrain import retrain_models

    return _record(
        workspace,
        retrain_models(
            workspace.database, workspace.newsletter, workspace.embedder, workspace.as_of, workspace.models_folder
        ),
    )


def back_up(workspace: Workspace, keep: int = 4) -> Path:
    """Write a backup named by its date to the workspace's backups/, and keep the newest `keep`."""
    from pipeline.store.backup import write_backup

    folder = workspace.folder / "backups"
    folder.mkdir(exist_ok=True)
    file = folder / f"{workspace.as_of.run_date}.zip"
    write_backup(workspace.database, file)
    for old in sorted(folder.glob("????-??-??.zip"))[:-keep]:
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
