"""Hold the desk in memory: the stories, who said what, and the order they stand in now.

The journal is the truth. What an editor says is fsynced there before it is believed, and everybody's decisions,
one's own included, arrive by reading on in it; one background writer brings them into the database.
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
    """Someone else has decided on a story since the page was drawn."""


class Judge(Protocol):
    """Scores stories anew after each decision."""

    def relevance(self, stories: Sequence[Story]) -> tuple[dict[str, float], dict[str, float]]:
        """Return P(picked) of the stories it knows, by id, given what was said, and how unsure it is of each."""

    def read(self, article: Article) -> Story:
        """Judge an article that was found by hand, and know it from now on."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A decision, and the story as it was before."""

    decision: Decision
    before: Story | None


class Desk:
    """The shortlist as it is now, shared by all who look at this desk.

    Parameters
    ----------
    workspace : Workspace
    is_past : bool
        Whether this is the desk of a past evening (`--as-of`), where time stands still.
    """

    def __init__(self, workspace: Workspace, *, is_past: bool = False) -> None:
        self.workspace = workspace
        self.is_past = is_past
        self.judge: Judge | None = None
        self._lock = threading.RLock()
        self._stories: dict[str, Story] = {}
        self._told_by: dict[str, str] = {}  # id of any article of a story → the story's id
        self._snapshot: list[Spoken] = []
        self._mutes: list[Decision] = []
        self._hidden: set[str] = set()  # ids of what is muted
        self._bookmark = Bookmark()
        self._order_is_new = False
        self.fingerprint: object = None
        self.quotas: dict[str, int] = {}
        self.reload()

    def reload(self) -> None:
        """Read the shortlist from the database and what was said from the journal."""
        with self.workspace.database.reading() as connection:
            rows = shortlist.shortlist(connection)
            known = decisions.last_seq(connection)
            fingerprint = shortlist.fingerprint(connection)
            issues = known_issues(connection, self.as_of.issues_before)
        with self._lock:
            self.fingerprint = fingerprint
            self.quotas = listing.quotas(self.workspace.newsletter.sections, issues)
            self._stories = {story.id: story for story in rows}
            self._told_by = {id: story.id for story in rows for id in (story.id, *story.duplicate_ids)}
            self._snapshot, self._mutes, self._bookmark = [], [], Bookmark()
            self.follow()
            # a state in the table is that of the coming issue: what was put off for the last one is new again
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
        """The moment this desk stands at: now, or the past evening it was opened for."""
        return self.workspace.as_of if self.is_past else AsOf.now()

    # --- what is there -------------------------------------------------------------------------------------------

    @property
    def seq(self) -> int:
        """Place in the journal up to which this desk knows what was said."""
        return self._bookmark.seq

    def stories(self) -> list[Story]:
        """Return all stories of the shortlist as they are now, but for those that are muted."""
        with self._lock:
            return [story for story in self._stories.values() if story.id not in self._hidden]

    def story(self, id: str) -> Story:
        """Return one story, by the id of any of its articles."""
        with self._lock:
            if id not in self._told_by:
                raise NotFoundError(f"no story {id!r} on the shortlist")
            return self._stories[self._told_by[id]]

    def muted(self) -> list[str]:
        """Return what is muted now, as "kind:value"."""
        last = {decision.text or "": decision.verdict for decision in self._mutes}
        return [text for text, verdict in last.items() if verdict == "mute"]

    def last(self, editor: str) -> Spoken | None:
        """Return what an editor's undo would take back."""
        with self._lock:
            return next((spoken for spoken in reversed(self._snapshot) if spoken.decision.editor == editor), None)

    def said_after(self, seq: int) -> list[Spoken]:
        """Return what was said about the shortlist beyond a place in the journal."""
        with self._lock:
            return [spoken for spoken in self._snapshot if spoken.decision.seq > seq]

    # --- what is said --------------------------------------------------------------------------------------------

    def say(self, said: Sequence[Decision], seen: int | None = None) -> list[Decision]:
        """Make decisions durable and let the desk follow them.

        Parameters
        ----------
        said : decisions
        seen : int, optional
            Place in the journal up to which the editor had seen what others said.

        Raises
        ------
        OverruledError
            If another editor has since decided on one of the stories; nothing is written then.
        """
        with self._lock:
            self.follow()
            if seen is not None:
                self._refuse_silent_overruling(said, seen)
            stored = self.workspace.journal.append(said)
            self.follow()
        return stored

    def undo(self, editor: str) -> Decision | None:
        """Take back an editor's last decision; None if there is nothing to take back."""
        with self._lock:
            self.follow()
            spoken = self.last(editor)
            if spoken is None:
                return None
            story = self.story(spoken.before.id) if spoken.before else None
            if story and story.seq > spoken.decision.seq and story.editor != editor:
                raise OverruledError(f"{story.editor} has decided on “{story.title}” since; decide on it anew")
            (taken,) = self.say([commands.inverse(spoken.decision, spoken.before, editor, self.as_of.time)])
        return taken

    def follow(self) -> bool:
        """Read on in the journal, and rank anew. Returns whether anything was said."""
        with self._lock:
            said, self._bookmark = self.workspace.journal.read_on(self._bookmark)
            for decision in said:
                self._hear(decision)
            if any(decision.verdict in decisions.STATES for decision in said):
                self._rank()
        return bool(said)

    def use(self, judge: Judge | None) -> None:
        """Let a judge rank from now on; None: the order of the night stays."""
        with self._lock:
            self.judge = judge
            self._rank()

    def take_in(self, story: Story) -> None:
        """Let a story that was found by hand stand on the shortlist."""
        with self._lock:
            self._stories[story.id] = story
            self._told_by |= dict.fromkeys((story.id, *story.duplicate_ids), story.id)

    def new_order(self) -> list[Story]:
        """Return the undecided stories if their order has changed since this was last asked, else none."""
        with self._lock:
            changed, self._order_is_new = self._order_is_new, False
            return self._undecided() if changed else []

    def _undecided(self) -> list[Story]:
        return [story for story in self.stories() if story.state == "new"]

    def _rank(self) -> None:
        if self.judge is None:
            return
        relevance, doubt = self.judge.relevance(list(self._stories.values()))
        for story in listing.in_order([s for s in self._undecided() if s.id in relevance], relevance, doubt):
            self._stories[story.id] = story
        self._order_is_new = True

    def _hear(self, decision: Decision) -> None:
        if decision.verdict in ("mute", "unmute"):
            self._mutes.append(decision)
            self._hide()
            self._remember(decision, None)
        elif decision.article_id in self._told_by:
            before = self._stories[self._told_by[decision.article_id]]
            self._stories[before.id] = commands.apply(before, decision)
            self._remember(decision, before)

    def _hide(self) -> None:
        falls_under = mute_filter(self._mutes)
        self._hidden = {story.id for story in self._stories.values() if story.state == "new" and falls_under(story)}

    def _remember(self, decision: Decision, before: Story | None) -> None:
        """Keep what an undo would take back; what takes a decision back leaves nothing to undo."""
        last = self.last(decision.editor)
        if last and commands.takes_back(decision, last.decision, last.before):
            self._snapshot.remove(last)
        else:
            self._snapshot.append(Spoken(decision, before))

    def _refuse_silent_overruling(self, said: Sequence[Decision], seen: int) -> None:
        for decision in said:
            story = self._stories.get(self._told_by.get(decision.article_id or "", ""))
            if story and story.seq > seen and story.editor != decision.editor and decision.verdict in decisions.STATES:
                raise OverruledError(
                    f"{story.editor} has said “{story.state}” about “{story.title}” a moment ago; "
                    "say it again if you mean it"
                )
