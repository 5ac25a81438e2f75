"""Learn the words before a title that say what it is: "Residency: [Title](…)". "See also: [Title](…)" is a comment.

Words that name a kind of entry stand first in their section now and then; those that begin a comment never do.
"""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from pipeline.archive.blocks import Block, plain

KIND = re.compile(r"\W*(?P<words>[^\W\d_][\w'’&/-]*(?: [\w'’&/-]+){0,2})\s*(?:[:：|]|\s[–—-])\s*")
LONGEST = 30  # characters
SELDOM = 0.05  # share of some words that stand first in a section, from which they name a kind
USUAL = 0.1  # share of all such words that must stand first for the rare ones to be judged by the others
RARE = 1.5  # times that they would stand first if they named a kind, below which it says little that they never do


def learn_kinds(issues: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Return the words, in small letters, before links that name the kind of an entry."""
    n_all: Counter[str] = Counter()
    n_first: Counter[str] = Counter()
    for blocks in issues:
        for above, block in pairwise(blocks):
            if block.kind == "paragraph" and block.links and (words := kind_before(before_link(block))):
                n_all[words] += 1
                n_first[words] += above.kind == "heading"
    usual = n_first.total() / max(n_all.total(), 1)
    return frozenset(
        words
        for words, n in n_all.items()
        if n_first[words] >= max(1, SELDOM * n) or (usual >= USUAL and n * usual < RARE)
    )


def kind_before(before: str) -> str:
    """Return the words that may name a kind of entry, in small letters, from what stands before a link; "" if none."""
    found = KIND.fullmatch(before) if len(before) <= LONGEST else None
    return found["words"].casefold() if found else ""


def before_link(block: Block) -> str:
    """Return the words before the first link, if it stands in the first line."""
    line = block.lines[0]
    first = next((nth for nth, span in enumerate(line) if span.url is not None), 0)
    return plain(line[:first])
