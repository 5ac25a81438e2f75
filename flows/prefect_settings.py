"""Settle Prefect before it is imported: at home in the workspace, silent, and telling nobody."""

import atexit
import os
import re
from pathlib import Path

FOLDER = ".prefect"
SETTINGS = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # at WARNING the server that a night starts for itself prints tracebacks when it stops
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_ROOT_LEVEL": "CRITICAL",
    # the first start makes Prefect's database, which takes long on a small machine
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "300",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
}


def configure_prefect(workspace: Path) -> None:
    """Set what Prefect reads from the environment on import. What the editor has set stays."""
    for name, value in {"PREFECT_HOME": str(workspace / FOLDER), **SETTINGS}.items():
        os.environ.setdefault(name, value)
    silence_stderr()


def slug(name: str) -> str:
    """Return a newsletter's name as Prefect likes names: small letters, digits, dashes."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "newsletter"


def silence_stderr() -> None:
    """Keep the very end quiet: beside Prefect, DuckDB's bindings complain of leaks when Python is torn down."""
    # handlers run last in, first out: called before Prefect is imported, this one runs after Prefect's
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
