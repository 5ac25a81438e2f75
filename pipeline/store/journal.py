"""The decisions' journal: plain text, one checksummed line each, fsynced before a decision is acknowledged.

A line is `CHECKSUM JSON`. The checksum covers the line before it too, so that a changed, missing or
inserted line is detected. If the database is lost, the decisions are restored from this file.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO, Any

from pipeline.core.atomic_write import fsync
from pipeline.core.errors import JournalError
from pipeline.core.types import Decision

FILE_NAME = "decisions.journal"
GENESIS = "0" * 16


@dataclass(frozen=True)
class Bookmark:
    """Position up to which the journal has been read."""

    offset: int = 0  # bytes
    seq: int = 0  # lines
    checksum: str = GENESIS  # of the last line read


class Journal:
    """An append-only file of decisions; processes share it through a file lock."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Append decisions and return them with their seq. Durable on return."""
        with self._locked() as file:
            seq, checksum = self._end(file)
            stored = [replace(decision, seq=seq + n) for n, decision in enumerate(decisions, 1)]
            lines = []
            for decision in stored:
                text = to_json(decision)
                checksum = checksum_of(checksum, text)
                lines.append(f"{checksum} {text}\n")
            self._write(file, "".join(lines).encode())
        return stored

    def rewrite(self, decisions: Sequence[Decision]) -> Path | None:
        """Replace the journal by these decisions. The old one is kept beside it.

        Returns
        -------
        Path or None
            The copy of the old journal, None if there was none.
        """
        unfinished = Journal(self.path.with_name(f".{self.path.name}.{os.getpid()}"))
        unfinished.path.unlink(missing_ok=True)
        unfinished.append(decisions)
        aside = None
        with self._locked() as file:
            if file.seek(0, os.SEEK_END):
                aside = free_path(self.path)
                os.link(self.path, aside)
            unfinished.path.replace(self.path)
            fsync(self.path.parent)
        return aside

    def _write(self, file: IO[bytes], data: bytes) -> None:
        """Append to disk; on an error restore the file and raise."""
        size = file.seek(0, os.SEEK_END)
        try:
            while data:
                data = data[os.write(file.fileno(), data) :]
            os.fsync(file.fileno())
        except OSError as error:
            with suppress(OSError):  # the next append truncates a torn line, too
                os.ftruncate(file.fileno(), size)
            raise JournalError(f"{self.path} cannot be written ({error.strerror}); make room") from error

    def read(self, after: int = 0) -> list[Decision]:
        """Return the decisions with a seq greater than `after`.

        An unfinished last line was never acknowledged and is ignored.

        Raises
        ------
        JournalError
            If a whole line fails its checksum; the message names the line.
        """
        return [d for d in self.read_on(Bookmark())[0] if d.seq > after]

    def read_on(self, bookmark: Bookmark) -> tuple[list[Decision], Bookmark]:
        """Return the decisions after a bookmark, and the new bookmark, to follow the journal as it grows.

        A journal that became shorter, as after `triage restore`, is read from its start.
        """
        if not self.path.exists():
            return [], Bookmark()
        if self.path.stat().st_size < bookmark.offset:
            bookmark = Bookmark()
        with self.path.open("rb") as file:
            file.seek(bookmark.offset)
            lines = file.read().split(b"\n")[:-1]
        decisions = []
        checksum = bookmark.checksum
        for number, line in enumerate(lines, bookmark.seq + 1):
            checksum, decision = self._verified(line, checksum, number)
            decisions.append(decision)
        end = bookmark.offset + sum(len(line) + 1 for line in lines)
        return decisions, Bookmark(end, bookmark.seq + len(lines), checksum)

    def _verified(self, line: bytes, before: str, number: int) -> tuple[str, Decision]:
        try:
            checksum, text = line.decode().split(" ", 1)
            decision = from_json(text)
        except (ValueError, TypeError, KeyError):
            checksum, decision = "", None
        if decision is None or checksum != checksum_of(before, text) or decision.seq != number:
            raise JournalError(f"{self.path}, line {number}: the checksum does not match; repair it with: triage check")
        return checksum, decision

    @contextmanager
    def _locked(self) -> Iterator[IO[bytes]]:
        while True:
            existed = self.path.exists()
            with self._opened() as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                if not self._is_current_file(file):
                    continue  # rewritten while we waited for the lock
                if not existed:
                    fsync(self.path.parent)
                yield file
                return

    def _opened(self) -> IO[bytes]:
        try:
            return self.path.open("a+b", buffering=0)
        except OSError as error:
            raise JournalError(
                f"cannot write {self.path} ({error.strerror}); let it be written to, and try again"
            ) from error

    def _is_current_file(self, file: IO[bytes]) -> bool:
        try:
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def _end(self, file: IO[bytes]) -> tuple[int, str]:
        """Return the last line's seq and checksum; truncate a torn line that was never acknowledged."""
        size = file.seek(0, os.SEEK_END)
        tail = b""
        while size and tail.count(b"\n") < 2:
            step = min(4096, size)
            size = file.seek(size - step)
            tail = file.read(step) + tail
            file.seek(size)
        whole, newline, torn = tail.rpartition(b"\n")
        if torn:
            file.truncate(file.seek(0, os.SEEK_END) - len(torn))
        if not newline:
            return 0, GENESIS
        last = whole.rpartition(b"\n")[2]
        try:
            checksum, text = last.decode().split(" ", 1)
            return from_json(text).seq, checksum
        except (ValueError, TypeError, KeyError) as error:
            raise JournalError(f"{self.path}: its last line is damaged; repair it with: triage check") from error


def free_path(path: Path) -> Path:
    """Return a free path beside a damaged file, to move it to."""
    return next(p for n in count(1) if not (p := path.with_name(f"{path.name}.damaged-{n}")).exists())


def to_json(decision: Decision) -> str:
    record: dict[str, Any] = {k: v for k, v in asdict(decision).items() if v is not None}
    record["decided_at"] = decision.decided_at.isoformat()
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Decision:
    record = json.loads(text)
    record["decided_at"] = datetime.fromisoformat(record["decided_at"])
    return Decision(**{"article_id": None, **record})


def checksum_of(before: str, text: str) -> str:
    return hashlib.sha256(f"{before} {text}".encode()).hexdigest()[:16]
