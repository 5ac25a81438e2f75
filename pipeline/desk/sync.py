"""Background thread of the desk: reads other processes' decisions and writes all of them to the database."""

import logging
import threading
import time
from collections.abc import Callable

from pipeline.core.errors import TriageError
from pipeline.desk.current_status import current_status
from pipeline.desk.order import Reranker
from pipeline.desk.session import Desk
from pipeline.store import decisions, shortlist

POLL_S = 0.5  # how often the journal is read
NIGHT_POLL_S = 5.0  # how often the database is asked whether a night has ranked
IDLE_S = 3.0  # without a decision, before the new order is written

log = logging.getLogger("triage.desk")


class JournalSync:
    """Synchronises memory, journal and database while the desk is open. A context manager.

    Parameters
    ----------
    desk : Desk
    prepare : callable
        Builds the reranker of a desk, at the start and after each night; may take seconds, meanwhile pages are served.
    """

    def __init__(self, desk: Desk, prepare: Callable[[Desk], Reranker | None] | None = None) -> None:
        self.desk = desk
        self.prepare = prepare or _prepare_reranker
        self.error: str | None = None  # why the database is behind the journal; None: it is not
        self.alerts: tuple[str, ...] = ()  # missed nights, failing feeds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="journal-sync", daemon=True)
        self._written = -1
        self._is_stale = False
        self._decided_at = self._checked_at = 0.0

    def __enter__(self) -> "JournalSync":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join(timeout=30)
        self._try(self._write)
        self._try(self._write_order)

    def _run(self) -> None:
        self._try(self._read_alerts)
        self._try(self._prepare_reranker)
        while not self._stopped.wait(POLL_S):
            self._try(self._poll)

    def _poll(self) -> None:
        self.desk.read_journal()
        if self.desk.seq != self._written:
            self._write()
            self._decided_at = time.monotonic()
        elif time.monotonic() - self._decided_at > IDLE_S:
            self._write_order()
        if time.monotonic() - self._checked_at > NIGHT_POLL_S:
            self._checked_at = time.monotonic()
            self._reload_after_a_night()

    def renew_reranker(self) -> None:
        """Build the reranker again in the background, as after a night."""
        self._is_stale = True

    def _write(self) -> None:
        seq = self.desk.seq
        decisions.catch_up(self.desk.workspace.journal, self.desk.workspace.database)
        self._written = seq

    def _write_order(self) -> None:
        order = self.desk.changed_order()
        if order:
            with self.desk.workspace.database.writing() as connection:
                shortlist.write_order(connection, order)

    def _reload_after_a_night(self) -> None:
        with self.desk.workspace.database.reading() as connection:
            now = shortlist.version(connection)
        self._read_alerts()
        if now != self.desk.version:
            self.desk.reload()
            self._is_stale = True
        if self._is_stale:
            self._is_stale = False
            self._prepare_reranker()

    def _read_alerts(self) -> None:
        if self.desk.is_past:  # nights are missed today, not on the evening that the desk looks back at
            return
        self.alerts = current_status(self.desk).alerts

    def _prepare_reranker(self) -> None:
        self.desk.use_reranker(self.prepare(self.desk))

    def _try(self, work: Callable[[], None]) -> None:
        """Call a function; an expected error is shown on the page and tried again, for the journal has everything."""
        try:
            work()
            self.error = None
        except TriageError as error:
            self.error = str(error)
            log.warning("%s", error)
        except Exception as error:  # a fault of ours must not end the thread silently
            self.error = f"internal error: {type(error).__name__}: {error}"
            log.exception("the desk's background thread goes on after an internal error")


def _prepare_reranker(desk: Desk) -> Reranker | None:
    from pipeline.desk.rerank import prepare  # loads scikit-learn, a second that the first page need not wait for

    return prepare(desk.workspace.context(desk.as_of, learns_from_candidates=False))
