"""One nightly run at a time in a workspace: an operating system lock, released when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from pipeline.core.errors import NightRunningError, StoreError

FILE_NAME = ".night.lock"


@contextmanager
def night_lock(folder: Path) -> Iterator[None]:
    """Lock the workspace for one nightly run.

    Raises
    ------
    NightRunningError
        If another night holds it; names that night's process.
    """
    with _opened(folder / FILE_NAME) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().decode().strip() or "unknown"
            raise NightRunningError(
                f"another night holds {folder} (process {holder}); wait for it to end, then run: triage nightly"
            ) from error
        file.truncate(0)
        with suppress(OSError):  # the lock holds on a full disk, too
            file.write(str(os.getpid()).encode())
        yield
        file.truncate(0)


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("a+b", buffering=0)
    except OSError as error:
        raise StoreError(f"cannot write {path} ({error.strerror}); let it be written to, and try again") from error


def refuse_second_night(folder: Path) -> None:
    """Raise NightRunningError if a night is running; called before slow imports."""
    with night_lock(folder):
        pass


def refuse_unwritable(folder: Path) -> None:
    """Raise StoreError unless a night could take its lock in the workspace. A night that runs does not count."""
    _opened(folder / FILE_NAME).close()
