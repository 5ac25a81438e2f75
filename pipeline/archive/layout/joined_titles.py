"""Join a title that stands in a paragraph of its own with the link that stands below it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.archive.blocks import Block, is_address, plain
from pipeline.archive.layout.labels import Labels, is_mark
from pipeline.archive.layout.leads import bold_lead
from pipeline.archive.layout.lone_links import is_lone_link, reads_on

LONGEST_TITLE_LINE = 140  # characters
FARTHEST = 2  # paragraphs between a bold lead and its link
SOURCE = re.compile(r"(?:-{1,3}|–|—{1,2}|―)")
SENTENCE_END = (".", "!", "…", ":", ";", ",", "。", "！", "：")


def join_titles(blocks: Sequence[Block], labels: Labels) -> list[Block]:
    """Join `Title` and `https://…`, and `**Title.** Text` and `Read more`, in paragraphs that follow each other."""
    joined: list[Block] = []
    for block in blocks:
        title = _title_above(joined, block, labels)
        if title is not None:
            parts = joined[title:]
            del joined[title:]
            block = replace(parts[0], lines=tuple(line for part in [*parts, block] for line in part.lines))
        joined.append(_with_bold_title(block, labels))
    return joined


def _with_bold_title(block: Block, labels: Labels) -> Block:
    """Mark the first line of a paragraph in bold if it is a title, and the only link reads on from what is below."""
    if block.kind != "paragraph" or len(block.lines) < 2 or len(block.links) != 1 or not begins_with_title(block):
        return block
    last = replace(block, lines=block.lines[-1:])
    if not is_lone_link(last) or is_address(last.text) or not (labels.is_label(last.links[0]) or reads_on(last)):
        return block
    return replace(block, lines=(tuple(span._replace(is_bold=True) for span in block.lines[0]), *block.lines[1:]))


def titled_quotes(blocks: Sequence[Block]) -> list[Block]:
    """Make a paragraph of each quote that is nothing but a title in bold above an address: it is an entry."""
    return [replace(block, kind="paragraph") if _is_titled_address(block) else block for block in blocks]


def _is_titled_address(block: Block) -> bool:
    if block.kind != "quote" or len(block.lines) != 2 or len(block.links) != 1:
        return False
    title, address = block.lines
    is_bold = all(span.is_bold and span.url is None for span in title if span.text.strip())
    return is_bold and bool(plain(title)) and len(address) == 1 and is_address(address[0].text)


def quote_sources(blocks: Sequence[Block]) -> list[Block]:
    """Make `-- [Somebody](url)` below a paragraph without link part of the quote that it is the source of.

    With another such line below it, it is one of a list.
    """
    return [
        replace(block, kind="quote")
        if above is not None and _is_source(block, above) and not (after and _is_signed(after))
        else block
        for above, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False)
    ]


def _is_source(block: Block, above: Block) -> bool:
    return not above.links and above.kind in ("paragraph", "quote", "item") and _is_signed(block)


def _is_signed(block: Block) -> bool:
    if block.kind != "paragraph" or not block.lines:
        return False
    line = block.lines[0]
    first = next((nth for nth, span in enumerate(line) if span.url is not None), 0)
    return SOURCE.fullmatch(plain(line[:first])) is not None and len(block.lines) == 1


def _title_above(above: Sequence[Block], block: Block, labels: Labels) -> int | None:
    """Return the place of the title that a lone link belongs to."""
    if not is_lone_link(block) or not above:
        return None
    is_label = labels.is_label(block.links[0]) or reads_on(block)
    last = above[-1]
    if is_mark(block.links[0].text) and _is_title_line(last):
        return len(above) - 1
    if not is_label:
        return None
    plain_title = None
    for back in range(1, min(FARTHEST + 1, len(above)) + 1):
        candidate = above[-back]
        if candidate.kind == "quote":
            continue
        if candidate.kind not in ("paragraph", "item") or candidate.links or not candidate.lines:
            break
        lead = bold_lead(candidate.lines[0])
        if lead and not labels.is_lead_label(lead):
            return len(above) - back
        if candidate.kind == "paragraph" and not lead and begins_with_title(candidate):
            plain_title = len(above) - back
    return plain_title


def _is_title_line(block: Block) -> bool:
    is_alone = block.kind in ("paragraph", "item") and not block.links and len(block.lines) == 1
    return is_alone and begins_with_title(block)


def begins_with_title(block: Block) -> bool:
    """Is the first line short, and no sentence?"""
    text = plain(block.lines[0])
    return 0 < len(text) <= LONGEST_TITLE_LINE and not text.endswith(SENTENCE_END)
