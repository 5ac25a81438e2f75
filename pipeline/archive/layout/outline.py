"""Split issues into parts: under which section and which story heading each block stands.

Whether a heading names a section or a story is learned from all issues of a newsletter: the words of sections recur,
those of stories do not.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from pipeline.archive.blocks import Block
from pipeline.archive.layout.furniture import recurring
from pipeline.archive.layout.inferred_headings import BOLD_LEVEL, heading_key
from pipeline.archive.layout.issue_title import headings_below_title, issue_title, names_of
from pipeline.archive.layout.lone_links import reads_on
from pipeline.archive.layout.paid import is_paid_heading

RECURRING_SHARE = 0.05  # of the issues in which the words of a section must occur, and at least in two
STORY_LIKE = 5  # so many times more often a heading with a link or a number must occur …
MOST = 0.75  # … unless it stands in this share of the issues, and the number hardly changes
LINKED = 0.5  # share of a level's headings with a link, below which one with a link is a story among sections
BELOW_SECTIONS = 0.9  # share of a level's headings that stand below those of sections, from which they are titles …
USUAL = 0.5  # … unless one stands in so many issues
FEW_ISSUES = 3  # with fewer nothing can recur, and the form of the parts decides
FEWEST_TITLES = 5  # one-off lines in bold from which they may be titles
DIVISION = 2  # blocks with links below a one-off line in bold, above which such lines divide sections


@dataclass
class Section:
    """The blocks directly under one heading, with the headings above."""

    headings: tuple[str, ...]  # sections, outermost first
    story: Block | None = None  # the heading of one story, where it is not a section's
    blocks: list[Block] = field(default_factory=list)
    is_recurring: bool = False  # its innermost heading occurs in other issues too


@dataclass(frozen=True)
class Outline:
    """What was learned of a newsletter's headings."""

    section_for: Callable[[str], str | None]
    counts: Counter[str]  # heading key → issues
    fewest: int
    section_levels: frozenset[int]
    linked_levels: frozenset[int] = frozenset()  # whose headings mostly have a link
    story_levels: frozenset[int] = frozenset()  # below sections; their headings are titles that may recur
    names: frozenset[str] | None = None  # what the issues' titles begin with
    usual: int = 0  # issues in which a heading of a story level must occur to be a section
    numbered: frozenset[str] = frozenset()  # keys of sections that have a number: "1. Releases"
    bold_lines_divide: bool = True  # one-off lines in bold right below a heading, rather than being titles

    def sections(self, blocks: Sequence[Block], is_furniture: Callable[[Block], bool]) -> Iterator[Section]:
        """Split one issue at its headings."""
        open_: list[tuple[int, str]] = []
        part = Section(())
        title = issue_title(blocks, self.names)
        below_sections = {BOLD_LEVEL}  # levels of story headings that close no section
        divided = False  # by bold lines, which begin right below its heading
        for block in blocks:
            if block.kind != "heading":
                part.blocks.append(block)
                continue
            if block is title:
                continue
            is_empty = (
                bool(open_)
                and open_[-1][0] < block.level
                and part.story is None
                and not any(each.links and not is_furniture(each) for each in part.blocks)
            )
            yield part
            may_divide = block.level == BOLD_LEVEL and (self.bold_lines_divide or self.recurs(block))
            divided = may_divide and (divided or is_empty)
            if divided and not self.section_for(block.text):
                part = Section(part.headings, is_recurring=part.is_recurring)
            elif self.is_section(block):
                open_ = [(level, text) for level, text in open_ if level < block.level]
                open_.append((block.level, block.text))
                part = Section(tuple(text for _, text in open_ if text), is_recurring=self.recurs(block))
            else:
                is_below = bool(open_) and open_[-1][0] > block.level and not is_paid_heading(open_[-1][1])
                if is_below and part.story is None and not part.blocks:
                    below_sections.add(block.level)  # a title in larger letters than its section's
                if block.level not in below_sections:
                    open_ = [(level, text) for level, text in open_ if level < block.level]
                part = Section(tuple(text for _, text in open_ if text), block)
        yield part

    def is_section(self, heading: Block) -> bool:
        """Does the heading name a section?"""
        if self.section_for(heading.text):
            return True
        if heading.level in self.story_levels and self.counts[heading_key(heading)] < self.usual:
            return False
        if self.recurs(heading):
            return True
        is_linked_story = heading.level not in self.linked_levels and any("://" in (x.url or "") for x in heading.links)
        return heading.level in self.section_levels and not is_linked_story

    def recurs(self, heading: Block) -> bool:
        """Do the words of the heading occur in other issues?"""
        return heading_recurs(heading, self.counts, self.fewest) or heading_key(heading) in self.numbered


