"""Split a paragraph whose every line is an entry with a link of its own."""

from pipeline.archive.blocks import Block, Line, Span, is_address, plain
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.leads import bold_lead
from pipeline.archive.layout.positions import NUMBER_OR_TAG

LEADING = 0.6  # share of the lines that must begin with a link for each to be an entry


def split_title_lines(block: Block, labels: Labels) -> list[Block]:
    """Split a paragraph into lines if most begin with a link, or all with bold words, and all have a link.

    "comments" stays with the line above, a comment without link below lines that are a link each with the last.
    """
    if block.kind != "paragraph" or len(block.lines) < 2:
        return [block]
    if all(_has_link(line) and (lead := bold_lead(line)) and not labels.is_lead_label(lead) for line in block.lines):
        return [Block(block.kind, block.line + nth, (line,), block.level) for nth, line in enumerate(block.lines)]
    end = max((nth for nth, line in enumerate(block.lines, 1) if _has_link(line)), default=0)
    first = [_leading_link(line) for line in block.lines[:end]]
    n_leading = sum(link is not None for link in first)
    if n_leading < max(1, LEADING * end, min(2, end)) or not all(map(_has_link, block.lines[:end])):
        return [block]
    if end < len(block.lines) and not all(len(line) == 1 for line in block.lines[:end]):
        return [block]  # text that goes on
    starts = [nth for nth, link in enumerate(first) if nth == 0 or link is None or not labels.is_label(link)]
    ends = [*starts[1:], len(block.lines)]
    return [
        Block(block.kind, block.line + start, block.lines[start:end], block.level)
        for start, end in zip(starts, ends, strict=True)
    ]


def _has_link(line: Line) -> bool:
    return any(span.url is not None for span in line)


def _leading_link(line: Line) -> Span | None:
    first = next((n for n, span in enumerate(line) if span.url is not None), None)
    if first is None or NUMBER_OR_TAG.fullmatch(plain(line[:first])) is None or is_address(line[first].text):
        return None
    return line[first]
