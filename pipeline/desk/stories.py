"""The stories of a shortlist by id, with the decisions on them, and which of them are muted. The desk locks it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipeline.core.errors import NotFoundError
from pipeline.core.types import Article, Decision
from pipeline.desk import commands
from pipeline.ranking.mutes import active_mutes, mute_filter
from pipeline.store.shortlist import Story


class Stories:
    """The stories of a shortlist.

    Parameters
    ----------
    rows : sequence of Story
        As stored. They begin as the night made them, without decisions, so that undo goes back to that.
    """

    def __init__(self, rows: Sequence[Story] = ()) -> None:
        self._by_id = {story.id: commands.with_section(replace(story, state="new"), "") for story in rows}
        self._ids = {id: story.id for story in rows for id in (story.id, *story.duplicate_ids)}
        self._mutes: list[Decision] = []
        self.hidden: frozenset[str] = frozenset()  # ids of muted stories that nobody decided on

    def all(self) -> dict[str, Story]:
        """Return all stories by id, muted ones too."""
        return dict(self._by_id)

    def visible(self) -> list[Story]:
        """Return the stories that are not muted."""
        return [story for story in self._by_id.values() if story.id not in self.hidden]

    def id_of(self, id: str) -> str:
        """Return the id of the story that an article belongs to. Raises NotFoundError if none is on the shortlist."""
        if id not in self._ids:
            raise NotFoundError(f"no story {id!r} on the shortlist")
        return self._ids[id]

    def leading(self, id: str) -> str:
        """Return the id of the story that an article belongs to; the id itself if none is on the shortlist."""
        return self._ids.get(id, id)

    def story(self, id: str) -> Story:
        """Return a story by the id of any of its articles. Raises NotFoundError if it is not on the shortlist."""
        return self._by_id[self.id_of(id)]

    def get(self, id: str | None) -> Story | None:
        """Return a story by the id of any of its articles, None if it is not on the shortlist."""
        return self._by_id.get(self._ids.get(id or "", ""))

    def add(self, story: Story) -> None:
        """Add a story, or replace it."""
        self._by_id[story.id] = story
        self._ids |= dict.fromkeys((story.id, *story.duplicate_ids), story.id)

    def apply(self, decision: Decision) -> Story | None:
        """Apply a decision on a story. Returns the story as it was before, None if it is not on the shortlist."""
        before = self.get(decision.article_id)
        if before is not None:
            if decision.verdict == "group" and decision.text:  # the first one may be named by a twin's id, too
                decision = replace(decision, text=self.leading(decision.text))
            self._by_id[before.id] = commands.apply(before, decision)
        return before

    def mute(self, decision: Decision) -> None:
        """Hide the undecided stories of a source, an author or a phrase, or show them again."""
        self._mutes.append(decision)
        self.hide()

    def muted(self) -> list[str]:
        """Return the active mutes, as "kind:value"."""
        return active_mutes(self._mutes)

    def hide(self) -> None:
        """Find which stories are muted."""
        is_muted = mute_filter(self._mutes)
        self.hidden = frozenset(s.id for s in self._by_id.values() if s.state == "new" and is_muted(s))

    def settle(self, rows: Sequence[Story], known: int) -> None:
        """Take the stored state and section of the stories on which nothing was decided after entry `known`.

        The table holds the state for the next issue: a story put off before the last one is new again.
        """
        for row in rows:
            now = self._by_id[row.id]
            if now.seq <= known:
                self._by_id[row.id] = replace(
                    now, state=row.state, section=row.section, section_probability=row.section_probability
                )

    def move(self, ranked: Sequence[Story], before: Mapping[str, Story]) -> None:
        """Take over new ranks, except of stories that are no longer the same as before."""
        for story in ranked:
            if self._by_id.get(story.id) is before[story.id]:
                self._by_id[story.id] = story

    def update_text(self, article: Article) -> None:
        """Take over what a fetched page has added to an article."""
        story = self.story(article.id)
        self._by_id[story.id] = replace(
            story, text=article.text, summary=article.summary, author=article.author,
            paywalled=article.paywalled, language=article.language,
        )  # fmt: skip
