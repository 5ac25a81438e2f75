"""The four steps of a night as plain functions, each of which also runs alone. Knows no Prefect.

A step loads its part of the pipeline when it is called, keeps its report in table `runs`, and says one line.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.store.runs import keep_report
from pipeline.types import StepReport
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from flows.cluster import Cluster
    from pipeline.seals import Sealed
    from pipeline.tonight import Tonight

log = logging.getLogger("triage.night")
OWN_FAULT = "raised in a step of the night, not by Prefect"


def upkeep(workspace: Workspace) -> None:
    """Keep the house before the night; worth a line only where there was something to do."""
    from pipeline.upkeep import keep_house

    report = keep_house(workspace.database, workspace.newsletter, workspace.moment)
    if report.done:
        _keep(workspace, report)


def pull(workspace: Workspace, cluster: "Cluster | None" = None) -> StepReport:
    """Read every feed, here or on a cluster."""
    from pipeline.pull import pull_feeds

    elsewhere = cluster.read if cluster else None
    return _keep(workspace, pull_feeds(workspace.database, workspace.newsletter, workspace.moment, elsewhere=elsewhere))


def embed(workspace: Workspace, cluster: "Cluster | None" = None) -> StepReport:
    """Give what is new its vectors, here or on a cluster."""
    from flows.commands.progress import counting
    from pipeline.embed import embed_articles

    with counting("texts") as progress:
        embedder = cluster.embedder if cluster else workspace.embedder
        report = embed_articles(workspace.database, embedder, workspace.moment, progress)
    return _keep(workspace, report)


def classify(workspace: Workspace, tonight: "Tonight | None" = None) -> StepReport:
    """Say for each candidate which section it fits; `tonight` spares a second look at what is known."""
    from pipeline.seals import CLASSIFY

    def judge() -> StepReport:
        from pipeline.classify import classify_articles

        return classify_articles(tonight or workspace.tonight())

    return _keep(workspace, _unless_done(workspace, CLASSIFY, judge))


def rank(workspace: Workspace, tonight: "Tonight | None" = None) -> StepReport:
    """Order the candidates for the next issue; `tonight` as for `classify`."""
    from pipeline.seals import RANK

    def judge() -> StepReport:
        from pipeline.rank import rank_candidates

        return rank_candidates(tonight or workspace.tonight())

    return _keep(workspace, _unless_done(workspace, RANK, judge))


def retrain(workspace: Workspace) -> StepReport:
    """Fit the models anew and keep the better."""
    from pipeline.retrain import retrain_models

    return _keep(
        workspace,
        retrain_models(
            workspace.database, workspace.newsletter, workspace.embedder, workspace.moment, workspace.models_folder
        ),
    )


def back_up(workspace: Workspace, keep: int = 4) -> Path:
    """Write a backup into the workspace's backups/, named by its date, and keep the newest few."""
    from pipeline.store.backup import write_backup

    folder = workspace.folder / "backups"
    folder.mkdir(exist_ok=True)
    file = folder / f"{workspace.moment.night}.zip"
    write_backup(workspace.database, file)
    for old in sorted(folder.glob("????-??-??.zip"))[:-keep]:
        old.unlink()
    return file


def _unless_done(workspace: Workspace, step: "Sealed", judge: Callable[[], StepReport]) -> StepReport:
    """Judge, unless all that it depends on stands as it did when it was last judged."""
    from pipeline.seals import done_already, result_of, seal_of

    seal = seal_of(workspace, step)  # before judging: what is decided meanwhile is for the next time
    if done := done_already(workspace.database, step, seal):
        return done
    report = judge()
    return replace(report, details={**report.details, "seal": seal, "result": result_of(workspace.database, step)})


def _keep(workspace: Workspace, report: StepReport) -> StepReport:
    keep_report(workspace.database, report, workspace.moment)
    failed = f", {report.failed} failed" if report.failed else ""
    took = "as it was" if report.details.get("as_it_was") else f"{report.seconds:.1f} s"
    log.info(
        "%-9s %6d seen, %6d done%s, %s", report.step, report.seen, report.done, failed, took,
        extra={"report": report},
    )  # fmt: skip
    return report
