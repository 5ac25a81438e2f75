"""Prefect's settings, made before prefect is imported: home in the workspace, quiet, no telemetry."""

import atexit
import hashlib
import os
import re
import unicodedata
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
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    readable = re.sub(r"[^a-z0-9]+", "-", ascii_name.casefold()).strip("-") or "newsletter"
    # letters that were dropped would make two names equal
    return readable if name.isascii() else f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def silence_stderr() -> None:
    """Silence stderr at interpreter exit: beside Prefect, DuckDB's bindings report leaks there."""
    # exit handlers run last in, first out: registered before prefect is imported, so it runs after Prefect's
    atexit.register(lambda: os.dup2(os.open(os.devnull, os.O_WRONLY), 2))
