"""Tell lines that mark one entry as paid for from headings of sponsors' sections, and which entry they speak of.

A heading of sponsors stands where other sections stand. A line in the middle of a section, however it is set, marks the
entry beside it, and the stories that follow are the section's. On which side, the whole archive says: below the line if
nothing of its section stands above, above it if nothing stands below; else the line's words.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from typing import Literal

from pipeline.archive.blocks import Block
from pipeline.archive.layout.furniture import recurring
from pipeline.archive.layout.inferred_headings import BOLD_LEVEL, heading_key, is_short_line
from pipeline.archive.layout.outline import heading_recurs
from pipeline.archive.layout.paid import is_paid_heading, names_many_offers, offer_beside

FEWEST_ISSUES = 3  # with fewer nothing can recur
RECURRING = 2  # issues in which a line must be to be one of the newsletter's own
MOSTLY = 0.5  # share of a level's headings that must recur to be sections
MOST_MARKS = 4  # entries that a line marks in an issue that has it, in the mean
MAJORITY = 0.9  # of the lines with something on one side only, from which all lines speak of that side
SectionFor = Callable[[str], str | None]
Side = Literal["paid above", "paid below"]


def with_paid_marks(issues: Sequence[list[Block]], section_for: SectionFor) -> list[list[Block]]:
    """Give lines that mark one entry the kind "paid above" or "paid below", after where that entry stands."""
    keys = recurring([heading_key(b) for b in blocks if is_short_line(b)] for blocks in issues)
    own = frozenset(key for key, n in keys.items() if n >= RECURRING)
    counts = recurring([heading_key(b) for b in blocks if b.kind == "heading"] for blocks in issues)
    sections = _section_levels(issues, counts, section_for)
    levels = _levels_of_marks(issues, sections) if len(issues) >= FEWEST_ISSUES else frozenset()
    marks = [[_side(block, own, levels, section_for) for block in blocks] for blocks in issues]
    common = _common_lines(issues, marks)
    if common:  # "Announcement" beside each story is none
        marks = [
            [None if heading_key(b) in common else side for b, side in zip(blocks, sides, strict=True)]
            for blocks, sides in zip(issues, marks, strict=True)
        ]
    if not any(map(any, marks)):
        return list(issues)
    usual = _usual_side(issues, marks, sections)
    return [list(_marked(blocks, sides, usual, sections)) for blocks, sides in zip(issues, marks, strict=True)]


def _common_lines(issues: Sequence[Sequence[Block]], marks: Sequence[Sequence[Side | None]]) -> frozenset[str]:
    """Return the words that would mark more entries of an issue than are ever paid for."""
    found = [
        [heading_key(b) for b, side in zip(blocks, sides, strict=True) if side]
        for blocks, sides in zip(issues, marks, strict=True)
    ]
    in_issues = recurring(found)
    return frozenset(key for key, n in Counter(chain(*found)).items() if n > MOST_MARKS * in_issues[key])


def _marked(
    blocks: Sequence[Block], sides: Sequence[Side | None], usual: Side | None, sections: frozenset[int]
) -> Iterator[Block]:
    above: Side | None = None
    for block, side in zip(blocks, sides, strict=True):
        if side is not None:
            side = side if block.kind == "heading" else usual or side
            yield replace(block, kind=side, level=0)
        elif above == "paid below" and block.level == BOLD_LEVEL and BOLD_LEVEL not in sections:
            yield replace(block, kind="paragraph", level=0)  # the title of the offer
        else:
            yield block
        above = side


def _side(block: Block, own: frozenset[str], levels: frozenset[int], section_for: SectionFor) -> Side | None:
    if block.kind == "heading":
        return "paid below" if block.level in levels and _is_paid(block, section_for) else None
    beside = offer_beside(block) if block.kind == "paragraph" else None
    if beside is not None:
        return "paid below" if beside == "below" else "paid above"
    is_own = is_short_line(block) and heading_key(block) in own
    return "paid below" if is_own and _is_paid(block, section_for) else None


def _is_paid(block: Block, section_for: SectionFor) -> bool:
    is_one = is_paid_heading(block.text) and not names_many_offers(block.text)
    return is_one and section_for(block.text) is None


def _levels_of_marks(issues: Sequence[Sequence[Block]], sections: frozenset[int]) -> frozenset[int]:
    """Return the levels below all sections at which headings of sponsors are closed by no title of a story."""
    headings = [block for blocks in issues for block in blocks if block.kind == "heading"]
    paid = Counter(block.level for block in headings if is_paid_heading(block.text))
    others = Counter(block.level for block in headings if not is_paid_heading(block.text))
    deepest = max(sections, default=0)
    return frozenset(
        level for level, n in paid.items() if level > deepest and (level == BOLD_LEVEL or others[level] < n)
    )


def _section_levels(issues: Sequence[Sequence[Block]], counts: Counter[str], section_for: SectionFor) -> frozenset[int]:
    """Return the levels of which at least half of the headings recur, those of sponsors and of their offers aside."""
    recur: dict[int, list[bool]] = {}
    for above, block in ((above, block) for blocks in issues for above, block in pairwise([None, *blocks])):
        if block is not None and block.kind == "heading" and not (is_paid_heading(block.text) or _leads(above)):
            is_known = heading_recurs(block, counts, RECURRING) or section_for(block.text) is not None
            recur.setdefault(block.level, []).append(is_known)
    return frozenset(level for level, known in recur.items() if sum(known) >= MOSTLY * len(known))


def _leads(above: Block | None) -> bool:
    """Does a line say that what stands below it is paid for?"""
    return above is not None and above.kind == "paragraph" and offer_beside(above) == "below"


def _usual_side(
    issues: Sequence[Sequence[Block]], marks: Sequence[Sequence[Side | None]], sections: frozenset[int]
) -> Side | None:
    """Return the side on which the entry of lines stands that have something of their section on one side only."""
    votes: Counter[Side] = Counter()
    for blocks, sides in zip(issues, marks, strict=True):
        ends = [True, *(b.kind == "rule" or (b.kind == "heading" and b.level in sections) for b in blocks), True]
        for nth, side in enumerate(sides):
            is_first, is_last = ends[nth], ends[nth + 2]
            if side is not None and blocks[nth].kind == "paragraph" and is_first != is_last:
                votes["paid below" if is_first else "paid above"] += 1
    best = votes.most_common(1)
    return best[0][0] if best and best[0][1] >= max(RECURRING, MAJORITY * votes.total()) else None
