"""Find the list of links that a page's script holds, as JSON, and draws where the page is looked at."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pipeline.archive.blocks import Block
from pipeline.archive.formats.export_bodies import nested_links
from pipeline.core.urls import canonical_url

LIST = re.compile(r'\[\s*\{\s*"')
FEWEST = 3  # links
MOST_LISTS = 20  # of a page that are looked at
SHOWN = 0.5  # share of the links that the page shows without its script that the list must have


def drawn_blocks(markup: str, shown: Sequence[Block]) -> list[Block]:
    """Return the longest list of links in a page's scripts; [] where the page shows more of them, or other ones."""
    lists = [nested_links({"links": values}, 1) for values in _lists(markup)]
    longest = max(lists, key=len, default=[])
    drawn = _addresses(longest)
    if len(drawn) < FEWEST:
        return []
    visible = _addresses(shown)
    return longest if len(drawn) > len(visible) and len(drawn & visible) >= SHOWN * len(visible) else []


def _lists(markup: str) -> Iterator[list[Any]]:
    start, n_lists = 0, 0
    while n_lists < MOST_LISTS and (found := LIST.search(markup, start)):
        start, n_lists = found.end(), n_lists + 1
        if markup.rfind("<script", 0, found.start()) <= markup.rfind("</script", 0, found.start()):
            continue
        try:
            values, start = json.JSONDecoder().raw_decode(markup, found.start())
        except (ValueError, RecursionError):
            continue
        yield values


def _addresses(blocks: Sequence[Block]) -> set[str]:
    urls = (canonical_url(link.url or "") for block in blocks for link in block.links)
    return {url for url in urls if url}
