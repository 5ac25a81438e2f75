"""Read the dialect of title lines: `[Title](url) - Author, Outlet` above a comment, and one-liners at the end.

Blocks in, picks out. Title lines in a row stand as one entry. An entry without any is prose: its first link is the
pick, as in each one-liner of Random.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.archive.blocks import Block, Line, Span, plain
from pipeline.types import Pick
from pipeline.urls import canonical_url, host_of

SectionFor = Callable[[str], str | None]

LONGEST_BYLINE = 150
LONGEST_COMMA_BYLINE = 90  # a comma begins a sentence more often than a dash does
# after the link: (what else belongs to the title, then) a dash or comma before author, outlet or dates
BYLINE = re.compile(r"(?P<tail>\W{0,2}(?:[^()]{0,25}\))?(?:\([^()]*\))?)\s*(?P<mark>[-–—]+|,)\s*(?P<byline>\S.*)", re.S)
LONGEST_TAIL = 40  # words after the link that belong to the title although no byline follows
CLOSING = re.compile(r"that.?s it|about this newsletter|jobs\b", re.IGNORECASE)
ISSUE_REFERENCE = re.compile(r"#0*(\d+)")
ONE_LINERS = "random"  # key of the section whose paragraphs stand alone


@dataclass
class Entry:
    """What stands together: title lines, and the prose under them."""

    heading: str
    titles: list[Line] = field(default_factory=list)
    prose: list[Block] = field(default_factory=list)


def read_house(blocks: Sequence[Block], section_for: SectionFor, own_hosts: frozenset[str]) -> list[Pick]:
    """Return the picks of one issue, in order.

    Parameters
    ----------
    blocks : sequence of Block
        The issue without its front matter.
    section_for : callable
        Heading → section key, None where no alias maps it.
    own_hosts : frozenset of str
        Hosts of the newsletter itself; links there are no picks. Hosts that references such as `#53` lead to are
        added.
    """
    own_hosts |= _referenced_hosts(blocks)
    picks: list[Pick] = []
    number = 0
    for entry in _entries(blocks, section_for):
        links = _links(entry, own_hosts)
        number += bool(links)
        for link, byline, context in links:
            picks.append(
                Pick(
                    section_name=entry.heading,
                    title=" ".join(link.text.split()),
                    url=canonical_url(link.url or "") or None,
                    position=len(picks) + 1,
                    entry=number,
                    section=section_for(entry.heading),
                    byline=byline,
                    context=context,
                    kind="title" if entry.titles else "inline",
                )
            )
    return picks


def is_title_line(line: Line) -> bool:
    """Does the line begin with a link, followed by nothing but a byline?"""
    if not line or line[0].url is None:
        return False
    rest = plain(line[1:])
    match = BYLINE.match(rest)
    if not match:
        return len(rest) <= LONGEST_TAIL
    return len(rest) <= (LONGEST_COMMA_BYLINE if match["mark"] == "," else LONGEST_BYLINE)


def split_title_line(line: Line) -> tuple[Span, str | None]:
    """Split a title line into its link, with all that belongs to the title, and its byline."""
    link, rest = line[0], plain(line[1:])
    match = BYLINE.match(rest)
    tail = match["tail"] if match else rest
    if tail.strip(" .)"):
        link = Span(f"{link.text.rstrip()}{'' if tail[0] in '?!:' else ' '}{tail}", link.url)
    return link, match["byline"].strip() if match else None


def _referenced_hosts(blocks: Sequence[Block]) -> frozenset[str]:
    """Find where `#53` leads: a link so named, to an address that ends in that number, is to the newsletter itself."""
    found = set()
    for link in (link for block in blocks for link in block.links):
        match = ISSUE_REFERENCE.fullmatch(link.text.strip())
        if match and re.search(rf"\D0*{match[1]}/?$", link.url or ""):
            found.add(host_of(canonical_url(link.url or "")))
    return frozenset(found - {""})


def _entries(blocks: Sequence[Block], section_for: SectionFor) -> Iterator[Entry]:
    heading, entry = "", Entry("")
    for block in blocks:
        starts = block.kind in ("heading", "rule")
        if block.kind == "heading":
            heading = _section_heading(block.text, section_for)
        titles = [] if section_for(heading) == ONE_LINERS else _title_lines(block)
        if starts or (titles and entry.prose) or section_for(heading) == ONE_LINERS:
            yield entry
            entry = Entry(heading)
        if heading and not starts:
            entry.titles += titles
            entry.prose += [] if titles else [block]
    yield entry


def _section_heading(text: str, section_for: SectionFor) -> str:
    """Return the heading, or "" where what follows is the sign-off, jobs or the newsletter's own matters."""
    text = " ".join(text.split())
    return "" if CLOSING.match(text) and section_for(text) is None else text


def _title_lines(block: Block) -> list[Line]:
    """Return the title lines a paragraph begins with."""
    lines = []
    for line in block.lines if block.kind == "paragraph" else ():
        if not is_title_line(line):
            break
        lines.append(line)
    return lines


def _links(entry: Entry, own_hosts: frozenset[str]) -> list[tuple[Span, str | None, str]]:
    """Return an entry's picks as link, byline and context."""
    if entry.titles:
        found = [(*split_title_line(line), "") for line in entry.titles]
    else:
        found = [(link, None, block.text) for block in entry.prose for link in block.links]
    found = [f for f in found if _leads_out(f[0], own_hosts)]
    return found if entry.titles else found[:1]


def _leads_out(link: Span, own_hosts: frozenset[str]) -> bool:
    url = canonical_url(link.url or "")
    return link.url == "" or (bool(url) and host_of(url) not in own_hosts)
