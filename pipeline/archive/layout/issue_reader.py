"""Read one issue: count where its links stand, then take those that stand where the newsletter has its stories."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Literal

from pipeline.archive.blocks import Block, Span
from pipeline.archive.extraction import Found, Story
from pipeline.archive.layout.accounts import is_person, leading_accounts
from pipeline.archive.layout.byline import find_author, split_authors
from pipeline.archive.layout.entries import find_links
from pipeline.archive.layout.form import Form
from pipeline.archive.layout.issue_counter import IssueCounter
from pipeline.archive.layout.kinds import kind_before
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.lone_links import is_lone_link
from pipeline.archive.layout.outline import Section
from pipeline.archive.layout.parts_of_entries import Spots, with_other_lines, without_parts
from pipeline.archive.layout.positions import NUMBERED, Spot
from pipeline.archive.layout.story_titles import named

LONGEST_CONTEXT = 600  # characters of a blurb
ESSAY = 3  # paragraphs with links in a one-off section without stories; with more it is an essay


class IssueReader(IssueCounter):
    """Reads one issue, split into sections."""

    def read(self, form: Form) -> Found:
        """Find stories, in order."""
        for section in self.sections:
            self._read_section(section, form)
        self.found.stories = split_authors(self.found.stories)
        self.spots.clear()
        return self.found

    def _read_section(self, section: Section, form: Form) -> None:
        if not section.headings and section.story is None and not form.opens_with_stories:
            self.found.set_aside(section.blocks, "above the first section")
        elif section.story is not None and form.reads_headings and not self._holds_stories(section):
            self._read_story(section, form)
        elif form.is_prose:
            self._read_prose(section)
        elif section.story is not None and (opening := self._opening(section, form)):
            below = replace(section, story=None, blocks=section.blocks[len(opening) :])
            self._read_story(
                replace(section, blocks=opening), replace(form, positions=form.positions | {"below heading"})
            )
            self._read_entries(below, form)
        else:
            self._read_entries(section, form)

    def _opening(self, section: Section, form: Form) -> list[Block]:
        """Return the text below a story's heading that reads on elsewhere, down to the first entry with its own title.

        Few such headings among other entries are no form of their own, but no comments either.
        """
        assert section.story is not None
        opening = list(takewhile(lambda block: not self._has_title(block, form), section.blocks))
        return opening if any(map(self._reads_on, opening)) and not self._links(section.story) else []

    def _has_title(self, block: Block, form: Form) -> bool:
        spot = self._spot(block)
        return spot is not None and _is_story(spot, form) and spot.position != "closing"

    def _reads_on(self, block: Block) -> bool:
        """Does a text end with its link, or is it one without words of its own?"""
        spot = self._spot(block)
        is_label = is_lone_link(block) and any(map(self.learned.labels.is_label, self._links(block)))
        return is_label or (spot is not None and spot.position == "closing")

    def _read_story(self, section: Section, form: Form) -> None:
        """Read a section whose heading is a story's title; what stands below is a comment."""
        heading = section.story
        assert heading is not None
        items = (
            [block for block in section.blocks if block.kind == "item"]
            if self.learned.items_stand_alone(section)
            else []
        )
        below = [block for block in section.blocks if block not in items]
        link = self._story_link(heading, below, form)
        if link is None:
            self.found.set_aside(below, "in a comment")
        else:
            lone = [block for block in below if is_lone_link(block) and self._links(block)]
            own = self._links(heading)
            author = find_author("", heading.text.partition(own[0].text)[2]) if own else None
            is_titled = (len(own) == 1 or author) and not self.learned.labels.is_label(own[0])
            words = own[0].text if is_titled else heading.text
            title = NUMBERED.sub("", words, count=1).strip() or words
            text = _shorten([block.text for block in below if block not in lone])
            self._add(Span(title, link.url), section, heading.line, text, byline=author)
            self.found.set_aside([block for block in below if block not in lone], "in a comment")
        if items:
            self._read_entries(replace(section, story=None, blocks=items), form)

    def _story_link(self, heading: Block, below: Sequence[Block], form: Form) -> Span | None:
        """Return the link in a heading, the one that stands alone below it, the first or the closing one."""
        if links := self._links(heading):
            return links[0]
        if any("://" in (link.url or "") for link in heading.links):
            return None  # a post of the newsletter itself
        linked = [block for block in below if block.kind != "quote" and self._links(block)]
        if (words := self.rules.link_words) is not None:
            printed = [link for block in linked for link in self._links(block) if words.fullmatch(link.text)]
            if printed:
                return printed[-1]
        lone = [block for block in linked if is_lone_link(block)]
        if lone and ("below heading" in form.positions or len(linked) == 1):
            return self._links(lone[0])[0]
        if "below heading" not in form.positions:
            return None
        blocks = next((found for found in self._linked_below(below) if any(map(self._links, found))), [])
        found = find_links(blocks, self.learned.labels, self._leads_out)
        if found is not None:
            return self.learned.choice.of(found)
        quoted = (link for block in below if block.kind == "quote" for link in self._links(block))
        return next((link for link in quoted if not is_person(link)), None)  # as sources may be set apart

    def _read_prose(self, section: Section) -> None:
        """Take every outward link of a section, but for the accounts of those who did what its entries tell."""
        number = len(self.found.stories)
        blocks = [section.story, *section.blocks] if section.story else section.blocks
        accounts = leading_accounts(blocks)
        for block in blocks:
            if block.kind == "quote" or self._skip(block):
                self.found.set_aside([block], "in a quote" if block.kind == "quote" else self._skip(block))
                continue
            for link in (link for link in self._links(block) if link not in accounts):
                title = named(link, block, Labels())  # in a sentence, words that recur are the editor's own
                self._add(title, section, block.line, block.text, number, "inline")
                number = len(self.found.stories)

    def _read_entries(self, section: Section, form: Form) -> None:
        """Take the links that stand where this newsletter's stories stand."""
        spots = [(block, self._spot(block)) for block in section.blocks]
        accepted = [spot is not None and _is_story(spot, form) for _, spot in spots]
        accepted = with_other_lines(spots, accepted)
        accepted = without_parts(section.blocks, spots, accepted)
        if section.story is not None and (own := self._links(section.story)):
            self._add(named(own[0], section.story, self.learned.labels), section, section.story.line, "")
        if not any(accepted):
            self._read_without_leads(section, spots)
            return
        if self._is_title(section, [spot for (_, spot), is_story in zip(spots, accepted, strict=True) if is_story]):
            section, title = replace(section, headings=section.headings[:-1]), section.headings[-1]
            spots = [(block, spot and spot._replace(title=title)) for block, spot in spots]
        comments: list[list[str]] = []
        for (block, spot), is_story in zip(spots, accepted, strict=True):
            if not is_story or spot is None:
                if comments and block.kind != "rule":
                    comments[-1].append(block.text)
                why = self._skip(block) or ("in a quote" if block.kind == "quote" else "in a comment")
                self.found.set_aside([block], why)
                continue
            n_before = len(self.found.stories)
            self._take(block, spot, section)
            comments += [[story.context] for story in self.found.stories[n_before:]]
        self._add_comments(comments)

    def _is_title(self, section: Section, spots: Sequence[Spot | None]) -> bool:
        """Is a one-off heading among recurring ones the title of the only entry below, whose link ends its text?"""
        is_closing = len(spots) == 1 and spots[0] is not None and spots[0].position == "closing"
        is_one_off = bool(section.headings) and not section.is_recurring and section.story is None
        return (
            is_closing
            and is_one_off
            and not self.rules.section_for(section.headings[-1])
            and any(other.is_recurring for other in self.sections)
        )

    def _take(self, block: Block, spot: Spot, section: Section) -> None:
        stories = self.found.stories
        if spot.position == "sentence":
            self._take_sentence(block, spot, section)
            return
        is_nested = block.kind == "item" and block.level > 1 and stories and stories[-1].headings == section.headings
        byline_may_stand = spot.position in ("item", "sentence in item", "title line")
        author = find_author(spot.before, spot.after) if byline_may_stand else None
        says_more = len(block.text) > len(spot.title) + len(author or "") + len("by () .")
        link = spot.link
        if spot.position == "bold lead":
            entry = self._entry_of(section.blocks, block)
            found = find_links(entry, self.learned.labels, self._leads_out)
            link = self.learned.choice.of(found) if found is not None else link
        title = named(Span(spot.title, link.url), block, self.learned.labels, spot.before)
        number = stories[-1].entry if is_nested else len(stories)
        self._add(title, section, block.line, block.text if says_more else "", number, byline=author)
        others = [Block("item", block.line, ((each,),)) for each in block.links if each.url != link.url]
        self.found.set_aside(others, "not the first link of its entry")

    def _take_sentence(self, block: Block, spot: Spot, section: Section) -> None:
        """Take the links of a paragraph that is an entry of its own: those to pages, if any, rather than to sites."""
        links = self._links(block)
        if links[0].text == spot.link.text and (
            not re.search(r"\w", spot.before) or self.learned.labels.is_label(links[0])
        ):
            links = links[:1]
        pages = [link for link in links if (link.url or "").partition("://")[2].partition("/")[2]] or links[:1]
        number = len(self.found.stories)
        for link in pages:
            self._add(named(link, block, self.learned.labels), section, block.line, block.text, number, "inline")
        others = [Block("item", block.line, ((link,),)) for link in links if link not in pages]
        self.found.set_aside(others, "not the first link of its entry")

    def _add_comments(self, comments: list[list[str]]) -> None:
        first = len(self.found.stories) - len(comments)
        for nth, texts in enumerate(comments, first):
            if len(texts) == 1 and len(texts[0]) < LONGEST_CONTEXT:
                continue
            self.found.stories[nth] = self.found.stories[nth]._replace(context=_shorten(texts))

    def _read_without_leads(self, section: Section, spots: Spots) -> None:
        """Take each paragraph's first link where no entry leads with its link; of an essay, none."""
        with_links = [block for block, spot in spots if spot is not None]
        is_essay = not section.headings or (len(with_links) > ESSAY and not section.is_recurring)
        for block, spot in spots:
            if spot is None or is_essay or spot.position == "label":
                self.found.set_aside([block], self._skip(block) or "not where stories stand")
            else:
                title = named(spot.link, block, self.learned.labels)
                self._add(title, section, block.line, block.text, kind="inline")

    def _add(
        self,
        title: Span,
        section: Section,
        line: int,
        context: str,
        entry: int | None = None,
        kind: Literal["title", "inline"] = "title",
        byline: str | None = None,
    ) -> None:
        number = len(self.found.stories) if entry is None else entry
        title = Span(self.learned.labels.without_ending(title.text, title.url or ""), title.url)
        story = Story(title, section.headings, number, line, byline, context[:LONGEST_CONTEXT], kind)
        self.found.stories.append(story)


def _is_story(spot: Spot, form: Form) -> bool:
    if spot.position == "sentence" and form.each_paragraph:
        return not kind_before(spot.before)  # "See also: " leads on from an entry
    return ("item" if spot.position == "sentence in item" else spot.position) in form.positions


def _shorten(texts: Sequence[str]) -> str:
    return textwrap.shorten(" ".join(filter(None, texts)), LONGEST_CONTEXT, placeholder="…")
