"""What surrounds the steps of a nightly run: lock, repair, retention, report, message. Knows no Prefect.

`plain_night` runs the same steps as the flow without Prefect.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

from pipeline.core.as_of import AsOf
from pipeline.core.errors import DamagedError, InputError, JournalError
from pipeline.core.types import Progress, StepReport
from pipeline.ops import run_context, runner
from pipeline.ops.last_night import LastNight, last_night, missed_nights
from pipeline.ops.settings_check import check_model
from pipeline.ops.workspace import Workspace
from pipeline.store.lock import night_lock
from pipeline.store.runs import record_run


@dataclass
class Night:
    """One run of all steps and their reports so far."""

    workspace: Workspace
    is_due: bool = True  # False: this date's run is done and `skip_if_done` was given
    missed: int = 0
    reports: list[StepReport] = field(default_factory=list)

    def add(self, report: StepReport) -> None:
        """Add a step's report."""
        self.reports.append(report)

    @property
    def is_outage(self) -> bool:
        """Whether feeds were asked and none answered: the network was down."""
        return any(report.step == "pull" and report.details.get("outage") for report in self.reports)

    @property
    def date(self) -> date:
        """The run's date in the newsletter's time zone."""
        return self.workspace.as_of.time.astimezone(self.workspace.newsletter.zone).date()


@contextmanager
def open_night(
    folder: Path,
    issue_date: date | None = None,
    skip_if_done: bool = False,
    now: datetime | None = None,
    run_id: str | None = None,
) -> Iterator[Night]:
    """Lock the workspace for a run; after the steps, record the run's own report and send the message.

    Parameters
    ----------
    skip_if_done : bool
        Not due if a run of its local date is done: schedules fire twice when clocks are set back.
    now : datetime, optional
        For simulations; default: the system clock.
    run_id : str, optional
        Under which log lines name this run; default: a random one.
    """
    started = time.monotonic()
    folder = Workspace.find(folder).folder  # before a lock is written to a folder that is no workspace
    with night_lock(folder), run_context.setting(run_context.run_id, run_id or uuid4().hex):
        as_of = AsOf.before_issue(issue_date) if issue_date else AsOf.now(now)
        night = Night(open_or_repair(folder, as_of))
        before = _last(night)
        night.is_due = not (skip_if_done and before and before.date >= night.date and not before.is_outage)
        if before and not issue_date:
            missed = missed_nights(night.workspace.newsletter, before.started_at, as_of.time)
            night.missed = len([day for day in missed if day != night.date])
        if night.is_due:
            check_model(night.workspace)  # before the feeds are asked, which may take an hour
        if night.is_due and not issue_date:
            runner.retention(night.workspace)
        yield night
        if night.is_due:
            record_run(night.workspace.database, summarise(night, time.monotonic() - started), as_of)
            if not issue_date and (before is None or before.date != night.date):
                notify(night.workspace)


def open_or_repair(folder: Path, as_of: AsOf) -> Workspace:
    """Open a workspace; repair its database or journal first if damaged, so that the run needs nobody."""
    try:
        return Workspace.open(folder, as_of)
    except (DamagedError, JournalError) as error:
        from pipeline.store.repair import check_workspace

        runner.log.warning("%s", error)
        found = Workspace.find(folder, as_of)
        for finding in check_workspace(found.database, found.journal, found.models_folder):
            runner.log.warning("%s: %s", "fixed" if finding.fixed else "look", finding.what)
        return Workspace.open(folder, as_of)


def summarise(night: Night, seconds: float) -> StepReport:
    """Return the run's own report. seen: feeds fetched; done: stories ranked; failed: feeds failed."""
    by_step = {report.step: report for report in night.reports}
    pulled, ranked = by_step["pull"], by_step["rank"]
    details = {
        "date": night.date.isoformat(),
        "new_articles": pulled.details.get("articles", 0),
        "missed": night.missed,
        "outage": night.is_outage,
    }
    return StepReport("nightly", pulled.seen, ranked.done, pulled.failed, round(seconds, 3), details)


def outage_sentence(pulled: StepReport) -> str:
    """Say that no feed answered, and what to do."""
    feeds = "the one feed" if pulled.seen == 1 else f"any of {pulled.seen} feeds"
    return (
        f"no answer from {feeds}, so the shortlist holds what was stored before; "
        "look at the network, then run: triage nightly"
    )


def notify(workspace: Workspace) -> None:
    """Send the morning message if newsletter.toml names addresses. A failure is logged and does not fail the run."""
    if not workspace.newsletter.notify:
        return
    from pipeline.ops.notify import read_morning, send_message, write_message

    morning = read_morning(workspace.database, workspace.newsletter, AsOf.now())
    try:
        send_message(workspace.newsletter.notify, write_message(morning))
    except InputError as error:
        runner.log.warning("%s", error)


def plain_night(
    folder: Path, issue_date: date | None = None, skip_if_done: bool = False, progress: Progress | None = None
) -> list[StepReport]:
    """Run the nightly steps without Prefect; `progress` counts embedded texts."""
    with open_night(folder, issue_date, skip_if_done) as night:
        if night.is_due:
            run_steps(night, progress)
    return night.reports


def run_steps(night: Night, progress: Progress | None = None) -> None:
    """Run the four steps in order."""
    workspace = night.workspace
    night.add(runner.pull(workspace))
    night.add(runner.embed(workspace, progress=progress))
    context = workspace.context()
    night.add(runner.classify(workspace, context))
    night.add(runner.rank(workspace, context))


def _last(night: Night) -> LastNight | None:
    with night.workspace.database.reading() as connection:
        return last_night(connection, night.workspace.as_of.time)
