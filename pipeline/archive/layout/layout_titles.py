"""Read the layout of title lines: `[Title](url) - Author, Outlet` above a comment, and one-liners at the end.

Blocks in, stories out. Title lines in a row stand as one entry. An entry without any is prose: its first link is the
story, as in each paragraph of a section with one-liners.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.archive.blocks import Block, Line, Span, is_address, plain
from pipeline.archive.extraction import LONGEST_BYLINE, Found, Part, Rules, Story, parts

NAME = "title lines with bylines"  # of this layout, as shown to the editor
NOT_FIRST = "not the first link of its entry"  # why a link in prose is no story
LONGEST_COMMA_BYLINE = 90  # a comma begins a sentence more often than a dash does
LONGEST_TAIL = 40  # words after the link that belong to the title although no byline follows
# after the link: (what else belongs to the title, then) a dash or comma before author, outlet or dates
BYLINE = re.compile(
    r"(?P<tail>\W{0,2}(?:[^()]{0,25}\))?(?:\([^()]*\))?)\s*(?P<mark>[-–—]+|,)\s*(?P<byline>\S.*)", re.DOTALL
)


@dataclass
class Entry:
    """What stands together: title lines, and the prose under them."""

    titles: list[Line] = field(default_factory=list)
    prose: list[Block] = field(default_factory=list)
    line: int = 0


def read_titles(blocks: Sequence[Block], rules: Rules) -> Found:
    """Find the stories of one issue, in order; links in a comment, the sign-off and the introduction are set aside."""
    rules = rules.with_referenced_hosts(blocks)
    found = Found()
    for part in parts(blocks):
        if not part.headings or any(map(rules.closes, part.headings)):
            found.set_aside(
                part.blocks, f"under {part.headings[-1]!r}" if part.headings else "before the first section"
            )
            continue
        for entry in _entries(part, rules.has_one_liners(part.headings[-1])):
            _add_entry(found, entry, part, rules)
    return found


def is_title_line(line: Line) -> bool:
    """Does the line begin with a link, followed by nothing but a byline?"""
    if not line or line[0].url is None or is_address(line[0].text):
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


def _entries(part: Part, one_liners: bool) -> Iterator[Entry]:
    entry = Entry()
    for block in part.blocks:
        titles = [] if one_liners else _title_lines(block)
        if block.kind == "rule" or (titles and entry.prose) or one_liners:
            yield entry
            entry = Entry(line=block.line)
        entry.titles += titles
        entry.prose += [] if titles or block.kind == "rule" else [block]
        entry.line = entry.line or block.line
    yield entry


def _title_lines(block: Block) -> list[Line]:
    """Return the title lines a paragraph begins with."""
    lines = []
    for line in block.lines if block.kind == "paragraph" else ():
        if not is_title_line(line):
            break
        lines.append(line)
    return lines


def _add_entry(found: Found, entry: Entry, part: Part, rules: Rules) -> None:
    number = len(found.stories)
    if entry.titles:
        for link, byline in map(split_title_line, entry.titles):
            if rules.leads_out(link):
                found.stories.append(Story(link, part.headings, number, entry.line, byline))
        found.set_aside(entry.prose, "in a comment")
        return
    for block in entry.prose:
        for link in filter(rules.leads_out, block.links):
            if link.is_bare:  # an address written out has no words to be a title
                found.set_aside([Block("paragraph", block.line, ((link,),))], "an address without words")
            elif len(found.stories) == number:
                found.stories.append(Story(link, part.headings, number, block.line, None, block.text, "inline"))
            else:
                found.set_aside([Block("paragraph", block.line, ((link,),))], NOT_FIRST)
