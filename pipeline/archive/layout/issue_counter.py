"""Count where the links of one issue stand, and what its entries and lists look like, before any of them is taken."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.archive.blocks import Block
from pipeline.archive.layout.entries import find_links
from pipeline.archive.layout.form import LEADS, Counts
from pipeline.archive.layout.issue_links import IssueLinks
from pipeline.archive.layout.kinds import kind_before
from pipeline.archive.layout.lone_links import is_lone_link
from pipeline.archive.layout.outline import Section
from pipeline.archive.layout.parts_of_entries import closings_stand_in_rows
from pipeline.archive.layout.positions import is_brief

MOST_BELOW_TITLE = 4  # links below a heading that names a story; more are an essay's


class IssueCounter(IssueLinks):
    """Counts what one issue shows of the newsletter's form."""

    def observe_lists(self) -> None:
        """Count which lists of links below one-off headings have titles of their own."""
        for section in self.sections:
            self.learned.other_lists += section.story is not None and bool(self._links(section.story))
            if section.story is not None:
                self._observe_items_below(section, section.story)
                self._observe_links_below(section, section.story)
            items = self._items_of_essay(section)
            if len(items) == 1 and self._is_titled(items[0]):
                continue  # the story's own link, or a list of one
            is_titled = bool(items) and all(map(self._is_titled, items))
            self.learned.titled_lists += is_titled
            self.learned.other_lists += bool(items) and not is_titled

    def _observe_items_below(self, section: Section, story: Block) -> None:
        """Count a story with a heading, and the list items below its link that have titles of their own."""
        linked = [block for block in section.blocks if self._links(block)]
        items = [block for block in linked if block.kind == "item" and block.level == 1]
        if self._links(story) or any(block.kind == "paragraph" for block in linked):
            self.learned.stories += 1
            self.learned.items_below += sum(map(self._is_titled, items))

    def _observe_links_below(self, section: Section, story: Block) -> None:
        """Count a heading without link, and whether one of the links below can be told to be its story's."""
        links = [link for block in section.blocks for link in self._links(block)]
        if self._links(story) or not links:
            return
        self.learned.unlinked += 1
        has_lone_link = any(is_lone_link(block) and self._links(block) for block in section.blocks)
        if section.headings or has_lone_link or len(links) == 1:
            return
        below = next(blocks for blocks in self._linked_below(section.blocks) if any(map(self._links, blocks)))
        found = find_links(below, self.learned.labels, self._leads_out)
        self.learned.topics += found is not None and found.closing is None

    def _items_of_essay(self, section: Section) -> list[Block]:
        """Return the list items that lead out below a one-off heading without link, unless a link stands alone too."""
        if section.story is None or self._links(section.story):
            return []
        linked = [block for block in section.blocks if self._links(block)]
        return [] if any(map(is_lone_link, linked)) else [block for block in linked if block.kind == "item"]

    def _is_titled(self, item: Block) -> bool:
        spot = self._spot(item)
        is_item = spot is not None and spot.position == "item" and not self.learned.labels.is_label(spot.link)
        return is_item or (spot is not None and spot.position == "bold lead")

    def _holds_stories(self, section: Section) -> bool:
        """Is what stands below a one-off heading the stories, rather than the heading?"""
        if section.story is not None and not self._links(section.story) and self.learned.headings_are_topics:
            return True
        items = self._items_of_essay(section) if self.learned.lists_hold_stories else []
        return bool(items) and all(map(self._is_titled, items))

    def count(self) -> Counts:
        """Count where links stand."""
        here: Counter[str] = Counter()
        under: Counter[str] = Counter()
        counts = Counts(here, under, has_sections=any(section.headings for section in self.sections))
        for section in self.sections:
            is_essay = section.story is not None and not self._holds_stories(section)
            if is_essay:
                here.update(self._count_story(section))
            elif section.headings:
                here.update(self._paragraphs(section))
            stand_alone = is_essay and self.learned.items_stand_alone(section)
            after_lead = False
            are_entries = closings_stand_in_rows([self._spot(block) for block in section.blocks])
            for block in section.blocks:
                if block.kind == "rule":
                    after_lead = False
                spot = self._spot(block)
                if spot is None or spot.position == "label":
                    continue
                counted = under if is_essay and not (stand_alone and block.kind == "item") else here
                is_lead = spot.position in LEADS and not (after_lead and spot.position == "closing" and not are_entries)
                if is_lead or not after_lead:
                    is_topic = section.story is not None and not is_essay  # of which each link may be a pick
                    counted[spot.position] += len(self._links(block)) if is_topic and spot.position == "sentence" else 1
                if spot.position == "bold lead":
                    self._observe(spot.title, self._entry_of(section.blocks, block))
                if is_lead and block.kind == "item":
                    self.learned.count_item(section)
                    if spot.position == "bold lead":
                        counted["bold item"] += 1
                after_lead = is_lead or (after_lead and block.kind != "item")
                counts.opening += is_lead and not section.headings and section.story is None
        return counts

    def _paragraphs(self, section: Section) -> Iterator[str]:
        """Yield for each paragraph of a section with stories where its first link stands, or that it has no link.

        What stands below a rule behind the last link is no entry.
        """
        blocks = list(section.blocks)
        last = max((nth for nth, block in enumerate(blocks) if block.links), default=-1)
        end = next((nth for nth in range(last + 1, len(blocks)) if blocks[nth].kind == "rule"), len(blocks))
        spots = [(block, self._spot(block)) for block in blocks[:end] if block.kind == "paragraph"]
        if any(spot is not None for _, spot in spots):
            yield from (
                f"paragraph: {spot.position if spot else ''}"
                for block, spot in spots
                if (not kind_before(spot.before) if spot else not block.links)
            )

    def _count_story(self, section: Section) -> list[str]:
        assert section.story is not None
        if self._links(section.story):
            return ["heading"]
        if any(is_lone_link(b) and self._links(b) for b in section.blocks):
            return ["below heading"]
        for blocks in self._linked_below(section.blocks):
            n_links = sum(len(self._links(block)) for block in blocks)
            if n_links:
                self._observe(section.story.text, blocks)
                return ["below heading"] if n_links <= MOST_BELOW_TITLE else []
        return []

    def _observe(self, title: str, blocks: Sequence[Block]) -> None:
        if links := find_links(blocks, self.learned.labels, self._leads_out):
            self.learned.choice.observe(title, links)

    def _entry_of(self, blocks: Sequence[Block], lead: Block) -> list[Block]:
        """Return a lead and the paragraphs below it that lead to nothing themselves."""
        at = next(nth for nth, block in enumerate(blocks) if block is lead)
        entry = [lead]
        for block in blocks[at + 1 :]:
            spot = self._spot(block)
            if block.kind != "paragraph" or (spot is not None and spot.position in LEADS):
                break
            entry.append(block)
        return entry

    def _linked_below(self, blocks: Sequence[Block]) -> list[list[Block]]:
        """Return the paragraphs and the items, the items first if they are fields: "Link: https://…", "GitHub"."""
        paragraphs, items = ([block for block in blocks if block.kind == kind] for kind in ("paragraph", "item"))
        labels = self.learned.labels
        links = [block.links for block in items if self._links(block)]
        are_brief = all(len(each) == 1 and (labels.is_label(each[0]) or is_brief(each[0].text)) for each in links)
        are_fields = are_brief and any(labels.is_label(each[0]) for each in links)
        return [items, paragraphs] if are_fields else [paragraphs, items]
