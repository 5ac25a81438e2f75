"""Split issues into parts: under which section and which story heading each block stands.

Whether a heading names a section or a story is learned from all issues of a newsletter: the words of sections recur,
those of stories do not.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from pipeline.archive.blocks import Block
from pipeline.archive.furniture import recurring
from pipeline.archive.positions import reads_on

Role = Literal["title", "section", "story"]
BOLD_LEVEL = 7  # of a line in bold that serves as a heading: below all others
LONGEST_HEADING = 80  # characters of a paragraph that serves as a heading
RECURRING_SHARE = 0.05  # of the issues in which the words of a section must occur, and at least in two
STORY_LIKE = 5  # so many times more often a heading with a link or a number must occur
TOP = 3  # blocks among which the title of an issue stands
DATED = re.compile(r"\d{4}|#\s*\d+|\d+")
SENTENCE_END = (".", "!", "?", ",", ";", "。", "！", "？")


@dataclass
class Section:
    """The blocks directly under one heading, with the headings above."""

    headings: tuple[str, ...]  # sections, outermost first
    story: Block | None = None  # the heading of one story, where it is not a section's
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    """What was learned of a newsletter's headings."""

    section_for: Callable[[str], str | None]
    counts: Counter[str]  # heading key → issues
    fewest: int
    section_levels: frozenset[int]

    def sections(self, blocks: Sequence[Block], is_furniture: Callable[[Block], bool]) -> Iterator[Section]:
        """Split one issue at its headings."""
        open_: list[tuple[int, str]] = []
        part = Section(())
        title = issue_title(blocks)
        divided = False  # by bold lines, which begin right below its heading
        for block in blocks:
            if block.kind != "heading":
                part.blocks.append(block)
                continue
            if block is title:
                continue
            is_empty = (
                bool(part.headings)
                and part.story is None
                and not any(each.links and not is_furniture(each) for each in part.blocks)
            )
            yield part
            divided = block.level == BOLD_LEVEL and (divided or is_empty)
            if divided and not self.section_for(block.text):
                part = Section(part.headings)
            elif self.is_section(block):
                open_ = [(level, text) for level, text in open_ if level < block.level]
                open_.append((block.level, block.text))
                part = Section(tuple(text for _, text in open_ if text))
            else:
                open_ = [(level, text) for level, text in open_ if level < block.level or block.level == BOLD_LEVEL]
                part = Section(tuple(text for _, text in open_ if text), block)
        yield part

    def is_section(self, heading: Block) -> bool:
        """Does the heading name a section?"""
        text = heading.text
        if self.section_for(text) or _recurs(heading, self.counts, self.fewest):
            return True
        return heading.level in self.section_levels


def heading_key(block: Block) -> str:
    """Return the letters of a heading, which stay when emoji, digits and marks change; of a linked one all words."""
    return "".join(re.findall(r"\w+" if block.links else r"[^\W\d_]+", block.text.casefold()))


def _recurs(heading: Block, counts: Counter[str], fewest: int) -> bool:
    """Do the words recur? The title of a story may do so now and then: "React Conf", "Django 4.2 released"."""
    is_story_like = bool(heading.links) or re.search(r"\d", heading.text) is not None
    return counts[heading_key(heading)] >= (STORY_LIKE * fewest if is_story_like else fewest)


def issue_title(blocks: Sequence[Block]) -> Block | None:
    """Return the heading that names the issue: the first at the top, where no other has its level or it is dated."""
    for block in blocks[:TOP]:
        if block.kind == "heading" and block.level < BOLD_LEVEL:
            peers = sum(each.kind == "heading" and each.level <= block.level for each in blocks)
            is_top = block.level == 1 or all(
                b.level > block.level for b in blocks if b.kind == "heading" and b is not block
            )
            return block if is_top and ((peers == 1 and block.level == 1) or DATED.search(block.text)) else None
    return None


