"""Which decisions each editor can still undo, and what they revert to."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.store.shortlist import Story

# begins the id of a request that undoes another one: the same decision made by hand can itself be undone
UNDO = "undo:"


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A decision, and the story as it was before it."""

    decision: Decision
    before: Story | None
    text: str = ""  # the order or the introduction as it was before

    @property
    def request(self) -> str | None:
        """Id of the request, or of the edit whose autosaves are "EDIT:1", "EDIT:2", …"""
        return self.decision.request_id.partition(":")[0] if self.decision.request_id else None


class History:
    """The decisions on the current shortlist that were not undone, in the order they were made."""

    def __init__(self) -> None:
        self.entries: list[HistoryEntry] = []

    def add(self, decision: Decision, before: Story | None, text: str = "") -> None:
        """Add a decision, or remove the one that it undoes. Autosaves of one edit are one entry."""
        at = self._last_index(decision.editor)
        last = None if at is None else self.entries[at]
        if (undone := self._undone_index(decision)) is not None:
            del self.entries[undone]
        elif at is None or last is None:
            self.entries.append(HistoryEntry(decision, before, text))
        elif _is_same_edit(again := HistoryEntry(decision, last.before, last.text), last):
            self.entries[at] = again
        else:
            self.entries.append(HistoryEntry(decision, before, text))

    def forget(self, ids: Collection[str]) -> None:
        """Drop the decisions on some stories."""
        self.entries = [entry for entry in self.entries if entry.before is None or entry.before.id not in ids]

    def last(self, editor: str) -> HistoryEntry | None:
        """Return the decision that the editor's undo would revert."""
        at = self._last_index(editor)
        return None if at is None else self.entries[at]

    def last_request(self, editor: str) -> list[HistoryEntry]:
        """Return all decisions of the editor's last request, or edit."""
        last = self.last(editor)
        of = last.request if last else None
        return self.of_request(editor, of) if of else [last] if last else []

    def of_request(self, editor: str, of: str) -> list[HistoryEntry]:
        """Return the editor's decisions of a request, or of all autosaves of an edit."""
        return [e for e in self.entries if e.decision.editor == editor and e.request == of]

    def after(self, seq: int) -> Sequence[HistoryEntry]:
        """Return the entries after a journal entry, the newest last."""
        at = len(self.entries)
        while at and self.entries[at - 1].decision.seq > seq:
            at -= 1
        return self.entries[at:]

    def _undone_index(self, decision: Decision) -> int | None:
        if not (decision.request_id or "").startswith(UNDO):
            return None
        own = self._indices_of(decision.editor)
        return next((n for n in own if _takes_back(decision, self.entries[n])), None)

    def _last_index(self, editor: str) -> int | None:
        return next(self._indices_of(editor), None)

    def _indices_of(self, editor: str) -> Iterator[int]:
        """Yield the places of an editor's entries, the latest first."""
        return (n for n in range(len(self.entries) - 1, -1, -1) if self.entries[n].decision.editor == editor)


def _takes_back(decision: Decision, entry: HistoryEntry) -> bool:
    return commands.takes_back(decision, entry.decision, entry.before, entry.text)


def _is_same_edit(entry: HistoryEntry, last: HistoryEntry) -> bool:
    """Return whether a text is the next autosave of the same edit, which one undo reverts as a whole."""
    decision, before = entry.decision, last.decision
    return (
        decision.verdict == before.verdict
        and decision.verdict in commands.TEXTS
        and decision.article_id == before.article_id
        and entry.request is not None
        and entry.request == last.request
    )
