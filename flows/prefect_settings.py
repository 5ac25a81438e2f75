"""Prefect's settings: the user's own where there are any, else private ones with a home in the workspace.

A user's Prefect is one with an API address, a profile or a home of its own, from whatever source Prefect reads it
(environment, profile, .env, prefect.toml, pyproject.toml), or a server of theirs that runs at Prefect's usual address.
"""

import atexit
import hashlib
import os
import re
import unicodedata
import urllib.error
import urllib.request
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prefect.settings import Settings

FOLDER = ".prefect"
LISTENING = "0A"  # state of a socket in /proc/net/tcp
PRIVATE = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # nothing on the terminal but our own lines; the API gets all
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
}


def configure_prefect(workspace: Path) -> bool:
    """Prepare this process for Prefect. Returns whether it is the user's own Prefect.

    A user's Prefect is left as it is. Without one, the private settings that the user has not made are set in the
    environment, where Prefect's child processes find them too.
    """
    silence_stderr()
    had_home = Path("~/.prefect").expanduser().exists()
    settings = _read_settings()
    own = settings.to_environment_variables(exclude_unset=True)
    added: Mapping[str, str] = {}
    if not settings.api.url and _is_users_server(settings.server.api.host, settings.server.api.port):
        added = {"PREFECT_API_URL": f"http://{settings.server.api.host}:{settings.server.api.port}/api"}
    is_users = bool(settings.api.url or added or "PREFECT_HOME" in own or settings.profiles_path.exists())
    if not is_users:
        added = _private_settings(workspace, {*own, *os.environ})
    if added:
        from prefect.context import refresh_global_settings_context

        os.environ.update(added)
        refresh_global_settings_context()
    if not is_users and not had_home:
        with suppress(OSError):  # importing prefect creates it; not empty: somebody else did
            settings.home.rmdir()
    return is_users


def _read_settings() -> "Settings":
    """Read Prefect's settings from all their sources; importing prefect must not report to its makers meanwhile."""
    tracks = "DO_NOT_TRACK" not in os.environ
    os.environ.setdefault("DO_NOT_TRACK", "1")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where no home can be created: a private one is named next
            from prefect.settings import get_current_settings

            return get_current_settings()
    finally:
        if tracks:
            del os.environ["DO_NOT_TRACK"]


def _private_settings(workspace: Path, made: set[str]) -> dict[str, str]:
    private = {"PREFECT_HOME": str(workspace / FOLDER), **PRIVATE}
    if "PREFECT_LOGGING_LEVEL" in made:  # who sets a level wants to see it
        del private["PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL"]
    return {name: value for name, value in private.items() if name not in made}


def _is_users_server(host: str, port: int) -> bool:
    """Return whether a Prefect server of this user, or of the system, answers at an address of this machine."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/api/health", timeout=1) as answer:
            return bool(answer.read(5) == b"true") and _listening_users(port) <= {0, os.getuid()}
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _listening_users(port: int) -> set[int]:
    """Return who listens at a port: numeric user ids; none where the system does not say."""
    try:
        lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    except OSError:
        return set()
    sockets = [line.split() for line in lines]
    return {int(s[7]) for s in sockets if s[3] == LISTENING and s[1].endswith(f":{port:04X}")}


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
