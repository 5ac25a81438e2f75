"""One nightly run at a time in a workspace: an operating system lock, released when the process dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.core.errors import NightRunningError

FILE_NAME = ".night.lock"


@contextmanager
def night_lock(folder: Path) -> Iterator[None]:
    """Lock the workspace for one nightly run.

    Raises
    ------
    NightRunningError
        If another night holds it; names that night's process.
    """
    with (folder / FILE_NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise NightRunningError(
                f"another night holds {folder} (process {holder}); wait for it to end, then run: triage nightly"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
        file.truncate(0)


def refuse_second_night(folder: Path) -> None:
    """Raise NightRunningError if a night is running; called before slow imports."""
    with night_lock(folder):
        pass
