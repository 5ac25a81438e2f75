"""The shortlist with the decisions of the journal applied: stories, undo history, requests, edits of the issue."""

from collections.abc import Sequence

from pipeline.core.types import Decision, Issue
from pipeline.desk.history import History
from pipeline.desk.stories import Stories
from pipeline.drafts.selection import last_intro
from pipeline.store.journal import Bookmark, Journal
from pipeline.store.shortlist import Story


class DecidedShortlist:
    """What follows from the rows of table `review` and the journal. Not thread-safe: the desk locks it.

    Parameters
    ----------
    rows : sequence of Story
    issues : sequence of Issue
        The past ones.
    """

    def __init__(self, rows: Sequence[Story] = (), issues: Sequence[Issue] = ()) -> None:
        self.stories = Stories(rows)
        self.history = History()
        self.seq = 0  # number of the last journal entry that was applied
        self._rows, self._issues = rows, issues
        self._bookmark = Bookmark()
        self._requests: dict[str, list[Decision]] = {}  # decisions by the client's request id
        self._edits: dict[str, Decision] = {}  # the last order and introduction of the issue

    def read_on(self, journal: Journal) -> list[Decision]:
        """Apply the entries that the journal has got since; return them."""
        decided, self._bookmark = journal.read_on(self._bookmark)
        for decision in decided:
            self._apply(decision)
        self.seq = self._bookmark.seq
        return decided

    def settle(self, known: int) -> None:
        """Take the stored states where the table has all decisions, those up to entry `known`; hide what is muted.

        Decisions on stories that ran since can no longer be undone.
        """
        self.stories.settle(self._rows, known)
        self.history.forget({story.id for story in self._rows if story.state == "ran"})
        self.stories.hide()

    def under(self, request_id: str | None) -> list[Decision]:
        """Return the decisions recorded under a client's request id."""
        return list(self._requests.get(request_id or "", ()))

    def issue_text(self, what: str) -> str:
        """Return the introduction ("intro") of the next issue, or the ids in its order ("order"), as recorded."""
        edit = self._edits.get(what)
        if what == "intro":
            return last_intro([edit] if edit else [], self._issues)
        return (edit and edit.text) or ""

    def _apply(self, decision: Decision) -> None:
        if decision.request_id:
            self._requests.setdefault(decision.request_id, []).append(decision)
        if decision.verdict in ("mute", "unmute"):
            self.stories.mute(decision)
            self.history.add(decision, None)
        elif decision.verdict in ("order", "intro"):
            self.history.add(decision, None, self.issue_text(decision.verdict))
            self._edits[decision.verdict] = decision
        elif before := self.stories.apply(decision):
            self.history.add(decision, before)