def heading_recurs(heading: Block, counts: Counter[str], fewest: int) -> bool:
    """Do the words recur? The title of a story may do so now and then: "React Conf", "Django 4.2 released"."""
    is_story_like = bool(heading.links) or re.search(r"\d", heading.text) is not None
    return counts[heading_key(heading)] >= (STORY_LIKE * fewest if is_story_like else fewest)


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
    names = names_of(issues) if len(issues) >= FEW_ISSUES else None
    headings = [headings_below_title(blocks, names) for blocks in issues]
    counts = recurring((heading_key(block) for block in found) for found in headings)
    fewest = max(2, math.ceil(RECURRING_SHARE * len(issues)))
    numbered = _numbered(headings)
    levels: dict[int, list[bool]] = {}
    linked: dict[int, list[bool]] = {}
    for found in headings:
        for block in found:
            is_known = (
                heading_recurs(block, counts, fewest)
                or heading_key(block) in numbered
                or section_for(block.text) is not None
            )
            levels.setdefault(block.level, []).append(is_known)
            linked.setdefault(block.level, []).append(bool(block.links))
    chosen = {level for level, known in levels.items() if sum(known) >= 0.5 * len(known)}
    if len(issues) < FEW_ISSUES and not is_draft:
        chosen |= _levels_of_few(issues)
    return Outline(
        section_for,
        counts,
        fewest,
        frozenset(chosen - {BOLD_LEVEL}),
        frozenset(level for level, found in linked.items() if sum(found) >= LINKED * len(found)),
        _story_levels(headings, set(levels) - chosen - {BOLD_LEVEL}, chosen),
        names,
        max(fewest, math.ceil(USUAL * len(issues))),
        numbered,
        not is_draft and _bold_lines_divide(issues, counts, fewest),
    )


def _numbered(headings: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Return the keys of headings with a number that stand in most issues, mostly with the same number.

    A day above the week's news has another number in each issue.
    """
    texts: dict[str, list[str]] = {}
    for block in (block for found in headings for block in found if re.search(r"\d", block.text) and not block.links):
        texts.setdefault(heading_key(block), []).append(block.text)
    most = max(FEW_ISSUES, math.ceil(MOST * len(headings)))
    return frozenset(key for key, all_ in texts.items() if len(all_) >= most and 2 * len(set(all_)) <= len(all_) + 1)


def _story_levels(headings: Sequence[Sequence[Block]], others: set[int], chosen: set[int]) -> frozenset[int]:
    """Return the levels of titles: nearly all of their headings stand below the heading of a section."""
    below: dict[int, list[bool]] = {level: [] for level in others}
    for found in headings:
        open_: list[int] = []
        for block in found:
            open_ = [level for level in open_ if level < block.level]
            if block.level in below:
                below[block.level].append(bool(open_))
            elif block.level in chosen:
                open_.append(block.level)
    return frozenset(level for level, held in below.items() if held and sum(held) >= BELOW_SECTIONS * len(held))


def _bold_lines_divide(issues: Sequence[Sequence[Block]], counts: Counter[str], fewest: int) -> bool:
    """Do lines in bold that do not recur stand above several entries each? Above one they are its title."""
    sizes: list[int] = []
    for blocks in issues:
        is_below = False
        for block in blocks:
            if block.kind == "heading":
                is_below = block.level == BOLD_LEVEL and not heading_recurs(block, counts, fewest)
                if is_below:
                    sizes.append(0)
            elif is_below and block.links:
                sizes[-1] += 1
    return len(sizes) < FEWEST_TITLES or median(sizes) > DIVISION


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
