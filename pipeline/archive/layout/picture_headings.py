"""Read pictures that are a section's heading: they have no link, and the words in their place recur.

Mails set the names of their sections as pictures. The words become a short line; whether it serves as a heading is
decided with all other short lines.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.archive.blocks import Block
from pipeline.archive.document import Document
from pipeline.archive.layout.furniture import text_key
from pipeline.archive.layout.inferred_headings import heading_key, may_head

FEWEST = 2  # issues in which the words must stand for a picture
MASTHEAD = 0.5  # share of the issues with the same line below it, from which a picture is the newsletter's name


def with_picture_headings(documents: Sequence[Document]) -> list[Document]:
    """Turn pictures without a link whose words recur above links into short lines; drop the others without a link."""
    if not any(_is_unlinked(block) for document in documents for block in document.blocks):
        return list(documents)
    found = [dict(_lines_above_links(document.blocks)) for document in documents]
    counts = Counter(key for each in found for key in each)
    with_line_below = Counter(pair for each in found for pair in each.items())
    names = {key for key, n in counts.items() if n >= FEWEST} - {
        key for (key, _), n in with_line_below.items() if n >= max(FEWEST, MASTHEAD * len(documents))
    }
    return [replace(d, blocks=[each for b in d.blocks if (each := _line(b, names))]) for d in documents]


def _is_unlinked(block: Block) -> bool:
    return block.kind == "picture" and not block.url


def _lines_above_links(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield the words of each picture that may be a heading, with those of what stands below it."""
    for picture, below in pairwise(block for block in blocks if block.kind != "picture" or not block.url):
        if _is_unlinked(picture) and may_head(replace(picture, kind="paragraph"), below):
            yield heading_key(picture), text_key(below)


def _line(block: Block, names: set[str]) -> Block | None:
    if not _is_unlinked(block):
        return block
    return replace(block, kind="paragraph") if heading_key(block) in names else None
