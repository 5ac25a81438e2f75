"""The home of the private Prefect: whether its server can start there.

Known before it is started, which takes seconds and says less about the reason.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

DATABASE_NAME = "prefect.db"
ROOM_MB = 20  # a new database with its log takes 6
DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)


class ServerError(Exception):
    """Prefect's server did not start, or the user's cannot be used."""


def prepare_home(home: Path) -> None:
    """Make sure that a private server can start with its database in `home`, which need not exist.

    A damaged database is deleted: it holds how past nights went, and no night needs it.

    Raises
    ------
    ServerError
        If the disk is full.
    """
    free_mb = shutil.disk_usage(home.parent).free / 1e6
    if free_mb < ROOM_MB:
        raise ServerError(f"{free_mb:.0f} MB are free on the disk of {home.parent}, its server needs {ROOM_MB}")
    if is_damaged(home / DATABASE_NAME):
        for file in home.glob(f"{DATABASE_NAME}*"):
            file.unlink()


def is_damaged(file: Path) -> bool:
    """Return whether a file is no SQLite database, or a broken one. One that is not there is not damaged."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        return error.sqlite_errorcode in DAMAGED
    return False
