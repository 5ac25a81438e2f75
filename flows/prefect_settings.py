"""Prefect's settings, made before prefect is imported: home in the workspace, quiet, no telemetry."""

import atexit
import os
import re
from pathlib import Path

FOLDER = ".prefect"
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # at WARNING the temporary server prints tracebacks when it stops
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
    # the first start creates Prefect's database, slow on a small machine
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}


def configure_prefect(workspace: Path) -> None:
    """Set the environment variables that Prefect reads on import, unless they are set."""
    for name, value in {"PREFECT_HOME": str(workspace / FOLDER), **SETTINGS}.items():
        os.environ.setdefault(name, value)
    silence_stderr()


def slug(name: str) -> str:
    """Return a newsletter's name as Prefect accepts names: small letters, digits, dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "newsletter"


def silence_stderr() -> None:
    """Silence stderr at interpreter exit: beside Prefect, DuckDB's bindings report leaks there."""
    # exit handlers run last in, first out: registered before prefect is imported, so it runs after Prefect's
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
