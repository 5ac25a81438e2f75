"""The shortlist in memory: its stories, the decisions on them, and their current order.

Decisions are fsynced in the journal first; the state in memory follows by reading the journal, so that decisions of
this process and of others take the same way. `sync` brings them into the database.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from pipeline.core.as_of import AsOf
from pipeline.core.errors import NotFoundError, TriageError
from pipeline.core.types import Article, Decision
from pipeline.desk import commands, listing
from pipeline.ops.workspace import Workspace
from pipeline.ranking.candidates import mute_filter
from pipeline.store import decisions, shortlist
from pipeline.store.issues import known_issues
from pipeline.store.journal import Bookmark
from pipeline.store.shortlist import Story


class OverruledError(TriageError):
    """Another editor has decided on the story since the page was rendered."""


class Reranker(Protocol):
    """Scores stories again after each decision."""

    def relevance(self, stories: Sequence[Story]) -> tuple[dict[str, float], dict[str, float]]:
        """Return P(picked) and uncertainty of the stories it knows, by id, given the decisions made."""

    def read(self, article: Article) -> Story:
        """Reranker an article that was found by hand, and know it from now on."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A decision, and the story as it was before it."""

    decision: Decision
    before: Story | None


class Desk:
    """The current shortlist, shared by all visitors of this process. Thread-safe.

    Parameters
    ----------
    workspace : Workspace
    is_past : bool
        Whether the workspace was opened with `--as-of`: the clock then stays at that date.
    """

    def __init__(self, workspace: Workspace, *, is_past: bool = False) -> None:
        self.workspace = workspace
        self.is_past = is_past
        self.reranker: Reranker | None = None
        self._lock = threading.RLock()
        self._stories: dict[str, Story] = {}
        self._story_ids: dict[str, str] = {}  # article id (duplicates included) → story id
        self._history: list[HistoryEntry] = []
        self._requests: dict[str, list[Decision]] = {}  # decisions by the client's request id
        self._mutes: list[Decision] = []
        self._hidden: set[str] = set()  # ids of muted stories
        self._bookmark = Bookmark()
        self._order_is_new = False
        self.version: object = None
        self.quotas: dict[str, int] = {}
        self.reload()

    def reload(self) -> None:
        """Read the shortlist from the database and the decisions from the journal."""
        with self.workspace.database.reading() as connection:
            rows = shortlist.shortlist(connection)
            known = decisions.last_seq(connection)
            version = shortlist.version(connection)
            issues = known_issues(connection, self.as_of.issues_before)
        with self._lock:
            self.version = version
            self.quotas = listing.quotas(self.workspace.newsletter.sections, issues)
            self._stories = {story.id: story for story in rows}
            self._story_ids = {id: story.id for story in rows for id in (story.id, *story.duplicate_ids)}
            self._history, self._mutes, self._requests, self._bookmark = [], [], {}, Bookmark()
            self.read_journal()
            # the table holds the state for the next issue: a story put off before the last one is new again
            for story in rows:
                if self._stories[story.id].seq <= known:
                    now = self._stories[story.id]
                    self._stories[story.id] = replace(
                        now, state=story.state, section=story.section, section_probability=story.section_probability
                    )
            self._hide()
            self._rank()

    @property
    def as_of(self) -> AsOf:
        """The date and time of this desk: now, or that of `--as-of`."""
        return self.workspace.as_of if self.is_past else AsOf.now()

    # --- reading -------------------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """Number of the last journal entry that was read."""
        return self._bookmark.seq

    def stories(self) -> list[Story]:
        """Return all stories of the shortlist that are not muted."""
        with self._lock:
            return [story for story in self._stories.values() if story.id not in self._hidden]

    def story(self, id: str) -> Story:
        """Return one story, by the id of any of its articles."""
        with self._lock:
            if id not in self._story_ids:
                raise NotFoundError(f"no story {id!r} on the shortlist")
            return self._stories[self._story_ids[id]]

    def muted(self) -> list[str]:
        """Return the active mutes, as "kind:value"."""
        last = {decision.text or "": decision.verdict for decision in self._mutes}
        return [text for text, verdict in last.items() if verdict == "mute"]

    def last(self, editor: str) -> HistoryEntry | None:
        """Return the decision that the editor's undo would revert."""
        with self._lock:
            return next((entry for entry in reversed(self._history) if entry.decision.editor == editor), None)

    def decisions_after(self, seq: int) -> list[HistoryEntry]:
        """Return the decisions on the shortlist after a journal entry."""
        with self._lock:
            return [entry for entry in self._history if entry.decision.seq > seq]

    # --- deciding ------------------------------------------------------------------------------------------------

    def record(
        self, made: Sequence[Decision], seen: int | None = None, request_id: str | None = None
    ) -> list[Decision]:
        """Write decisions to the journal and apply them.

        Parameters
        ----------
        made : sequence of Decision
        seen : int, optional
            Last journal entry that the editor's page knew.
        request_id : str, optional
            The client's id of this request. Decisions already recorded under it are not recorded again, so that a
            client that got no answer can repeat its request.

        Raises
        ------
        OverruledError
            If another editor has since decided on one of the stories; nothing is written.
        """
        with self._lock:
            self.read_journal()
            known = list(self._requests.get(request_id or "", ()))
            made = [decision for decision in made if not any(_is_same(decision, other) for other in known)]
            if not made:
                return known
            if seen is not None:
                self._refuse_overruling(made, seen)
            stored = self.workspace.journal.append([replace(decision, request_id=request_id) for decision in made])
            self.read_journal()
        return [*known, *stored]

    def undo(self, editor: str, of: str | None = None, request_id: str | None = None) -> list[Decision]:
        """Revert the editor's last request, or a given one. Returns the reverting decisions, none if there was none.

        Parameters
        ----------
        editor : str
        of : str, optional
            Id of the request to revert; default: the editor's last.
        request_id : str, optional
            The client's id of this request.
        """
        with self._lock:
            self.read_journal()
            if request_id in self._requests:
                return self._requests[request_id]
            entries = self._entries_to_undo(editor, of)
            for entry in entries:
                story = self.story(entry.before.id) if entry.before else None
                if story and story.seq > entry.decision.seq and story.editor != editor:
                    raise OverruledError(f"{story.editor} has decided on “{story.title}” since; decide on it again")
            now = self.as_of.time
            reverting = [commands.inverse(entry.decision, entry.before, editor, now) for entry in reversed(entries)]
            return self.record(reverting, request_id=request_id) if reverting else []

    def _entries_to_undo(self, editor: str, of: str | None) -> list[HistoryEntry]:
        last = self.last(editor)
        of = of or (_edit_of(last.decision) if last else None)
        if of is None:
            return [last] if last else []
        return [e for e in self._history if e.decision.editor == editor and _edit_of(e.decision) == of]

    def read_journal(self) -> bool:
        """Apply new journal entries and rank again. Returns whether there were any."""
        with self._lock:
            decided, self._bookmark = self.workspace.journal.read_on(self._bookmark)
            for decision in decided:
                self._apply(decision)
            if any(decision.verdict in decisions.STATES for decision in decided):
                self._rank()
        return bool(decided)

    def use_reranker(self, reranker: Reranker | None) -> None:
        """Rank with this model from now on; None keeps the order of the night."""
        with self._lock:
            self.reranker = reranker
            self._rank()

    def add_story(self, story: Story) -> None:
        """Add a story that was found by hand."""
        with self._lock:
            self._stories[story.id] = story
            self._story_ids |= dict.fromkeys((story.id, *story.duplicate_ids), story.id)

    def changed_order(self) -> list[Story]:
        """Return the undecided stories if their order has changed since the last call, else none."""
        with self._lock:
            changed, self._order_is_new = self._order_is_new, False
            return self._undecided() if changed else []

    def _undecided(self) -> list[Story]:
        return [story for story in self.stories() if story.state == "new"]

    def _rank(self) -> None:
        if self.reranker is None:
            return
        relevance, doubt = self.reranker.relevance(list(self._stories.values()))
        for story in listing.in_order([s for s in self._undecided() if s.id in relevance], relevance, doubt):
            self._stories[story.id] = story
        self._order_is_new = True

    def _apply(self, decision: Decision) -> None:
        if decision.request_id:
            self._requests.setdefault(decision.request_id, []).append(decision)
        if decision.verdict in ("mute", "unmute"):
            self._mutes.append(decision)
            self._hide()
            self._remember(decision, None)
        elif decision.article_id in self._story_ids:
            before = self._stories[self._story_ids[decision.article_id]]
            self._stories[before.id] = commands.apply(before, decision)
            self._remember(decision, before)

    def _hide(self) -> None:
        is_muted = mute_filter(self._mutes)
        self._hidden = {story.id for story in self._stories.values() if story.state == "new" and is_muted(story)}

    def _remember(self, decision: Decision, before: Story | None) -> None:
        """Add a decision to the undo history, or remove the one that it reverts."""
        last = self.last(decision.editor)
        if last and commands.takes_back(decision, last.decision, last.before):
            self._history.remove(last)
        elif last and _is_same_edit(decision, last.decision):
            self._history[self._history.index(last)] = HistoryEntry(decision, last.before)
        else:
            self._history.append(HistoryEntry(decision, before))

    def _refuse_overruling(self, made: Sequence[Decision], seen: int) -> None:
        for decision in made:
            story = self._stories.get(self._story_ids.get(decision.article_id or "", ""))
            if story is None:
                continue
            if decision.verdict == "note":
                self._refuse_overwriting(story, decision, seen)
            elif story.seq > seen and story.editor != decision.editor and decision.verdict in decisions.STATES:
                raise OverruledError(
                    f"{story.editor} has marked “{story.title}” as {story.state} meanwhile; decide again to overrule"
                )

    def _refuse_overwriting(self, story: Story, note: Decision, seen: int) -> None:
        for entry in reversed(self._history):
            other = entry.decision
            if other.seq <= seen:
                return
            if other.verdict == "note" and other.article_id == story.id and other.editor != note.editor:
                raise OverruledError(
                    f"{other.editor} has written a blurb for “{story.title}” meanwhile: “{story.note}”; save again to "
                    "replace it"
                )


def _is_same(one: Decision, other: Decision) -> bool:
    return (one.article_id, one.verdict, one.text) == (other.article_id, other.verdict, other.text)


def _edit_of(decision: Decision) -> str | None:
    """Return the id of a request, or of the edit whose autosaves are "EDIT:1", "EDIT:2", …"""
    return decision.request_id.partition(":")[0] if decision.request_id else None


def _is_same_edit(decision: Decision, last: Decision) -> bool:
    """Return whether a note is the next autosave of the same edit, which one undo reverts as a whole."""
    return (
        (decision.verdict, last.verdict) == ("note", "note")
        and decision.article_id == last.article_id
        and _edit_of(decision) is not None
        and _edit_of(decision) == _edit_of(last)
    )
