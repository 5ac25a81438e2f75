"""Of the links of a section that stand where stories do, leave those that belong to the entry above them."""

from collections.abc import Sequence
from itertools import pairwise

from pipeline.archive.blocks import Block
from pipeline.archive.layout.positions import Spot

WORDS_OF_SENTENCE = 4  # before a link
Spots = Sequence[tuple[Block, Spot | None]]


def with_other_lines(spots: Spots, accepted: Sequence[bool]) -> list[bool]:
    """Accept lines of a paragraph of entries whose link stands within a sentence: beside a line that leads with it.

    "See also: [this]" stays a comment.
    """
    lines = {block.line for (block, spot), is_story in zip(spots, accepted, strict=True) if is_story and _is_line(spot)}
    return [
        is_story or (_is_within_sentence(spot) and bool(lines & {block.line - 1, block.line + 1}))
        for (block, spot), is_story in zip(spots, accepted, strict=True)
    ]


def _is_within_sentence(spot: Spot | None) -> bool:
    return spot is not None and spot.position == "sentence" and len(spot.before.split()) >= WORDS_OF_SENTENCE


def _is_line(spot: Spot | None) -> bool:
    return spot is not None and spot.position == "title line"


def without_parts(blocks: Sequence[Block], spots: Spots, accepted: Sequence[bool]) -> list[bool]:
    """Return which blocks begin an entry, of those that may."""
    return _without_notes(blocks, spots, _without_closings(blocks, spots, accepted))


def _without_notes(blocks: Sequence[Block], spots: Spots, accepted: Sequence[bool]) -> list[bool]:
    """Of items nested below a story, take those that lead with their link; a link within a sentence is a note's."""
    kept: list[bool] = []
    is_below_story = False
    for block, (_, spot), is_story in zip(blocks, spots, accepted, strict=True):
        if block.level <= 1:
            is_below_story = is_story and block.kind == "item"
        is_note = is_below_story and block.level > 1 and spot is not None and spot.position == "sentence in item"
        kept.append(is_story and not is_note)
    return kept


def closings_stand_in_rows(spots: Sequence[Spot | None]) -> bool:
    """Do two paragraphs that end with their link follow each other? A comment has one, so these are entries."""
    closings = [spot is not None and spot.position == "closing" for spot in spots]
    return any(a and b for a, b in pairwise(closings))


def _without_closings(blocks: Sequence[Block], spots: Spots, accepted: Sequence[bool]) -> list[bool]:
    """Of paragraphs that end with their link, leave those below an entry that led with its link: they belong to it."""
    if closings_stand_in_rows([spot for _, spot in spots]):
        return list(accepted)
    kept: list[bool] = []
    after_lead = False
    for block, (_, spot), is_story in zip(blocks, spots, accepted, strict=True):
        is_closing = spot is not None and spot.position == "closing"
        kept.append(is_story and not (is_closing and after_lead))
        after_lead = block.kind != "rule" and (after_lead or (is_story and not is_closing))
    return kept