def with_bold_headings(issues: Sequence[Sequence[Block]]) -> list[list[Block]]:
    """Turn paragraphs that serve as headings into headings: lines in bold, and short lines that recur before links."""
    short = recurring((heading_key(b) for b, after in _pairs(blocks) if _may_head(b, after)) for blocks in issues)
    fewest = max(2, math.ceil(0.2 * len(issues)))
    plain = {key for key, n in short.items() if n >= fewest}
    return [[_as_heading(block, after, plain) for block, after in _pairs(blocks)] for blocks in issues]


def _pairs(blocks: Sequence[Block]) -> Iterator[tuple[Block, Block | None]]:
    for nth, block in enumerate(blocks):
        yield block, blocks[nth + 1] if nth + 1 < len(blocks) else None


def _may_head(block: Block, after: Block | None) -> bool:
    """Is it a short line without link, above something with a link?"""
    if block.kind != "paragraph" or block.level or len(block.lines) != 1 or block.links or after is None:
        return False
    text = block.text.strip()
    is_short = 0 < len(text) <= LONGEST_HEADING and not text.endswith(SENTENCE_END)
    return is_short and not re.search(r"\d", text) and bool(after.links)


def _as_heading(block: Block, after: Block | None, recurring_lines: set[str]) -> Block:
    is_bold = block.kind == "paragraph" and not block.level and _is_bold_line(block)
    if is_bold or (_may_head(block, after) and heading_key(block) in recurring_lines):
        return replace(block, kind="heading", level=BOLD_LEVEL)
    return block


def _is_bold_line(block: Block) -> bool:
    spans = [span for line in block.lines for span in line if span.text.strip(" :：​")]
    return (
        len(block.lines) == 1
        and bool(spans)
        and all(span.is_bold and span.url is None for span in spans)
        and len(block.text) <= LONGEST_HEADING
    )


def learn_outline(
    issues: Sequence[Sequence[Block]], section_for: Callable[[str], str | None], *, is_draft: bool = False
) -> Outline:
    """Learn which headings are sections.

    Parameters
    ----------
    issues : sequence of blocks
        With bold lines already turned into headings.
    section_for : callable
        Heading → section key; what newsletter.toml names is a section.
    is_draft : bool
        Other headings are none.
    """
    headings = [_headings(blocks) for blocks in issues]
    counts = recurring((heading_key(block) for block in found) for found in headings)
    fewest = max(2, math.ceil(RECURRING_SHARE * len(issues)))
    levels: dict[int, list[bool]] = {}
    for found in headings:
        for block in found:
            is_known = _recurs(block, counts, fewest) or section_for(block.text) is not None
            levels.setdefault(block.level, []).append(is_known)
    chosen = {level for level, known in levels.items() if sum(known) >= 0.5 * len(known)}
    if len(issues) < FEW_ISSUES and not is_draft:
        chosen |= _levels_of_few(issues)
    return Outline(section_for, counts, fewest, frozenset(chosen - {BOLD_LEVEL}))


FEW_ISSUES = 3  # with fewer nothing can recur, and the form of the parts decides


def _headings(blocks: Sequence[Block]) -> list[Block]:
    title = issue_title(blocks)
    return [block for block in blocks if block.kind == "heading" and block is not title]


def _levels_of_few(issues: Sequence[Sequence[Block]]) -> set[int]:
    """Levels whose headings have no link of their own and more below than one link that stands alone."""
    votes: dict[int, list[bool]] = {}
    for blocks in issues:
        title = issue_title(blocks)
        heading: Block | None = None
        below: list[Block] = []
        for block in [*blocks, Block("heading", 0)]:
            if block.kind != "heading":
                below.append(block)
                continue
            if heading is not None and heading is not title:
                linked = [each for each in below if each.links]
                is_story = bool(heading.links) or (len(linked) >= 1 and sum(map(reads_on, linked)) == 1)
                votes.setdefault(heading.level, []).append(not is_story)
            heading, below = block, []
    return {level for level, section in votes.items() if sum(section) >= 0.5 * len(section)}
