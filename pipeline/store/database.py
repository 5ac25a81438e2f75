"""Short-lived connections to the workspace's DuckDB file, and its schema migrations. The only `duckdb.connect`.

While one process writes, DuckDB lets no other open the file, not even to read: no connection is held while fetching,
embedding or waiting for the user.
"""

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from importlib import resources
from math import inf
from pathlib import Path
from random import uniform
from typing import TYPE_CHECKING

import duckdb
from duckdb import DuckDBPyConnection as Connection

from pipeline.core.errors import BusyError, DamagedError, StoreError

if TYPE_CHECKING:
    import pyarrow as pa

REFUSED = re.compile("read-only file system|permission denied", re.IGNORECASE)  # by the operating system
HOLDER = re.compile(r"lock is held in (?:.*/)?(.+?) \(PID (\d+)\)", re.IGNORECASE)  # as DuckDB names it
PATIENCE: ContextVar[float] = ContextVar("PATIENCE", default=inf)  # seconds

__all__ = ["Connection", "Database", "incoming", "replace_rows", "waiting_at_most"]


@contextmanager
def waiting_at_most(seconds: float) -> Iterator[None]:
    """Let the calls inside, those in threads of a pool too, wait no longer for a database that is held."""
    token = PATIENCE.set(seconds)
    try:
        yield
    finally:
        PATIENCE.reset(token)


class Database:
    """The workspace's tables, through short-lived connections.

    Parameters
    ----------
    path : Path
        The DuckDB file. Resolved, because a symlinked path would open a second instance.
    wait_s : float
        How long to wait for another process to release the file.
    """

    def __init__(self, path: Path, *, wait_s: float = 60.0) -> None:
        self.path = path.resolve()
        self.wait_s = wait_s
        # one process may not hold a read-only and a read-write connection at the same time
        self._lock = threading.RLock()
        self._is_current = False
        self._holder = ""  # of the file, when it was last refused
        self._held_since: float | None = None  # monotonic; None: it was not refused since it was last opened

    @classmethod
    def create(cls, path: Path, version: int | None = None) -> "Database":
        """Create a database with the current schema, or open an existing one.

        `version` makes one of an older schema, for a backup of that age to be read into.
        """
        database = cls(path)
        with database._connection(read_only=False) as connection:
            migrate(connection, database.path, version)
        database._is_current = True
        return database

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a read-only connection for queries."""
        self._bring_up_to_date()
        with self._connection(read_only=True) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Lend a connection inside one transaction, rolled back on any exception."""
        self._bring_up_to_date()
        with self._connection(read_only=False) as connection:
            connection.begin()
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            try:
                connection.commit()
            except duckdb.TransactionException as error:
                raise StoreError(f"{self.path} could not be written ({_first_line(error)}); make room") from error

    def _bring_up_to_date(self) -> None:
        if self._is_current:
            return
        if not self.path.exists():
            raise StoreError(
                f"no database at {self.path}; bring it back with: triage restore BACKUP, or begin with: triage check"
            )
        with self._connection(read_only=True) as connection:
            behind = schema_version(connection, self.path) < len(_migrations())
        if behind:
            with self._connection(read_only=False) as connection:
                copy_before_migration(connection, self.path)
                migrate(connection, self.path)
        self._is_current = True

    @contextmanager
    def _connection(self, *, read_only: bool) -> Iterator[Connection]:
        patience = PATIENCE.get()
        if self._held_s() > patience:  # that long was waited for it before
            patience = 0.0
        give_up_at = time.monotonic() + min(patience, self.wait_s)
        # another thread may wait for the file with the lock in its hands
        if not self._lock.acquire(timeout=-1 if patience == inf else patience):
            raise self._busy()
        try:
            connection = self._open(read_only, give_up_at)
            try:
                connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
                yield connection
            finally:
                connection.close()
        finally:
            self._lock.release()

    def _open(self, read_only: bool, give_up_at: float) -> Connection:
        while True:
            try:
                connection = duckdb.connect(str(self.path), read_only=read_only)
                self._held_since = None
                return connection
            except duckdb.IOException as error:
                if REFUSED.search(str(error)):
                    raise StoreError(
                        f"{self.path} cannot be opened ({_first_line(error)}); let it be written to, and try again"
                    ) from error
                if "lock" not in str(error).lower():
                    raise DamagedError(
                        f"{self.path} cannot be opened ({_first_line(error)}); try: triage check"
                    ) from error
                self._refused_by(error)
                if time.monotonic() > give_up_at:
                    raise self._busy() from error
                time.sleep(uniform(0.005, 0.05))  # noqa: S311 (jitter, not a secret)
            except duckdb.Error as error:
                raise DamagedError(f"{self.path} cannot be opened ({_first_line(error)}); try: triage check") from error

    def _refused_by(self, error: duckdb.IOException) -> None:
        found = HOLDER.search(str(error))
        holder = f"{found[1]} (process {found[2]})" if found else "another program"
        if self._held_since is None or holder != self._holder:
            self._holder, self._held_since = holder, time.monotonic()

    def _busy(self) -> BusyError:
        if self._held_since is None:
            return BusyError(f"{self.path} is being written to by this program itself; try again when it is done")
        return BusyError(
            f"{self.path} has been held by {self._holder} for {self._held_s():.0f} s or more; wait for it to end, "
            "or end it, and try again"
        )

    def _held_s(self) -> float:
        return 0.0 if (since := self._held_since) is None else time.monotonic() - since


