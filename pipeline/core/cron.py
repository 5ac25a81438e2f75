"""Which cron lines Triage accepts: those that its own clock, Prefect and cron read alike."""

import re
from datetime import UTC, datetime

from cronsim import CronSim, CronSimError

N_FIELDS = 5  # CronSim takes the first of six for seconds, Prefect the last
NOT_EVERYWHERE = re.compile(r"\dL|LW", re.IGNORECASE)  # last Friday, last workday: unknown to Prefect


def is_cron_line(line: str) -> bool:
    """Return whether a text is a cron line that ever fires."""
    if len(line.split()) != N_FIELDS or NOT_EVERYWHERE.search(line):
        return False
    try:
        next(CronSim(line, datetime.now(UTC)))
    except (CronSimError, StopIteration):
        return False
    return True
