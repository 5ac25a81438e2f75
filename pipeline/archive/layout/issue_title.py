"""The heading that names an issue, and what the headings that name a newsletter's issues begin with."""

import re
from collections.abc import Sequence, Set

from pipeline.archive.blocks import Block
from pipeline.archive.layout.furniture import recurring
from pipeline.archive.layout.inferred_headings import BOLD_LEVEL

TOP = 3  # blocks among which the title of an issue stands
NUMBERED = re.compile(r"\d{4}|#\s*\d+")
NAMED = 0.3  # share of the issues whose titles must begin with the same words


def issue_title(blocks: Sequence[Block], names: Set[str] | None = None) -> Block | None:
    """Return the heading that names the issue: the first at the top, where no other has its level or it is dated.

    Parameters
    ----------
    names : set of str, optional
        What the issues' titles begin with; one among others of its level begins so too.
    """
    for block in blocks[:TOP]:
        if block.kind == "heading" and block.level < BOLD_LEVEL:
            peers = sum(each.kind == "heading" and each.level <= block.level for each in blocks)
            is_top = block.level == 1 or all(
                b.level > block.level for b in blocks if b.kind == "heading" and b is not block
            )
            is_named = peers == 1 or names is None or NUMBERED.search(block.text) or _beginning(block) in names
            is_title = (peers == 1 and block.level == 1) or (is_named and re.search(r"\d", block.text))
            return block if is_top and is_title else None
    return None


def names_of(issues: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Return what the titles of a good part of the issues begin with."""
    titles = [[_beginning(title)] if (title := issue_title(blocks)) else [] for blocks in issues]
    return frozenset({"", *(key for key, n in recurring(titles).items() if n >= NAMED * len(issues))})


def headings_below_title(blocks: Sequence[Block], names: Set[str] | None) -> list[Block]:
    """Return all headings but the one that names the issue."""
    title = issue_title(blocks, names)
    return [block for block in blocks if block.kind == "heading" and block is not title]


def _beginning(heading: Block) -> str:
    """Return the letters before the first digit of a heading."""
    return "".join(re.findall(r"[^\W\d_]+", re.split(r"\d", heading.text.casefold(), maxsplit=1)[0]))
