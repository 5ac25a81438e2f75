"""Say of the links of one issue which lead to others and where they stand; leave out what is paid for and furniture."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from pipeline.archive.blocks import Block, Span, plain
from pipeline.archive.extraction import Found, Rules
from pipeline.archive.layout.accounts import PEOPLE, is_list_of_people, names_account
from pipeline.archive.layout.entries import LinkChoice
from pipeline.archive.layout.form import LEADS
from pipeline.archive.layout.furniture import Furniture
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.lone_links import is_lone_link
from pipeline.archive.layout.outline import Section
from pipeline.archive.layout.paid import is_call, is_paid, is_paid_heading
from pipeline.archive.layout.positions import Spot, find_spot

FOOTNOTE = re.compile(r"\[\^[\w-]+\]:")
ITEMS_BELOW = 0.6  # list items for each story with a heading, from which they are stories too
TOPICS = 0.7  # share of the one-off headings above links of which none is the heading's, from which they name topics
ITEMS_ALONE = 0.2  # share of a section's list items that stand in it without the heading of a story above them


@dataclass
class Learned:
    """What was learned from all issues of a newsletter."""

    furniture: Furniture
    labels: Labels
    choice: LinkChoice = field(default_factory=LinkChoice)
    items_in_sections: Counter[str] = field(default_factory=Counter)  # heading → items directly below it that lead out
    items_under_stories: Counter[str] = field(default_factory=Counter)
    titled_lists: int = 0  # below one-off headings: lists of several links that have titles of their own
    stories: int = 0  # below a heading of their own, with a link
    items_below: int = 0  # list items with titles of their own that follow the link of such a story
    unlinked: int = 0  # one-off headings without a link of their own, above links
    topics: int = 0  # those of them above several links, none of which is the heading's
    other_lists: int = 0  # such as "GitHub" and "Reddit"; and one-off headings with a link of their own

    @property
    def lists_hold_stories(self) -> bool:
        """Do lists below one-off headings, as of an essay, hold stories, rather than the heading's link?"""
        return self.titled_lists > self.other_lists

    @property
    def headings_are_topics(self) -> bool:
        """Do one-off headings name what the links below are about, rather than a story?"""
        return self.topics > TOPICS * self.unlinked

    def count_item(self, section: Section) -> None:
        """Count a list item that leads out."""
        items = self.items_in_sections if section.story is None else self.items_under_stories
        if section.headings:
            items[section.headings[-1]] += 1

    def items_stand_alone(self, section: Section) -> bool:
        """Are items below the heading of a story stories too, as this section has them without such a heading?"""
        if self.items_below >= ITEMS_BELOW * self.stories > 0:
            return True
        heading = section.headings[-1] if section.headings else ""
        alone, under = self.items_in_sections[heading], self.items_under_stories[heading]
        return alone > 0 and alone >= ITEMS_ALONE * (alone + under)


