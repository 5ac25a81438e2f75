"""Split paragraphs of thousands of links: what is asked of each link of a paragraph takes time with all its words."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.archive.blocks import Block, Span

MOST_LINKS = 200  # of one block; no editor writes so many


def split_long_block(block: Block) -> Iterator[Block]:
    """Yield a block, one of very many links in parts; a heading stays whole, as its words name what is below."""
    if block.kind == "heading" or len(block.links) <= MOST_LINKS:
        yield block
        return
    part: list[list[Span]] = [[]]
    n_links = 0
    for line in block.lines:
        for span in line:
            if span.url is not None and n_links == MOST_LINKS:
                yield replace(block, lines=tuple(map(tuple, part)))
                part, n_links = [[]], 0
            part[-1].append(span)
            n_links += span.url is not None
        part.append([])
    yield replace(block, lines=tuple(tuple(line) for line in part if line))
