"""The shortlist in memory: its stories, the decisions on them, and their current order.

Decisions are fsynced in the journal first; the state in memory follows by reading the journal, so that decisions of
this process and of others take the same way. `sync` brings them into the database.
"""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.types import Article, Decision, Issue
from pipeline.desk import commands, listing, order
from pipeline.desk.decided_shortlist import DecidedShortlist
from pipeline.desk.history import UNDO, HistoryEntry
from pipeline.desk.order import Reranker
from pipeline.desk.overruling import refuse_overruling, refuse_undoing
from pipeline.ops.workspace import Workspace
from pipeline.store import decisions, shortlist
from pipeline.store.issues import known_issues
from pipeline.store.shortlist import Story

if TYPE_CHECKING:
    from pipeline.desk.evidence import Evidence


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
        self._ranking = threading.Lock()  # one ranks at a time, and decisions do not wait for it; taken before `_lock`
        self._decided = DecidedShortlist()
        self.issues: list[Issue] = []  # the past ones
        self._order_is_new = False
        self._is_rank_due = False  # decisions were made since: ranked when the list is read
        self.version: object = None
        self.ranked_for: str | None = None  # date of the last night, None: none has run
        self.quotas: dict[str, int] = {}
        self.is_calibrated = False  # whether percentages and the number of picks left can be shown
        self.reload()

    def use_newsletter(self, newsletter: Newsletter) -> None:
        """Go on with changed settings."""
        self.workspace = replace(self.workspace, newsletter=newsletter)
        self.reload()

    def reload(self) -> None:
        """Read the shortlist from the database and the decisions from the journal."""
        with self.workspace.database.reading() as connection:
            rows = shortlist.shortlist(connection)
            known = decisions.last_seq(connection)
            version, ranked_for = shortlist.version(connection), shortlist.ranked_for(connection)
            issues = known_issues(connection, self.as_of.issues_before)
            is_calibrated = shortlist.is_calibrated(connection)
        with self._lock:
            self.version, self.ranked_for, self.is_calibrated = version, ranked_for, is_calibrated
            self.quotas = listing.quotas(self.workspace.newsletter.sections, issues)
            self.issues, self._decided = issues, DecidedShortlist(rows, issues)
            self.read_journal()
            self._decided.settle(known)
            self._is_rank_due = True
        self._rank()

    @property
    def as_of(self) -> AsOf:
        """The date and time of this desk: now, or that of `--as-of`."""
        return self.workspace.as_of if self.is_past else AsOf.now()

    # --- reading -------------------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """Number of the last journal entry that was read."""
        return self._decided.seq

    def stories(self, *, ranked: bool = True) -> list[Story]:
        """Return all stories of the shortlist that are not muted; `ranked=False` does not wait for the new order."""
        if ranked:
            self._rank()
        with self._lock:
            return self._decided.stories.visible()

    def story(self, id: str, *, ranked: bool = True) -> Story:
        """Return one story, by the id of any of its articles; see `stories`. Raises NotFoundError."""
        if ranked:
            self._rank()
        with self._lock:
            return self._decided.stories.story(id)

    def id_of(self, id: str) -> str:
        """Return the id of the story that an article belongs to. Raises NotFoundError if none is on the shortlist."""
        with self._lock:
            return self._decided.stories.id_of(id)

    def muted(self) -> list[str]:
        """Return the active mutes, as "kind:value"."""
        with self._lock:
            return self._decided.stories.muted()

    def issue_text(self, what: str) -> str:
        """Return the introduction ("intro") of the next issue, or the ids in its order ("order"), as recorded."""
        return self._decided.issue_text(what)

    def issue_order(self) -> list[str]:
        """Return the ids of stories in the order that the editor gave the next issue."""
        with self._lock:
            return list(dict.fromkeys(map(self._decided.stories.leading, self.issue_text("order").split())))

    def last(self, editor: str) -> HistoryEntry | None:
        """Return the decision that the editor's undo would revert."""
        with self._lock:
            return self._decided.history.last(editor)

    def decisions_after(self, seq: int) -> list[HistoryEntry]:
        """Return the decisions on the shortlist after a journal entry."""
        with self._lock:
            return list(self._decided.history.after(seq))

    def decided_under(self, request_id: str | None) -> list[Decision]:
        """Return the decisions recorded under a client's request id."""
        with self._lock:
            self.read_journal()
            return self._decided.under(request_id)

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
            client that got no answer can repeat its request. Several decisions without one get one: they are one undo.

        Raises
        ------
        OverruledError
            If another editor has since decided on one of the stories; nothing is written.
        """
        with self._lock:
            self.read_journal()
            known = self._decided.under(request_id)
            made = [decision for decision in made if not any(_is_same(decision, other) for other in known)]
            if not made:
                return known
            if seen is not None:
                pairs = [(decision, self._decided.stories.get(decision.article_id)) for decision in made]
                refuse_overruling(pairs, self._decided.history.after(seen))
            stored = self.workspace.journal.append(decisions.as_one_request(made, request_id))
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
            as_undo = UNDO + (request_id or secrets.token_hex(12))
            if undone := self._decided.under(as_undo):
                return undone
            entries = self._decided.history.of_request(editor, of) if of else self._decided.history.last_request(editor)
            first = min((entry.decision.seq for entry in entries), default=self.seq)
            refuse_undoing(entries, self._decided.history.after(first), editor)
            now = self.as_of.time
            reverting = [
                commands.inverse(entry.decision, entry.before, editor, now, entry.text) for entry in reversed(entries)
            ]
            return self.record(reverting, request_id=as_undo) if reverting else []

    def read_journal(self) -> bool:
        """Apply new journal entries and rank again. Returns whether there were any."""
        with self._lock:
            decided = self._decided.read_on(self.workspace.journal)
            self._is_rank_due |= any(decision.verdict in decisions.STATES for decision in decided)
        return bool(decided)

    def use_reranker(self, reranker: Reranker | None) -> None:
        """Rank with this model from now on; None keeps the order of the night."""
        with self._lock:
            self.reranker, self._is_rank_due = reranker, True
        self._rank()

    @property
    def evidence(self) -> "Evidence | None":
        """What finds marks and near past picks; None before a model is there."""
        return getattr(self.reranker, "evidence", None)

    def update_text(self, article: Article) -> None:
        """Take over what a fetched page has added to an article."""
        with self._lock:
            self._decided.stories.update_text(article)

    def add_story(self, story: Story) -> None:
        """Add a story that was found by hand."""
        with self._lock:
            self._decided.stories.add(story)

    def changed_order(self) -> list[Story]:
        """Return the undecided stories if their order has changed since the last call, else none."""
        now = self.stories()
        with self._lock:
            changed, self._order_is_new = self._order_is_new, False
        return [story for story in now if story.state == "new"] if changed else []

    def _rank(self) -> None:
        """Rank anew if decisions were made since. The desk goes on deciding while the scores are computed."""
        with self._ranking:
            with self._lock:
                reranker, before = self.reranker, self._decided.stories.all()
                if reranker is None or not self._is_rank_due:
                    return
                self._is_rank_due, hidden = False, self._decided.stories.hidden
            found = order.ranked(reranker, list(before.values()), hidden)
            with self._lock:
                self._decided.stories.move(found, before)
                self._order_is_new = True


def _is_same(one: Decision, other: Decision) -> bool:
    return (one.article_id, one.verdict, one.text) == (other.article_id, other.verdict, other.text)
