"""Merge an existing draft with a new one, so that no text of the editor is lost. Text in, records out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.archive.blocks import Span
from pipeline.archive.draft_reading import frame_of, read_draft
from pipeline.archive.extraction import Rules
from pipeline.archive.formats.format_markdown import FRONT_MATTER, to_blocks
from pipeline.archive.layout.layout_titles import is_title_line, split_title_line
from pipeline.archive.pieces import Entry, Pieces, divide
from pipeline.core.config import Newsletter
from pipeline.core.urls import article_id, canonical_url, url_key
from pipeline.drafts.draft import UNPLACED, Draft, DraftEntry, DraftSection, DraftStory

HEADING = re.compile(r"##\s+(?P<text>\S.*)")
RULE = re.compile(r"\s*(-{3,}\s*|(\*\s*){3,})")
FEW_WORDS = 6  # beside its title, of an entry in which the editor wrote nothing …
SENTENCE = re.compile(r"\w\W+\w{2,}\W{0,3}[.!?…。！？]\W{0,3}(\s|$)")  # … and no sentence either
REMARK = re.compile(r"<!-- triage: .*?-->\s*\n?")


@dataclass
class ExistingEntry:
    """An entry of the existing file."""

    lines: dict[str, str] = field(default_factory=dict)  # url → its title line or one-liner
    body: str = ""
    text: str | None = None  # all of it, where [draft] gives the form


@dataclass
class ExistingDraft:
    """An existing draft, split into its parts."""

    preamble: str = ""
    sections: list[tuple[str, list[ExistingEntry]]] = field(default_factory=list)
    closing: str = ""


def parse_draft(text: str, rules: Rules) -> ExistingDraft:
    """Split a draft into preamble, sections with entries, and closing; only Triage's own remarks are dropped."""
    match = FRONT_MATTER.match(text)
    start = match.end() if match else 0
    existing, chunks = ExistingDraft(), _sections(REMARK.sub("", text[start:]))
    existing.preamble = text[:start] + chunks.pop(0)[1]
    for nth, (heading, body) in enumerate(chunks):
        if rules.closes(heading):
            existing.closing = "".join(f"## {later}\n{text}" for later, text in chunks[nth:])
            break
        entries = _one_liners(body) if rules.has_one_liners(heading) else _entries(body)
        existing.sections.append((heading, entries))
    return existing


def parse_formed(text: str, newsletter: Newsletter) -> ExistingDraft:
    """Split a draft that is written in the form of [draft]; each entry is kept whole."""
    text = REMARK.sub("", text)
    document, found = read_draft(text, newsletter, (UNPLACED,))
    is_frame = frame_of(newsletter.draft) if newsletter.draft else (lambda block: False)
    pieces = divide(document, found, is_frame)
    lines = text.splitlines(keepends=True)
    if not pieces.entries:
        return ExistingDraft(preamble=text)
    existing = ExistingDraft("".join(lines[: pieces.all[len(pieces.opening)].block.line - 1]))
    last = pieces.entries[-1].pieces[-1].end
    for entry in pieces.entries:
        if not existing.sections or existing.sections[-1][0] != entry.section:
            existing.sections.append((entry.section, []))
        existing.sections[-1][1].extend(_formed_entries(entry, pieces, lines))
    existing.closing = "".join(lines[last - 1 :])
    return existing


def _formed_entries(entry: Entry, pieces: Pieces, lines: Sequence[str]) -> list[ExistingEntry]:
    """Return an entry, and before it what stands between it and the one above, where that is more than a rule."""
    text = "".join(lines[entry.head.block.line - 1 : entry.pieces[-1].end - 1]).strip("\n")
    urls = {canonical_url(story.link.url or ""): text for story in entry.stories}
    beside = " ".join(piece.block.text for piece in entry.pieces)
    for story in entry.stories:
        beside = beside.replace(story.link.text, "", 1)
    says_more = len(re.findall(r"\w+", beside)) > FEW_WORDS or SENTENCE.search(beside) is not None
    at = pieces.all.index(entry.head)
    between: list[str] = []
    for piece in reversed(pieces.all[:at]):
        if piece.block.kind in ("heading", "rule") or piece in [p for e in pieces.entries for p in e.pieces]:
            break
        between.insert(0, piece.text)
    above = [] if not between or at == 0 else [ExistingEntry({}, "\n\n".join(between), "\n\n".join(between))]
    return [*above, ExistingEntry(urls, text if says_more else "", text)]


