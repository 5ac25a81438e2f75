"""Turn the plain text of a mail into blocks. Its links are lost, so what stood as a link has the address ""."""

import re
from collections.abc import Iterator

from pipeline.archive.blocks import Block, Line, Span
from pipeline.archive.extraction import LONGEST_BYLINE, Rules

LIST_ITEM = re.compile(r"(?:[•*-]|\d+\.)\s")
TITLE = re.compile(r"(?P<title>\S.*?)(?<!\s)(?P<byline>\s++[-–—]\s++(?:(?!\s[-–—]\s).)+)")


def to_blocks(text: str, rules: Rules) -> list[Block]:
    """Turn plain text into blocks.

    A line that names a section is a heading; two empty lines part entries, one is enough under a list. The first
    lines under these are title lines if they end like one, and in a section of one-liners each paragraph is a pick.
    """
    blocks: list[Block] = []
    one_liners, after_list = False, False
    for line, gap, lines in _paragraphs(text):
        if gap > 1:
            blocks.append(Block("rule", line))
        if len(lines) == 1 and (rules.section_for(lines[0]) or rules.closes(lines[0])):
            one_liners = rules.has_one_liners(lines[0])
            blocks.append(Block("heading", line, ((Span(lines[0]),),), 2))
        else:
            is_first = gap > 1 or (blocks[-1:] != [] and blocks[-1].kind == "heading") or after_list
            blocks.append(Block("paragraph", line, tuple(_linked(text, one_liners, is_first) for text in lines)))
        after_list = LIST_ITEM.match(lines[-1]) is not None
    return blocks


def _paragraphs(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the first line's number, how many empty lines stand above, and the lines."""
    lines: list[str] = []
    gap = 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if line.strip():
            lines.append(line.strip())
            continue
        if lines:
            yield number - len(lines), gap, lines
            lines, gap = [], 0
        gap += 1


def _linked(text: str, one_liners: bool, is_first: bool) -> Line:
    if one_liners:
        return (Span(text, ""),)
    match = TITLE.fullmatch(text) if is_first else None
    if match and len(match["byline"]) <= LONGEST_BYLINE and not text.endswith((".", ":")):
        return (Span(match["title"], ""), Span(match["byline"]))
    return (Span(text),)
