"""Group picked stories into the entries and sections of the next issue. Pure functions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from babel.dates import format_interval

from pipeline.archive.extraction import LONGEST_BYLINE
from pipeline.core.config import Newsletter
from pipeline.core.deadlines import Deadline
from pipeline.core.issue_number import is_day_number
from pipeline.core.languages import locale_of
from pipeline.drafts.patterns import format_day

UNPLACED = "To be placed"  # heading of stories that fit no section
HIGHLIGHTS = 8  # stories named in the subtitle
LONGEST_HIGHLIGHT = 60  # characters


@dataclass(frozen=True, slots=True)
class DraftStory:
    """A story the editor picked for the next issue."""

    id: str
    url: str
    title: str
    source: str = ""
    author: str | None = None
    section: str | None = None  # key; None: to be placed
    note: str = ""  # the editor's text, Markdown
    entry: str | None = None  # id of the first story of its entry
    rank: int | None = None
    deadlines: tuple[Deadline, ...] = ()  # in a section with deadlines
    remarks: tuple[str, ...] = ()  # to the editor: repeats, deadlines before the next issue
    edited_byline: str = ""  # as the editor wrote it
    language: str = Newsletter.language  # of days in the byline

    @property
    def byline(self) -> str:
        """As the editor wrote it, else author and outlet; where there are deadlines, these."""
        if self.edited_byline:
            return " ".join(self.edited_byline.split())
        if self.deadlines:
            words = ", ".join(dict.fromkeys(_in_language(deadline, self.language) for deadline in self.deadlines))
        else:
            words = ", ".join(dict.fromkeys(filter(None, (self.author, self.source))))
        words = " ".join(words.split())
        return words if len(words) < LONGEST_BYLINE - 5 else words[: LONGEST_BYLINE - 6] + "…"


def _in_language(deadline: Deadline, language: str) -> str:
    """Return the words around a deadline, if they are few, else its day as the language writes it."""
    if language == Newsletter.language or deadline.brief == deadline.text:
        return deadline.brief
    return format_interval(deadline.day, deadline.last_day, "MMMd", locale=locale_of(language))


@dataclass(frozen=True)
class DraftEntry:
    """Stories under one note, with the editor's text where a draft exists."""

    stories: tuple[DraftStory, ...]
    body: str | None = None  # the text under the titles in the existing draft; None: not drafted yet
    lines: dict[str, str] = field(default_factory=dict)  # url → its title line, as the editor left it
    text: str | None = None  # all of it as it stands in the existing draft, where [draft] gives the form

    @property
    def note(self) -> str:
        """The text under the titles: of the existing draft, else the stories' notes."""
        if self.body is not None:
            return self.body
        return "\n\n".join(story.note.strip() for story in self.stories if story.note.strip())

    @property
    def remarks(self) -> list[str]:
        """Remarks to the editor, a sentence each."""
        return list(dict.fromkeys(remark for story in self.stories for remark in story.remarks))


@dataclass(frozen=True)
class DraftSection:
    """A heading and the entries under it."""

    name: str
    key: str | None
    entries: tuple[DraftEntry, ...]
    has_one_liners: bool = False  # each story is a sentence of its own
    written: str | None = None  # its heading, Markdown, as the existing draft has it

    @property
    def heading(self) -> str:
        """Its name in Markdown."""
        return heading_text(self.name) if self.written is None else self.written


@dataclass(frozen=True)
class Draft:
    """The next issue before it is rendered."""

    number: int
    date: date
    newsletter: str
    sections: tuple[DraftSection, ...]
    language: str = Newsletter.language
    intro: str = ""  # the editor's words before the first section, Markdown
    preamble: str | None = None  # everything above the first section, as the editor left it
    closing: str | None = None  # everything below the last, as the editor left it

    @property
    def title(self) -> str:
        """Title for the front matter: `#84 - 23 July 2021`; without numbers, the day alone."""
        how = "%-d %B %Y" if self.language == Newsletter.language else self.language
        day = format_day(self.date, how)
        return day if is_day_number(self.number, self.date) else f"#{self.number} - {day}"

    @property
    def subtitle(self) -> str:
        """The highlights: the first story of each entry that is no one-liner."""
        entries = [entry for section in self.sections if not section.has_one_liners for entry in section.entries]
        return "; ".join(_highlight(entry.stories[0].title) for entry in entries[:HIGHLIGHTS])


