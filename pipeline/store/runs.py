"""Table `runs`: the reports of all steps."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from pipeline.core.as_of import AsOf
from pipeline.core.json_text import to_json
from pipeline.core.types import StepReport
from pipeline.store.database import Connection, Database


def record_run(database: Database, report: StepReport, as_of: AsOf) -> StepReport:
    """Store a step's report and return it."""
    started_at = datetime.now(UTC) - timedelta(seconds=report.seconds)
    with database.writing() as connection:
        connection.execute(
            "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                uuid4().hex, report.step, started_at, as_of.run_date, report.seconds,
                report.seen, report.done, report.failed, to_json(report.details),
            ],
        )  # fmt: skip
    return report


def last_report(connection: Connection, step: str) -> dict[str, Any] | None:
    """Return the details of a step's last run, None if it never ran."""
    row = connection.execute(
        "SELECT details FROM runs WHERE step = ? ORDER BY started_at DESC LIMIT 1", [step]
    ).fetchone()
    details: dict[str, Any] | None = json.loads(row[0]) if row else None
    return details
