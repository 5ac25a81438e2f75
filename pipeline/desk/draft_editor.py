"""The draft of the next issue on the desk: as it will read, and changes of its order, entries and sections."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.config import FILE_NAME
from pipeline.core.draft_form import warnings as form_warnings
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.types import Decision
from pipeline.desk import commands
from pipeline.desk.issue import Issue, issue_of
from pipeline.desk.session import Desk
from pipeline.drafts.draft import Draft, DraftEntry, DraftSection
from pipeline.drafts.html_body import to_html_body
from pipeline.drafts.render import form_of, title_of, write_markdown


@dataclass(frozen=True, slots=True)
class Layout:
    """The draft, as its parts and as it will read."""

    issue: Issue
    markdown: str
    html: str  # of the body; tags in titles are escaped
    warnings: Sequence[str] = ()  # of [draft] in newsletter.toml

    @property
    def draft(self) -> Draft:
        """Its parts."""
        return self.issue.draft

    @property
    def title(self) -> str:
        """The issue's title as it will read."""
        return title_of(self.draft, self.markdown)

    @property
    def closed(self) -> list[str]:
        """Titles of calls whose deadline is before the issue."""
        return [story.title for story in self.issue.closed]


def draft_layout(desk: Desk) -> Layout:
    """Make the draft from the current picks."""
    issue, workspace = issue_of(desk), desk.workspace
    markdown = write_markdown(issue.draft, workspace.folder, workspace.newsletter.draft)
    form = form_of(workspace.newsletter, workspace.folder)
    warnings = form_warnings(form, workspace.folder / FILE_NAME) if form else ()
    return Layout(issue, markdown, to_html_body(markdown, form), warnings)


def move(draft: Draft, id: str, by: int, editor: str, desk: Desk) -> Decision:
    """Swap an entry with the one above (-1) or below (1) it in its section."""
    section, at = _find(draft, id)
    if by not in (-1, 1):
        raise InputError("an entry moves by 1 or -1")
    entries = list(section.entries)
    other = min(max(at + by, 0), len(entries) - 1)
    entries[at], entries[other] = entries[other], entries[at]
    return _ordered(draft, {section.name: entries}, editor, desk)


def place(draft: Draft, id: str, before: str | None, section: str | None, editor: str, desk: Desk) -> list[Decision]:
    """Put an entry before another one, or last in a section.

    Parameters
    ----------
    before : str, optional
        Id of a story of the other entry; the entry comes into its section.
    section : str, optional
        Key of the section, where there is no such entry.
    """
    source, at = _find(draft, id)
    entry = source.entries[at]
    target, before_at = _find(draft, before) if before else (None, None)
    key = target.key if target else section
    if key is not None:
        desk.workspace.newsletter.section(key)
    entries = [e for e in (target or _section(draft, key)).entries if e is not entry]
    if target is not None and before_at is not None and target.entries[before_at] is not entry:
        entries.insert(entries.index(target.entries[before_at]), entry)
    else:
        entries.append(entry)
    name = target.name if target else _section(draft, key).name
    changed = {source.name: [e for e in source.entries if e is not entry]} | {name: entries}
    made = [_ordered(draft, changed, editor, desk)]
    if key is not None and key != source.key:
        made += [Decision(story.id, "section", editor, desk.as_of.time, key) for story in entry.stories]
    return made


def join(draft: Draft, id: str, editor: str, desk: Desk) -> list[Decision]:
    """Combine an entry with the one above it."""
    section, at = _find(draft, id)
    if at == 0:
        raise InputError("there is no entry above it in its section")
    return read_together(section.entries[at - 1], section.entries[at], editor, desk)


def read_together(first: DraftEntry, second: DraftEntry, editor: str, desk: Desk) -> list[Decision]:
    """Combine two entries under the first."""
    return commands.group([*_ids(first), *_ids(second)], editor, desk.as_of.time)


def _ordered(draft: Draft, changed: dict[str, list[DraftEntry]], editor: str, desk: Desk) -> Decision:
    entries = [entry for s in draft.sections for entry in changed.get(s.name, s.entries)]
    entries += [e for name, new in changed.items() if all(s.name != name for s in draft.sections) for e in new]
    return commands.order([id for entry in entries for id in _ids(entry)], editor, desk.as_of.time)


def _section(draft: Draft, key: str | None) -> DraftSection:
    return next((s for s in draft.sections if s.key == key), DraftSection(f"new {key}", key, ()))


def _find(draft: Draft, id: str) -> tuple[DraftSection, int]:
    for section in draft.sections:
        for at, entry in enumerate(section.entries):
            if id in _ids(entry):
                return section, at
    raise NotFoundError(f"no story {id!r} in the draft")


def _ids(entry: DraftEntry) -> Sequence[str]:
    return [story.id for story in entry.stories]
