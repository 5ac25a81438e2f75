"""Step publish: bring published issues in, so that they teach the models."""

import time

from pipeline.archive.reading import Reading
from pipeline.store.database import Database
from pipeline.store.issues import add_issues
from pipeline.types import StepReport


def import_issues(database: Database, reading: Reading) -> StepReport:
    """Store the issues that were read. All of them in one transaction, or none; twice changes nothing."""
    started = time.perf_counter()
    with database.writing() as connection:
        changed = add_issues(connection, reading.issues)
    picks = sum(len(issue.picks) for issue in reading.issues)
    return StepReport(
        "import issues",
        seen=len(reading.issues) + len(reading.skipped),
        done=changed,
        failed=len(reading.skipped),
        seconds=time.perf_counter() - started,
        details={"picks": picks},
    )
