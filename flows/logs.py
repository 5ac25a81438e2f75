"""Logging of a run: lines for the terminal, as text or JSON, and the same lines for Prefect's API."""

import json
import logging
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TextIO

from flows.prefect_settings import silence_stderr
from pipeline.core.errors import TriageError
from pipeline.ops import run_context

RUN_FIELDS = ("run_id", "step", "flow_run_id", "flow_run_name", "task_run_id", "task_run_name")
SERVED_FORMAT = "%(asctime)s  %(run_id).8s  %(flow_run_name)s  %(message)s"  # of runs that take turns in one log


class RunFields(logging.Filter):
    """Add the run and the step to a record; under Prefect its flow run and task run, too."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the fields; None where there is no run."""
        report = getattr(record, "report", None)
        fields = {"run_id": run_context.run_id.get(), "step": report.step if report else run_context.step.get()}
        named = {name: getattr(record, name, None) for name in RUN_FIELDS}  # by Prefect, in its own lines
        for name, value in {**named, **fields, **_prefect_runs()}.items():
            setattr(record, name, value)
        return True


def _prefect_runs() -> dict[str, str | None]:
    if "prefect.main" not in sys.modules:
        return {}
    from prefect.context import FlowRunContext, TaskRunContext

    flow, task = FlowRunContext.get(), TaskRunContext.get()
    runs = {"flow_run": flow.flow_run if flow else None, "task_run": task.task_run if task else None}
    found = {kind: run for kind, run in runs.items() if run is not None}
    return {f"{kind}_{name}": str(getattr(run, name)) for kind, run in found.items() for name in ("id", "name")}


class JsonLines(logging.Formatter):
    """One JSON object a line, with the names that Prefect's API gives its logs, and the step's report if there is one.

    `time` repeats `timestamp`: its name before 0.2.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as JSON."""
        report = getattr(record, "report", None)
        at = datetime.fromtimestamp(record.created, UTC).isoformat()
        runs = {name: getattr(record, name, None) for name in RUN_FIELDS}
        line = {
            "timestamp": at,
            "time": at,
            "level": record.levelname.lower(),
            "name": record.name,
            "message": " ".join(record.getMessage().split()),
            **{name: value for name, value in runs.items() if value is not None},
            **({"report": asdict(report)} if report else {}),
        }
        return json.dumps(line, ensure_ascii=False, default=str)


class TerminalHandler(logging.StreamHandler[TextIO]):
    """Write lines to the terminal for as long as it is there."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Report an error, but none of the stream: who read it is gone (`| head`, a closed window); the run goes on."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def configure_logging(*, as_json: bool = False, quiet: bool = False, text_format: str = "%(message)s") -> None:
    """Send the `triage` log to the terminal; `quiet`: warnings only, on stderr.

    Lines with `extra={"is_detail": True}` are for Prefect's UI and for JSON; on the terminal one line a step is enough.
    """
    log = logging.getLogger("triage")
    handler = TerminalHandler(sys.stderr if quiet or as_json else sys.stdout)
    handler.addFilter(RunFields())
    handler.setLevel(logging.WARNING if quiet else logging.INFO)
    if as_json:
        handler.setFormatter(JsonLines())
    else:
        handler.addFilter(lambda record: not getattr(record, "is_detail", False))
        handler.setFormatter(logging.Formatter(text_format))
    log.handlers = [handler]
    log.propagate = False
    log.setLevel(logging.INFO)


def follow_format() -> None:
    """Let Prefect, once imported, write JSON lines to the terminal where the `triage` log does: one object a line."""
    if not any(isinstance(handler.formatter, JsonLines) for handler in logging.getLogger("triage").handlers):
        return
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] == "prefect"]
    for handler in {handler for name in [None, *names] for handler in logging.getLogger(name).handlers}:
        if isinstance(handler, logging.StreamHandler) and handler.stream in (sys.stdout, sys.stderr):
            handler.setFormatter(JsonLines())
            handler.addFilter(RunFields())


class PrefectHandler(logging.Handler):
    """Pass records that are logged in a flow run to the handlers that Prefect gives to extra loggers: to its API."""

    def emit(self, record: logging.LogRecord) -> None:
        """Pass a record on."""
        if _prefect_runs():  # outside of a run Prefect would warn
            for handler in logging.getLogger("prefect.extra").handlers:
                handler.handle(record)


def _is_told(record: logging.LogRecord) -> bool:
    """Take the traceback from the record of an expected error: its sentence says what to do. Keep every record."""
    if record.exc_info and isinstance(record.exc_info[1], TriageError):
        record.exc_info = None
    return True


def send_logs_to_prefect() -> None:
    """Send the `triage` log to Prefect's API too, as PREFECT_LOGGING_EXTRA_LOGGERS=triage does.

    Prefect logs the error of a failed run; for one that is expected, without its traceback.

    In a process that Prefect started nothing was configured: there the lines also go to Prefect's console, in its
    format, unless that is silent.
    """
    log = logging.getLogger("triage")
    if not log.handlers:
        silence_stderr()
        log.setLevel(logging.INFO)
        if all(handler.level > logging.INFO for handler in logging.getLogger().handlers):
            configure_logging(text_format=SERVED_FORMAT)
    sent = [*logging.getLogger("prefect.extra").handlers]  # by the setting, where the user has made it
    if not any(isinstance(handler, PrefectHandler) or handler in sent for handler in log.handlers):
        log.addHandler(PrefectHandler())
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(_is_told)
