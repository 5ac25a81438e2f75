"""Table `runs`: what each step did, and when."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pipeline.moment import Moment
from pipeline.store.database import Database
from pipeline.types import StepReport


def keep_report(database: Database, report: StepReport, moment: Moment) -> StepReport:
    """Store a step's report and return it."""
    started_at = datetime.now(UTC) - timedelta(seconds=report.seconds)
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                uuid4().hex, report.step, started_at, moment.night, report.seconds,
                report.seen, report.done, report.failed, json.dumps(report.details, default=str),
            ],
        )  # fmt: skip
    return report
