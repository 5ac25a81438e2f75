"""The next issue as the desk has it in memory: the same draft as `make_draft`, without waiting for the database."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import ceil

from models.words import count_words
from pipeline.core.deadlines import SUMMARY_CHARS, Deadline, find_deadlines
from pipeline.core.urls import url_key
from pipeline.desk.evidence import Evidence
from pipeline.desk.listing import WORDS_A_MINUTE
from pipeline.desk.session import Desk
from pipeline.drafts.draft import Draft, DraftSection, DraftStory
from pipeline.drafts.repeats import NEAR, Repeat
from pipeline.steps.draft import compose_draft, next_issue
from pipeline.store.shortlist import Story


@dataclass(frozen=True, slots=True)
class Issue:
    """The next issue, as the desk shows it."""

    draft: Draft
    closed: list[DraftStory]  # calls whose deadline is before the issue, left out
    notes: Mapping[str, str]  # by id: the blurb as the editor wrote it
    words: int

    @property
    def minutes(self) -> int:
        """Minutes to read it."""
        return ceil(self.words / WORDS_A_MINUTE)

    @property
    def unwritten(self) -> int:
        """Number of entries without a blurb."""
        return sum(not entry.note for section in self.draft.sections for entry in section.entries)

    def section(self, key: str | None) -> DraftSection | None:
        """Return the section of a key, None where it has no entry."""
        return next((section for section in self.draft.sections if section.key == key), None)


def issue_of(desk: Desk) -> Issue:
    """Return the next issue from the current picks."""
    picked, evidence, newsletter = _picked(desk), desk.evidence, desk.workspace.newsletter
    if evidence is not None:
        picked = [_with_repeat(story, evidence) for story in picked]
    past_day = desk.as_of.issues_before if desk.is_past else None  # with --as-of, the date of its issue
    number, day = next_issue(desk.issues, newsletter, desk.as_of, past_day)
    draft, closed = compose_draft(picked, desk.issues, newsletter, number, day)
    draft = replace(draft, intro=desk.issue_text("intro"))
    return Issue(draft, closed, {story.id: story.note for story in picked}, words_of_draft(draft))


def words_of_draft(draft: Draft) -> int:
    """Count the words of titles, bylines and texts."""
    texts = [draft.intro]
    for entry in (entry for section in draft.sections for entry in section.entries):
        texts += [entry.note, *(f"{story.title} {story.byline}" for story in entry.stories)]
    return count_words(" ".join(texts))


def _picked(desk: Desk) -> list[DraftStory]:
    ran = {url_key(pick.url) for issue in desk.issues for pick in issue.picks if pick.url}
    stories = [s for s in desk.stories() if s.state == "picked" and url_key(s.url) not in ran]
    place = {id: n for n, id in enumerate(desk.issue_order())}
    stories.sort(key=lambda s: (place.get(s.id, len(place)), s.rank is None, s.rank or 0, s.id))
    return [_as_draft(story) for story in stories]


def _as_draft(story: Story) -> DraftStory:
    text = f"{story.title}. {story.summary[:SUMMARY_CHARS]}"
    return DraftStory(
        story.id, story.url, story.headline or story.title, story.source, story.author, story.section, story.note,
        story.entry, story.rank, _deadlines(text, story.first_seen.date()), edited_byline=story.byline,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _deadlines(text: str, day: date) -> tuple[Deadline, ...]:
    return find_deadlines(text, day)


def _with_repeat(story: DraftStory, evidence: Evidence) -> DraftStory:
    nearest = next(iter(evidence.near(story.url, story.title)), None)
    if nearest is None or nearest.similarity < NEAR:
        return story
    sentence = Repeat(nearest.past, nearest.similarity, nearest.is_same).sentence
    return replace(story, remarks=(*story.remarks, sentence))
