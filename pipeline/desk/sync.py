"""The desk's one background thread: it hears other editors, and brings what was said into the database when it can."""

import logging
import threading
import time
from collections.abc import Callable

from pipeline.core.errors import TriageError
from pipeline.desk.session import Desk, Judge
from pipeline.ops.status import read_status
from pipeline.store import decisions, shortlist

LOOK_EVERY_S = 0.5  # another editor's decision is heard within a second
NIGHT_EVERY_S = 5.0  # how often the database is asked whether a night has ranked anew
REST_S = 3.0  # of silence before the new order is written

log = logging.getLogger("triage.desk")


class JournalSync:
    """Keeps memory, journal and database together while the desk is open. A context manager.

    Parameters
    ----------
    desk : Desk
    prepare : function that makes the judge of a desk
        It may take seconds, and is asked again after each night; the page serves meanwhile.
    """

    def __init__(self, desk: Desk, prepare: Callable[[Desk], Judge | None] | None = None) -> None:
        self.desk = desk
        self.prepare = prepare or _prepare
        self.trouble: str | None = None  # why the database is behind the journal, if it is
        self.alerts: tuple[str, ...] = ()  # nights that were missed, feeds that fail
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="desk-keeper", daemon=True)
        self._written = -1
        self._said_at = self._asked_at = 0.0

    def __enter__(self) -> "JournalSync":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=30)
        self._try(self._write)
        self._try(self._write_order)

    def _keep(self) -> None:
        self._try(self._look_around)
        self._try(self._prepare)
        while not self._stopped.wait(LOOK_EVERY_S):
            self._try(self._look)

    def _look(self) -> None:
        self.desk.follow()
        if self.desk.seq != self._written:
            self._write()
            self._said_at = time.monotonic()
        elif time.monotonic() - self._said_at > REST_S:
            self._write_order()
        if time.monotonic() - self._asked_at > NIGHT_EVERY_S:
            self._asked_at = time.monotonic()
            self._reload_after_a_night()

    def _write(self) -> None:
        seq = self.desk.seq
        decisions.catch_up(self.desk.workspace.journal, self.desk.workspace.database)
        self._written = seq

    def _write_order(self) -> None:
        order = self.desk.new_order()
        if order:
            with self.desk.workspace.database.writing() as connection:
                shortlist.write_order(connection, order)

    def _reload_after_a_night(self) -> None:
        with self.desk.workspace.database.reading() as connection:
            now = shortlist.fingerprint(connection)
        self._look_around()
        if now != self.desk.fingerprint:
            self.desk.reload()
            self._prepare()

    def _look_around(self) -> None:
        workspace = self.desk.workspace
        self.alerts = read_status(workspace.database, workspace.newsletter, self.desk.as_of).alerts

    def _prepare(self) -> None:
        self.desk.use(self.prepare(self.desk))

    def _try(self, work: Callable[[], None]) -> None:
        """Do a piece of work; expected trouble is told on the page and tried again, for nothing is lost meanwhile."""
        try:
            work()
            self.trouble = None
        except TriageError as error:
            self.trouble = str(error)
            log.warning("%s", error)


def _prepare(desk: Desk) -> Judge | None:
    from pipeline.desk.rerank import prepare  # scikit-learn takes a second, which the first page need not wait for

    return prepare(desk.workspace.context(desk.as_of, learns_from_candidates=False))