def schema_version(connection: Connection, path: Path) -> int:
    """Return the schema version; raise StoreError if a newer Triage or another program made the file."""
    tables = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
    if "schema_migrations" not in tables:
        if tables:
            raise StoreError(
                f"{path} is a DuckDB file, but not Triage's; move it away and run: triage init {path.parent}"
            )
        return 0
    row = connection.execute("SELECT max(version) FROM schema_migrations").fetchone()
    version = int(row[0] or 0) if row else 0
    if version > len(_migrations()):
        raise StoreError(
            f"{path} was made by a newer Triage (schema {version}, this one knows {len(_migrations())}); "
            "upgrade with: pip install --upgrade article-triage"
        )
    return version


def copy_before_migration(connection: Connection, path: Path) -> Path:
    """Copy a database to backups/ beside it before a migration. Returns the copy's path."""
    version = schema_version(connection, path)
    copy = path.parent / "backups" / f"schema-{version}.duckdb"
    copy.parent.mkdir(exist_ok=True)
    copy.unlink(missing_ok=True)  # of an interrupted migration
    target = str(copy).replace("'", "''")
    row = connection.execute("SELECT current_database()").fetchone()
    connection.execute(
        f"ATTACH '{target}' AS kept; COPY FROM DATABASE \"{row[0] if row else ''}\" TO kept; DETACH kept"
    )
    return copy


def migrate(connection: Connection, path: Path, until: int | None = None) -> None:
    """Run the pending numbered SQL files, each in its own transaction."""
    seen = schema_version(connection, path)
    connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations (version INTEGER PRIMARY KEY)")
    for version, sql in enumerate(_migrations()[seen:until], seen + 1):
        connection.begin()
        connection.execute(sql)
        connection.execute("INSERT INTO schema_migrations VALUES (?)", [version])
        connection.commit()


def _migrations() -> list[str]:
    folder = resources.files("pipeline.store").joinpath("schema")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [f.read_text("utf-8") for f in files]


@contextmanager
def incoming(connection: Connection, table: "pa.Table | pa.RecordBatchReader") -> Iterator[None]:
    """Let queries read an Arrow table as `incoming`, without a copy; or one query a stream of batches."""
    connection.register("incoming", table)
    try:
        yield
    finally:
        with suppress(duckdb.Error):  # after an error the connection allows only a rollback
            connection.unregister("incoming")


def replace_rows(connection: Connection, table: str, rows: "pa.Table") -> None:
    """Replace all rows of a table, by an Arrow table with its columns, in any order; absent ones get their default.

    The table is made anew: deleting all rows takes each out of the primary key's index, for longer than ranking takes.
    """
    found = connection.execute("SELECT sql FROM duckdb_tables() WHERE table_name = ?", [table]).fetchall()
    connection.execute(f"DROP TABLE {table}")
    connection.execute(found[0][0])
    with incoming(connection, rows):
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")  # noqa: S608 (a name of ours)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
