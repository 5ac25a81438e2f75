"""A night and its four steps as plain functions: what the flow runs, and what runs where Prefect does not.

A step loads its part of the pipeline when it is called, keeps its report in table `runs`, and says one line.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.moment import Moment
from pipeline.store.lock import night_lock
from pipeline.store.runs import keep_report
from pipeline.types import StepReport
from pipeline.workspace import Workspace

if TYPE_CHECKING:
    from models.embedding import Embedder
    from pipeline.newsletter import Newsletter
    from pipeline.store.database import Database

log = logging.getLogger("triage.night")
OWN_FAULT = "raised in a step of the night, not by Prefect"


@dataclass
class Night:
    """One run of all steps, and what they reported so far."""

    workspace: Workspace
    reports: list[StepReport] = field(default_factory=list)

    def add(self, report: StepReport) -> None:
        """Note that a step is done."""
        self.reports.append(report)


@contextmanager
def open_night(folder: Path, as_of: date | None = None) -> Iterator[Night]:
    """Hold the workspace for a night; when all steps are done, keep the night's own report."""
    started = time.monotonic()
    with night_lock(folder):
        moment = Moment.as_of(as_of) if as_of else Moment.live()
        night = Night(Workspace.open(folder, moment))
        yield night
        keep_report(night.workspace.database, summarise(night, time.monotonic() - started), moment)


def summarise(night: Night, seconds: float) -> StepReport:
    """Say of a whole night how many feeds it asked, how many stories it ranked, how many feeds failed."""
    by_step = {report.step: report for report in night.reports}
    today = night.workspace.moment.now.astimezone(night.workspace.newsletter.zone).date()
    pulled, ranked = by_step["pull"], by_step["rank"]
    details = {"date": today.isoformat(), "new_articles": pulled.details.get("articles", 0)}
    return StepReport("nightly", pulled.seen, ranked.done, pulled.failed, round(seconds, 3), details)


def plain_night(folder: Path, as_of: date | None = None) -> list[StepReport]:
    """Run the night without Prefect."""
    with open_night(folder, as_of) as night:
        for step in (pull, embed, classify, rank):
            night.add(step(night.workspace))
    return night.reports


def pull(workspace: Workspace) -> StepReport:
    """Read every feed."""
    from pipeline.pull import pull_feeds

    return _keep(workspace, pull_feeds(workspace.database, workspace.newsletter, workspace.moment))


def embed(workspace: Workspace) -> StepReport:
    """Give what is new its vectors."""
    from flows.commands.progress import counting
    from pipeline.embed import embed_articles

    with counting("texts") as progress:
        report = embed_articles(workspace.database, workspace.embedder, workspace.moment, progress)
    return _keep(workspace, report)


def classify(workspace: Workspace) -> StepReport:
    """Say for each candidate which section it fits."""
    from pipeline.classify import classify_articles

    return _keep(workspace, classify_articles(*_to_judge(workspace)))


def rank(workspace: Workspace) -> StepReport:
    """Order the candidates for the next issue."""
    from pipeline.rank import rank_candidates

    return _keep(workspace, rank_candidates(*_to_judge(workspace)))


def _to_judge(workspace: Workspace) -> "tuple[Database, Newsletter, Embedder, Moment, Path]":
    return (
        workspace.database, workspace.newsletter, workspace.embedder, workspace.moment, workspace.models_folder
    )  # fmt: skip


def _keep(workspace: Workspace, report: StepReport) -> StepReport:
    keep_report(workspace.database, report, workspace.moment)
    failed = f", {report.failed} failed" if report.failed else ""
    log.info(
        "%-9s %6d seen, %6d done%s, %.1f s", report.step, report.seen, report.done, failed, report.seconds,
        extra={"report": report},
    )  # fmt: skip
    return report