def draft_entries(picked: Sequence[DraftStory], newsletter: Newsletter) -> tuple[DraftSection, ...]:
    """Group stories into entries and these into sections.

    Parameters
    ----------
    picked : sequence of DraftStory
        Best first. A story whose `entry` names another joins that entry, in its section.
    newsletter : Newsletter
        Says the order of the sections, and the language of days.

    Returns
    -------
    tuple of DraftSection
        Those that have entries, in the newsletter's order; first the stories without a section. A section with
        deadlines is ordered by the next one.
    """
    together: dict[str, list[DraftStory]] = {}
    ids = {story.id for story in picked}
    picked = [replace(story, language=newsletter.language) for story in picked]
    for story in sorted(picked, key=lambda s: s.entry not in (None, s.id)):  # leaders first, so that they lead
        together.setdefault(story.entry if story.entry in ids and story.entry else story.id, []).append(story)
    entries: dict[str | None, list[DraftEntry]] = {}
    known = {section.key for section in newsletter.sections}
    for stories in together.values():
        key = stories[0].section if stories[0].section in known else None
        if key in newsletter.one_liner_sections:
            entries.setdefault(key, []).extend(DraftEntry((story,)) for story in stories)
        else:
            entries.setdefault(key, []).append(DraftEntry(tuple(stories)))
    for key in newsletter.deadline_sections & entries.keys():
        entries[key].sort(key=_next_deadline)
    names: list[tuple[str | None, str]] = [(None, UNPLACED), *((s.key, s.name) for s in newsletter.sections)]
    return tuple(
        DraftSection(name, key, tuple(entries[key]), key in newsletter.one_liner_sections)
        for key, name in names
        if key in entries
    )


def one_liner(story: DraftStory) -> str:
    """Write a story as a sentence: the editor's note, with its link where the note marks it, else before it.

    In the note `[words]` without an address become the link.
    """
    note = " ".join(story.note.split())
    place = re.search(r"\[([^\[\]]+)\](?![(\[:])", note)
    if place and "](" not in note[: place.start()]:
        return f"{note[: place.end()]}({link_target(story.url)}){note[place.end() :]}"
    linked = f"[{escape(story.title)}]({link_target(story.url)})"
    return f"{linked}: {note}" if note else f"{linked}."


def title_line(story: DraftStory) -> str:
    """Write a story's title line: `[Title](url) - Author, Outlet`."""
    line = f"[{escape(story.title)}]({link_target(story.url)})"
    return f"{line} - {escape(story.byline)}" if story.byline else line


def escape(text: str) -> str:
    """Escape Markdown in a title; an address in it is text."""
    text = re.sub(r"([\\`*_\[\]<>&])", r"\\\1", " ".join(text.split()))
    return text.replace("://", "\\://")


def heading_text(name: str) -> str:
    """Escape what Markdown would take for markup in the name of a section; `A & B` and `C#` stay."""
    text = re.sub(r"([\\`*\[\]<])|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|(?<= )#(?=#*$)", r"\\\g<0>", " ".join(name.split()))
    return text.replace("://", "\\://")


def link_target(url: str) -> str:
    """Spell an address so that Markdown reads it back as it is; anything but http(s) becomes #."""
    if not url.startswith(("http://", "https://")):
        return "#"
    url = re.sub(r"(?=&\w+;)|(?=[\\<>])", r"\\", url)
    return f"<{url}>" if re.search(r"[()\s]|^$", url) else url


def _next_deadline(entry: DraftEntry) -> date:
    return min((d.day for story in entry.stories for d in story.deadlines if d.is_due), default=date.max)


def _highlight(title: str) -> str:
    words = " ".join(title.split())
    return words if len(words) <= LONGEST_HIGHLIGHT else words[:LONGEST_HIGHLIGHT].rpartition(" ")[0] + "…"
