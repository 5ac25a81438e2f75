"""The step `draft`: build the next issue from the picked stories. Writes no table; the command writes the file."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from models.embedder import Embedder
from pipeline.archive.draft_reading import read_draft
from pipeline.archive.extraction import Rules, to_picks
from pipeline.archive.formats.format_markdown import read_markdown
from pipeline.archive.layout.layout_titles import read_titles
from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.deadlines import Deadline, closes_before, lapsed
from pipeline.core.embedding_text import title_text
from pipeline.core.issue_number import day_number, is_day_number
from pipeline.core.types import Issue
from pipeline.core.urls import host_of
from pipeline.drafts.draft import Draft, DraftStory, draft_entries
from pipeline.drafts.outlets import learn_outlets
from pipeline.drafts.render import title_of
from pipeline.drafts.repeats import PastStory, find_repeats
from pipeline.drafts.selection import picked_stories, read_intro
from pipeline.store.database import Database
from pipeline.store.embeddings import read_vectors
from pipeline.store.issues import known_issues

WEEK = timedelta(days=7)


def make_draft(
    database: Database,
    newsletter: Newsletter,
    as_of: AsOf,
    embedder: Embedder | None = None,
    number: int | None = None,
    day: date | None = None,
) -> tuple[Draft, list[DraftStory]]:
    """Build the draft of the next issue.

    Parameters
    ----------
    database, newsletter, as_of
        The workspace's.
    embedder : Embedder, optional
        With it each story is compared with all past picks.
    number, day : optional
        Of the issue. Default: the last issue's number plus one; the next issue day.

    Returns
    -------
    Draft
    list of DraftStory
        Calls left out because they have closed by the issue's day.
    """
    with database.reading() as connection:
        issues = known_issues(connection, as_of.issues_before)
    picked = picked_stories(database, newsletter, as_of)
    if embedder is not None:
        picked = _with_repeats(picked, issues, database, embedder)
    next_number, next_day = next_issue(issues, newsletter, as_of, day)
    draft, closed = compose_draft(picked, issues, newsletter, next_number if number is None else number, next_day)
    return replace(draft, intro=read_intro(database, as_of)), closed


def next_issue(
    issues: Sequence[Issue], newsletter: Newsletter, as_of: AsOf, day: date | None = None
) -> tuple[int, date]:
    """Return number and day of the issue after the past ones; its day is the next issue day unless one is given."""
    day = day or newsletter.next_issue_date(as_of.time, issues[-1].date if issues else None)
    return _next_number(issues, day), day


def compose_draft(
    picked: Sequence[DraftStory], issues: Sequence[Issue], newsletter: Newsletter, number: int, day: date
) -> tuple[Draft, list[DraftStory]]:
    """Build a draft without an introduction from picked stories, best first. Returns as `make_draft`.

    Parameters
    ----------
    issues : sequence of Issue
        The past ones, by date: they say what outlets are called.
    """
    outlets = learn_outlets(issues, newsletter.dated_sections)
    stories = [replace(story, source=outlets.get(host_of(story.url), story.source)) for story in picked]
    stories = [_with_deadlines(story, day, newsletter.deadline_sections) for story in stories]
    closed = [story for story in stories if lapsed(story.deadlines, day)]
    entries = draft_entries([story for story in stories if story not in closed], newsletter)
    return Draft(number, day, newsletter.name, entries, newsletter.language), closed


def draft_issue(draft: Draft, markdown: str, newsletter: Newsletter) -> Issue:
    """Return a draft as the issue that would be imported from its Markdown; `newsletter.draft` is the form it has."""
    rules = Rules.of(newsletter)
    if newsletter.draft:
        found = read_draft(markdown, newsletter)[1]
    else:
        found = read_titles(read_markdown(markdown, "the draft")[1], rules)
    title = title_of(draft, markdown)
    return Issue(draft.number, draft.date, title, draft.subtitle, to_picks(found.stories, rules.section_for))


def _next_number(issues: Sequence[Issue], day: date) -> int:
    if not issues:
        return 1
    last = issues[-1]
    return day_number(day) if is_day_number(last.number, last.date) else last.number + 1


def _with_deadlines(story: DraftStory, day: date, sections: Collection[str]) -> DraftStory:
    """Drop dates outside sections with deadlines; remark on those due before the following issue."""
    if story.section not in sections:
        return replace(story, deadlines=())
    soon = closes_before(story.deadlines, day, day + WEEK)
    return replace(story, remarks=(*(_closing(deadline) for deadline in soon), *story.remarks))


def _closing(deadline: Deadline) -> str:
    zone = f" {deadline.zone}" if deadline.zone else ""
    return f"closes on {deadline.last_day.isoformat()}{zone}, before the next issue"


def _with_repeats(
    picked: Sequence[DraftStory], issues: Sequence[Issue], database: Database, embedder: Embedder
) -> list[DraftStory]:
    """Remark on similar past picks; past picks without a vector are ignored."""
    past = [PastStory(issue.number, pick.title, pick.url) for issue in issues for pick in issue.picks]
    with database.reading() as connection:
        known = read_vectors(connection, embedder.identity, [title_text(story.title) for story in past])
    past = [story for story in past if title_text(story.title) in known]
    if not past or not picked:
        return list(picked)
    vectors = embedder.embed([title_text(story.title) for story in picked])
    past_vectors = np.stack([known[title_text(story.title)] for story in past])
    repeats = find_repeats([story.url for story in picked], vectors, past, past_vectors)
    return [
        replace(story, remarks=(*story.remarks, repeat.sentence)) if repeat else story
        for story, repeat in zip(picked, repeats, strict=True)
    ]
