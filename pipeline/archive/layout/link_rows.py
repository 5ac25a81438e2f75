"""Split a line of several titles that nothing but signs joins: `[one](…) · [two](…) · [three](…)`."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.archive.blocks import Block, Span, merge, plain
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.positions import BLANK, LONGEST_LABEL, NUMBER_OR_TAG

SIGN = re.compile(r"\s*[·•∙⋅|¦/\\]\s*")
COMMA = re.compile(r"\s*[·•∙⋅|¦/\\,;.，、；。]\s*")
AND = re.compile(r"(?:\s*[·•∙⋅|¦/\\,;.，、；。]|\s)\s*(?:[^\W\d_]{1,3}\s+|&\s+)?")  # before the last
SEVERAL = 3  # links that commas may join; of two, one may be the author's
WORDS_OF_TITLE = 3
LETTERS_OF_TITLE = 8  # where words are not divided by spaces
TITLED = 0.5  # share of the links behind the first of which more must have the words of a title


def split_link_row(block: Block, labels: Labels) -> list[Block]:
    """Return a block for each link of a row of titles, without the words that name the row; of others the block."""
    if len(block.links) < 2 or block.kind not in ("paragraph", "item") or block.text.endswith("|"):
        return [block]
    spans = merge([span for line in block.lines for span in (*line, BLANK)])
    places = [nth for nth, span in enumerate(spans) if span.url is not None]
    between = ["".join(span.text for span in spans[a + 1 : b]) for a, b in pairwise(places)]
    links = [spans[nth] for nth in places]
    is_row = (
        _names_row(plain(spans[: places[0]]))
        and not re.search(r"\w", plain(spans[places[-1] + 1 :]))
        and _are_joined(between)
        and _are_titles(links, labels)
    )
    return [replace(block, lines=((link,),)) for link in links] if is_row else [block]


def _names_row(before: str) -> bool:
    return NUMBER_OR_TAG.fullmatch(before) is not None or (
        len(before) <= LONGEST_LABEL and before.endswith((":", "："))
    )


def _are_joined(between: Sequence[str]) -> bool:
    if len(between) + 1 < SEVERAL:
        return all(map(SIGN.fullmatch, between))
    return all(map(COMMA.fullmatch, between[:-1])) and AND.fullmatch(between[-1]) is not None


def _are_titles(links: Sequence[Span], labels: Labels) -> bool:
    """Are they titles each, and not a title with its author, its paper or "comments"?"""
    if len({link.url for link in links}) < len(links) or any(map(labels.is_label, links)):
        return False
    later = links[1:]
    titled = sum(_has_words(link.text) for link in later)
    return titled == len(later) if len(links) < SEVERAL else titled > TITLED * len(later)


def _has_words(text: str) -> bool:
    return len(text.split()) >= WORDS_OF_TITLE or (not text.isascii() and len(text) >= LETTERS_OF_TITLE)
