"""The draft of the next issue on the desk: preview, order of entries, joining entries."""

from dataclasses import dataclass

from markdown_it import MarkdownIt

from pipeline.archive.format_markdown import FRONT_MATTER
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.session import Desk
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection
from pipeline.drafts.render import LINE_BREAK, write_markdown
from pipeline.steps.draft import make_draft
from pipeline.store import decisions


@dataclass(frozen=True, slots=True)
class Layout:
    """The draft, as its parts and as it will read."""

    draft: Draft
    closed: list[str]  # titles of calls whose deadline is before the issue
    markdown: str
    html: str  # of the body; tags in notes and titles are escaped


def draft_layout(desk: Desk) -> Layout:
    """Make the draft from the current picks."""
    workspace = desk.workspace
    decisions.catch_up(workspace.journal, workspace.database)
    embedder = workspace.embedder if desk.reranker else None  # before the reranker is ready, do not wait for a model
    day = desk.as_of.issues_before if desk.is_past else None  # with --as-of, the date of its issue
    draft, closed = make_draft(workspace.database, workspace.newsletter, desk.as_of, embedder, day=day)
    markdown = write_markdown(draft, workspace.folder, workspace.newsletter.draft)
    body = LINE_BREAK.sub("  ", _without_remarks(FRONT_MATTER.sub("", markdown, count=1)))
    html = MarkdownIt("commonmark", {"html": False}).render(body)
    return Layout(draft, [story.title for story in closed], markdown, html)


def move(draft: Draft, id: str, by: int, editor: str, desk: Desk) -> Decision:
    """Swap an entry with the one above (-1) or below (1) it in its section."""
    section, at = _find(draft, id)
    if by not in (-1, 1):
        raise InputError("an entry moves by 1 or -1")
    entries = list(section.entries)
    other = min(max(at + by, 0), len(entries) - 1)
    entries[at], entries[other] = entries[other], entries[at]
    ids = [_ids(entry) for s in draft.sections for entry in (entries if s is section else s.entries)]
    return commands.order([id for group in ids for id in group], editor, desk.as_of.time)


def join(draft: Draft, id: str, editor: str, desk: Desk) -> list[Decision]:
    """Combine an entry with the one above it."""
    section, at = _find(draft, id)
    if at == 0:
        raise InputError("there is no entry above it in its section")
    return commands.group([*_ids(section.entries[at - 1]), *_ids(section.entries[at])], editor, desk.as_of.time)


def _find(draft: Draft, id: str) -> tuple[DraftSection, int]:
    for section in draft.sections:
        for at, entry in enumerate(section.entries):
            if id in _ids(entry):
                return section, at
    raise NotFoundError(f"no story {id!r} in the draft")


def _ids(entry: DraftEntry) -> list[str]:
    return [story.id for story in entry.stories]


def _without_remarks(markdown: str) -> str:
    """Remove our remarks to the editor, which the page shows beside the entries."""
    return "\n".join(line for line in markdown.splitlines() if not line.startswith("<!-- triage:"))