def merge_edits(draft: Draft, existing: ExistingDraft, rules: Rules, known: set[str]) -> Draft:
    """Copy the editor's text into a new draft.

    Parameters
    ----------
    draft : Draft
        Made from what is picked now.
    existing : ExistingDraft
        The file as it was.
    rules : Rules
        Of the newsletter: heading → section.
    known : set of str
        url_key of every story that has been a candidate: one of these that is no longer picked leaves the draft if
        it has no text; a link the editor put in by hand stays.
    """
    old = {url_key(url): entry for _, entries in existing.sections for entry in entries for url in entry.lines}
    sections = [replace(s, entries=tuple(_with_edits(entry, old) for entry in s.entries)) for s in draft.sections]
    drafted = {url_key(story.url) for section in sections for entry in section.entries for story in entry.stories}
    for heading, entries in existing.sections:
        for entry in entries:
            keys = {url_key(url) for url in entry.lines}
            if not keys & drafted and (entry.body.strip() or not keys <= known):
                sections = _add(sections, heading, rules, _as_entry(entry))
    return replace(
        draft, sections=tuple(sections), preamble=existing.preamble or None, closing=existing.closing or None
    )


def _sections(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in text.splitlines(keepends=True):
        match = HEADING.fullmatch(line.rstrip().rstrip("#").rstrip())
        if match:
            found.append((match["text"], []))
        else:
            found[-1][1].append(line)
    return [(heading, "".join(lines)) for heading, lines in found]


def _entries(body: str) -> list[ExistingEntry]:
    entries = [ExistingEntry()]
    for line in body.splitlines():
        if RULE.fullmatch(line):
            entries.append(ExistingEntry())
        elif link := _title_link(line):
            if entries[-1].body.strip():
                entries.append(ExistingEntry())
            entries[-1].lines[canonical_url(link.url or "")] = _without_break(line)
        else:
            entries[-1].body += line + "\n"
    for entry in entries:
        entry.body = entry.body.strip("\n")
    return [entry for entry in entries if entry.lines or entry.body.strip()]


def _one_liners(body: str) -> list[ExistingEntry]:
    entries = []
    for paragraph in re.split(r"\n\s*\n", body):
        links = [link for block in to_blocks(paragraph) for link in block.links]
        if paragraph.strip() and not RULE.fullmatch(paragraph.strip()):
            url = canonical_url(links[0].url or "") if links else ""
            entries.append(ExistingEntry({url: paragraph.strip()} if url else {}, "" if url else paragraph.strip()))
    return entries


def _title_link(line: str) -> Span | None:
    if not line.startswith("["):
        return None
    blocks = to_blocks(_without_break(line))
    parsed = blocks[0].lines[0] if blocks and blocks[0].lines else ()
    return split_title_line(parsed)[0] if is_title_line(parsed) and canonical_url(parsed[0].url or "") else None


def _without_break(line: str) -> str:
    return re.sub(r"(?:(?<!\s)\s*<br\s*/?>|\\)\Z", "", line.rstrip())


def _with_edits(entry: DraftEntry, old: dict[str, ExistingEntry]) -> DraftEntry:
    """Copy title lines and text of an entry's stories; text of stories that were separate entries is joined."""
    found = [old[url_key(story.url)] for story in entry.stories if url_key(story.url) in old]
    if not found:
        return entry
    bodies = dict.fromkeys(one.body for one in found if one.body.strip())
    lines = {url_key(url): line for one in found for url, line in one.lines.items()}
    texts = list(dict.fromkeys(one.text for one in found if one.text is not None))
    kept = {story.url: lines[url_key(story.url)] for story in entry.stories if url_key(story.url) in lines}
    return replace(
        entry, body="\n\n".join(bodies) if bodies else None, lines=kept, text="\n\n".join(texts) if texts else None
    )


def _as_entry(entry: ExistingEntry) -> DraftEntry:
    stories = tuple(DraftStory(article_id(url), url, url) for url in entry.lines)
    return DraftEntry(stories, entry.body, dict(entry.lines), entry.text)


def _add(sections: Sequence[DraftSection], name: str, rules: Rules, entry: DraftEntry) -> list[DraftSection]:
    """Put an entry last in its section, which is made if it is not there."""
    key = rules.section_for(name)
    for nth, section in enumerate(sections):
        if section.name == name or (key is not None and section.key == key):
            grown = replace(section, entries=(*section.entries, entry))
            return [*sections[:nth], grown, *sections[nth + 1 :]]
    return [*sections, DraftSection(name, key, (entry,), rules.has_one_liners(name), written=name)]
