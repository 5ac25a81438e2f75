"""Link the titles of stories whose picture alone has the link: above the title, or below it.

A link around a picture has no words, so it names no story; its title is the heading, the line in bold or the short
line beside it. On which side is learned from all issues together. Where most cards have another link, of a title or
"Read more", that one is the story's, and the pictures are left out.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from typing import NamedTuple

from pipeline.archive.blocks import Block, Line, Span, plain
from pipeline.archive.document import Document
from pipeline.archive.layout.furniture import recurring
from pipeline.archive.layout.inferred_headings import heading_key
from pipeline.archive.layout.issue_title import issue_title
from pipeline.archive.layout.joined_titles import begins_with_title
from pipeline.archive.layout.leads import bold_lead
from pipeline.archive.layout.outline import RECURRING_SHARE, heading_recurs
from pipeline.core.urls import url_key

FEWEST_ISSUES = 3  # with fewer nothing can recur, and a section's heading looks like a title
RECURRING = 2  # issues in which an address, or the letters of a line, are no story's; or a share of all
SHARE_OF_CARDS = 0.5  # of the pictures, which must stand beside a title and above no other link
OF_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg|heic)(?:$|[?#])", re.IGNORECASE)  # leads to itself, larger
BESIDE = {"below": 1, "above": -1}


def with_linked_titles(documents: Sequence[Document]) -> list[Document]:
    """Give the titles beside linked pictures their link, where most have no other, and drop all pictures."""
    if not any(block.kind == "picture" for document in documents for block in document.blocks):
        return list(documents)
    issues = [_Pictures(document) for document in documents]
    chosen = _cards(issues) if len(issues) >= FEWEST_ISSUES else []
    side = _side(chosen)
    for issue, cards in zip(issues, chosen, strict=False):
        for card in cards:
            if side in card.titles:
                issue.link(card.titles[side], card.url)
    return [issue.document() for issue in issues]


def _cards(issues: Sequence["_Pictures"]) -> list[list["_Card"]]:
    """Return the cards of each issue; what recurs in others is none."""
    addresses = recurring(map(url_key, issue.addresses()) for issue in issues)
    words = recurring([heading_key(block) for block in issue.blocks if block.kind != "picture"] for issue in issues)
    shown = recurring(issue.words_shown_once() for issue in issues)
    fewest = max(RECURRING, math.ceil(RECURRING_SHARE * len(issues)))
    often = {key for key, n in addresses.items() if n >= fewest}
    logos = {key for key, n in shown.items() if n >= max(RECURRING, SHARE_OF_CARDS * len(issues))}
    return [list(issue.cards(often, logos, lambda block: heading_recurs(block, words, fewest))) for issue in issues]


class _Card(NamedTuple):
    url: str
    titles: dict[str, int]  # "above" or "below" → place of the line that may be the title
    has_link: bool  # below the picture, before the next one


def _side(issues: Sequence[Sequence[_Card]]) -> str:
    """Return on which side of the pictures their titles stand; "" where most have none, or another link."""
    cards = [card for issue in issues for card in issue]
    sides = Counter(side for card in cards if not card.has_link for side in card.titles)
    side, n = max(sides.items(), key=lambda item: item[1], default=("", 0))
    return side if n and n >= SHARE_OF_CARDS * len(cards) else ""


class _Pictures:
    """The pictures of one issue, and what stands beside them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.blocks = [block for block in document.blocks if block.lines or block.kind in ("rule", "picture")]
        self._is_linked = False
        self.linked = {url_key(link.url) for block in self.blocks for link in block.links if link.url}

    def addresses(self) -> Iterator[str]:
        return (block.url for block in self.blocks if block.kind == "picture")

    def words_shown_once(self) -> Iterator[str]:
        """Yield the words that stand for one of the pictures: for a logo in each issue, whatever its address counts."""
        shown = Counter(heading_key(block) for block in self.blocks if block.kind == "picture")
        return (key for key, n in shown.items() if n == 1)

    def cards(self, often: Set[str], logos: Set[str], recurs: Callable[[Block], bool]) -> Iterator[_Card]:
        """Yield each picture whose address stands nowhere else, with the lines beside it."""
        top = issue_title(self.blocks)
        sections = [block is top or (_is_line(block) and recurs(block)) for block in self.blocks]
        for at, block in enumerate(self.blocks):
            if block.kind != "picture" or OF_PICTURE.search(block.url) or url_key(block.url) in often | self.linked:
                continue
            if heading_key(block) in logos:
                continue
            beside = {side: at + step for side, step in BESIDE.items() if 0 <= at + step < len(self.blocks)}
            titles = {side: n for side, n in beside.items() if _is_line(self.blocks[n]) and not sections[n]}
            yield _Card(block.url, titles, self._has_link_below(at, sections))

    def link(self, at: int, url: str) -> None:
        """Link a heading, the bold words that a block begins with, or its first line."""
        title = self.blocks[at]
        self.blocks[at] = replace(title, lines=(_linked(title, url), *title.lines[1:]))
        self._is_linked = True

    def document(self) -> Document:
        """Return the issue without pictures; its Markdown has the links elsewhere, once titles have them."""
        if self._is_linked:
            return replace(self._document, blocks=_without_pictures(self.blocks), markdown="")
        blocks = self._document.blocks
        if self._document.markdown:  # in place of a picture stands a paragraph without words, which divides the text
            text = {block.line for block in blocks if block.kind != "picture"}
            blocks = [Block("paragraph", b.line) if b.kind == "picture" and b.line not in text else b for b in blocks]
        return replace(self._document, blocks=_without_pictures(blocks))

    def _has_link_below(self, at: int, sections: Sequence[bool]) -> bool:
        """Is there a link between a picture and the next one, or the next section?"""
        for block, is_section in zip(self.blocks[at + 1 :], sections[at + 1 :], strict=True):
            if block.kind in ("picture", "rule") or is_section:
                return False
            if any("://" in (link.url or "") for link in block.links):  # "#" is a place of the mail
                return True
        return False


def _without_pictures(blocks: Sequence[Block]) -> list[Block]:
    return [block for block in blocks if block.kind != "picture"]


def _is_line(block: Block) -> bool:
    """Is it a heading, or does it begin with words in bold or a short line, without a link?"""
    if block.links or not block.lines:
        return False
    is_text = block.kind in ("paragraph", "item")
    return block.kind == "heading" or (is_text and (bool(bold_lead(block.lines[0])) or begins_with_title(block)))


def _linked(title: Block, url: str) -> Line:
    first = title.lines[0]
    lead = bold_lead(first) if title.kind != "heading" else ""
    if not lead or lead == plain(first):
        return (Span(plain(first), url, first[0].is_bold),)
    return tuple(span._replace(url=url) if span.is_bold and span.text.strip() in lead else span for span in first)