class IssueLinks:
    """The sections of one issue, and where their links stand."""

    def __init__(self, sections: list[Section], rules: Rules, learned: Learned) -> None:
        self.rules = rules
        self.learned = learned
        self.found = Found()
        self.spots: dict[int, Spot | None] = {}  # by the identity of the block; each is looked for once
        self.sections = self._without_paid_stories(self._without_closed(map(self._without_people, sections)))

    def _without_people(self, section: Section) -> Section:
        """Leave out lists of accounts, an item each."""
        lists = [list(blocks) for is_account, blocks in groupby(section.blocks, key=names_account) if is_account]
        people = [block for blocks in lists if len(blocks) >= PEOPLE for block in blocks]
        if not people:
            return section
        self.found.set_aside(people, "a list of people")
        left_out = set(map(id, people))
        return replace(section, blocks=[block for block in section.blocks if id(block) not in left_out])

    def _without_closed(self, sections: Iterable[Section]) -> list[Section]:
        """Leave out what stands below headings of sponsors, and the title of the offer right below such a heading."""
        kept: list[Section] = []
        is_offer_next = False
        for section in sections:
            if is_offer_next and section.story is not None:
                self.found.set_aside(section.blocks, "an advertisement")
                is_offer_next = False
            elif self._closes(section):
                is_offer_next = not section.blocks and self._is_paid_for(section)
            else:
                is_offer_next = False
                kept.append(section)
        return kept

    def _closes(self, section: Section) -> bool:
        for text, is_story in _headings(section):
            if self.rules.ignores(text) or self._is_paid_heading(text, is_story):
                self.found.set_aside(section.blocks, f"under {text!r}")
                return True
        return False

    def _is_paid_for(self, section: Section) -> bool:
        *_, (text, is_story) = _headings(section)
        return self._is_paid_heading(text, is_story)

    def _is_paid_heading(self, text: str, is_story: bool) -> bool:
        return is_paid_heading(text, is_story=is_story) and not self.rules.section_for(text)

    def _without_paid_stories(self, sections: Sequence[Section]) -> list[Section]:
        """Leave out entries that a line beside them marks; one at the end of a part may speak of the story below."""
        kept: list[Section] = []
        is_marked = False
        for section in sections:
            if section.story is not None and (is_marked or self._story_is_marked(section.blocks)):
                self.found.set_aside([section.story, *section.blocks], "an advertisement")
                is_marked = False
                continue
            is_marked = bool(section.blocks) and section.blocks[-1].kind == "paid below"
            blocks = section.blocks[:-1] if is_marked else section.blocks
            kept.append(self._without_paid(replace(section, blocks=blocks)))
        return kept

    def _story_is_marked(self, blocks: Sequence[Block]) -> bool:
        """Does a line below a story's heading say that what is above is paid for, and not an entry in between?"""
        nth = next((nth for nth, block in enumerate(blocks) if block.kind == "paid above"), None)
        return nth is not None and not any(self._is_lead(blocks, n) and not is_lone_link(blocks[n]) for n in range(nth))

    def _without_paid(self, section: Section) -> Section:
        """Leave out the entries that a line below or above them marks as paid for: "sponsor", "Presented by X"."""
        blocks = section.blocks
        paid: set[int] = set()
        for nth, block in enumerate(blocks):
            if block.kind in ("paid above", "paid below"):
                is_above_entry = block.kind == "paid below" or not self._has_entry_above(blocks, nth)
                paid.update(self._places_below(blocks, nth) if is_above_entry else self._places_above(blocks, nth))
        if not paid:
            return section
        self.found.set_aside([blocks[nth] for nth in sorted(paid)], "an advertisement")
        return replace(section, blocks=[block for nth, block in enumerate(blocks) if nth not in paid])

    def _has_entry_above(self, blocks: Sequence[Block], nth: int) -> bool:
        return any(block.links for block in blocks[:nth])

    def _places_above(self, blocks: Sequence[Block], end: int) -> list[int]:
        """Return the places of the entry that ends with a block, back to a rule or its first lead."""
        start = end
        leads = 0
        while start > 0 and blocks[start - 1].kind != "rule":
            spot = self._spot(blocks[start - 1])
            leads += (spot is not None and spot.position in LEADS) or _begins_with_link(blocks[start - 1])
            if leads > 1 and not is_lone_link(blocks[start]):
                break
            start -= 1
        return list(range(start, end + 1))

    def _is_lead(self, blocks: Sequence[Block], nth: int) -> bool:
        spot = self._spot(blocks[nth]) if nth < len(blocks) else None
        return spot is not None and spot.position in LEADS

    def _places_below(self, blocks: Sequence[Block], start: int) -> list[int]:
        """Return the places of a line and of the entry below it, down to a rule or the lead of the next entry."""
        end = start + 1
        while end < len(blocks) and blocks[end].kind != "rule" and not blocks[start].links and not blocks[end].links:
            end += 1
        end += not blocks[start].links
        while end < len(blocks) and blocks[end].kind != "rule" and not self._is_lead(blocks, end):
            end += 1
        return list(range(start, min(end, len(blocks))))

    def _spot(self, block: Block) -> Spot | None:
        if id(block) not in self.spots:
            if block.kind in ("quote", "rule") or self._skip(block):
                self.spots[id(block)] = None
                return None
            found = find_spot(block, lambda link: self._leads_out(link, block), self.learned.labels)
            self.spots[id(block)] = found
        return self.spots[id(block)]

    def _links(self, block: Block) -> list[Span]:
        return [link for link in block.links if self._leads_out(link, block)]

    def _leads_out(self, link: Span, block: Block) -> bool:
        return (
            bool(link.text.strip())
            and self.rules.leads_out(link)
            and not is_call(link.text)
            and not self.learned.furniture.has_address(link.url or "", block)
        )

    def _skip(self, block: Block) -> str:
        if not block.links:
            return ""
        if is_paid(block):
            return "an advertisement"
        if is_list_of_people(block):
            return "a list of people"
        if block.text.startswith("[^") and FOOTNOTE.match(block.text):
            return "in a footnote"
        return "repeated in other issues" if self.learned.furniture.has_text(block) else ""


def _begins_with_link(block: Block) -> bool:
    """Does a text begin with a link, if only with words that recur, as an offer's do?"""
    return bool(block.links) and not is_lone_link(block) and block.text.startswith(plain((block.links[0],)))


def _headings(section: Section) -> list[tuple[str, bool]]:
    """Return the headings above some blocks, and of each whether it is a story's."""
    return [
        *((text, False) for text in section.headings if text),
        *([(section.story.text, True)] if section.story else []),
    ]
