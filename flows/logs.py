"""Logging of a run: one line a step, as text or as JSON."""

import json
import logging
import sys
from dataclasses import asdict
from datetime import UTC, datetime

from flows.prefect_settings import silence_stderr


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message, and the step's report where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as JSON."""
        report = getattr(record, "report", None)
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "message": " ".join(record.getMessage().split()),
            **({"report": asdict(report)} if report else {}),
        }
        return json.dumps(line, ensure_ascii=False, default=str)


def configure_logging(*, as_json: bool = False, quiet: bool = False) -> None:
    """Send the `triage` log to the terminal; `quiet`: warnings only, on stderr."""
    log = logging.getLogger("triage")
    handler = logging.StreamHandler(sys.stderr if quiet or as_json else sys.stdout)
    handler.setFormatter(JsonLines() if as_json else logging.Formatter("%(message)s"))
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.WARNING if quiet else logging.INFO)


def configure_logging_if_unset() -> None:
    """Configure logging unless it is configured already: in a process that Prefect started."""
    if not logging.getLogger("triage").handlers:
        configure_logging()
        silence_stderr()
