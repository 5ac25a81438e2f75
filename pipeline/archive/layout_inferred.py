"""Read issues of any form: which links are stories is learned from all issues of a newsletter together.

Blocks in, stories and asides out. See docs/archives.md for the rules.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.archive.blocks import Block, Span, is_address, plain
from pipeline.archive.byline import find_author, split_authors
from pipeline.archive.extraction import LONGEST_TITLE, VAGUE, Found, Rules, Story
from pipeline.archive.form import LEADS, Counts, Form, choose_forms
from pipeline.archive.furniture import Furniture, learn_furniture
from pipeline.archive.outline import Outline, Section, learn_outline, with_bold_headings
from pipeline.archive.paid import is_call, is_paid, is_paid_heading
from pipeline.archive.positions import NUMBERED, Spot, find_spot, is_lone_link, split_title_lines

LONGEST_CONTEXT = 600  # characters of a blurb
ESSAY = 3  # paragraphs with links in a one-off section without stories; with more it is an essay
SENTENCE = re.compile(r"(?<=[.!?。！？])\s+")
OWN_ISSUE = re.compile(
    r"\W*(?:issue|edition|ausgabe|numéro|número|выпуск)?\s*[#№]?\s*0*(\d{1,4})\W*|第\s*(\d+)\s*[期号回]", re.I
)


@dataclass(frozen=True)
class Inferred:
    """What was read of several issues, and by which form."""

    found: list[Found]
    forms: list[Form]
    furniture: Furniture
    outline: Outline


def read_inferred(
    issues: Sequence[Sequence[Block]], rules: Sequence[Rules], pinned: Form | None = None, *, is_draft: bool = False
) -> Inferred:
    """Find the stories of all issues of one newsletter.

    Parameters
    ----------
    issues : sequence of blocks
        In the order of publication.
    rules : sequence of Rules
        One for each issue.
    pinned : Form, optional
        Read all by this form.
    is_draft : bool
        The sections are those of newsletter.toml alone.
    """
    section_for = rules[0].section_for if rules else (lambda heading: None)
    issues = with_bold_headings(issues)
    furniture = learn_furniture(issues)
    outline = learn_outline(issues, section_for, is_draft=is_draft)
    readers = [
        _Reader(list(outline.sections(_split(blocks), furniture.is_furniture)), own, furniture)
        for blocks, own in zip(issues, rules, strict=True)
    ]
    counts = [reader.count() for reader in readers]
    forms = choose_forms(counts) if pinned is None else [_pin(pinned, each) for each in counts]
    return Inferred([reader.read(form) for reader, form in zip(readers, forms, strict=True)], forms, furniture, outline)


def _pin(form: Form, counts: Counts) -> Form:
    return replace(form, opens_with_stories=not counts.has_sections)


def _split(blocks: Sequence[Block]) -> list[Block]:
    return [line for block in blocks for line in split_title_lines(block)]


class _Reader:
    """Reads one issue, split into sections."""

    def __init__(self, sections: list[Section], rules: Rules, furniture: Furniture) -> None:
        self.rules = rules
        self.furniture = furniture
        self.found = Found()
        self.spots: dict[int, Spot | None] = {}  # by the identity of the block; each is looked for once
        self.sections = [section for section in sections if not self._closes(section)]

    def count(self) -> Counts:
        """Count where links stand."""
        here: Counter[str] = Counter()
        under: Counter[str] = Counter()
        counts = Counts(here, under, has_sections=any(section.headings for section in self.sections))
        for section in self.sections:
            if section.story is not None:
                here.update(self._count_story(section))
            after_lead = False
            for block in section.blocks:
                if block.kind == "rule":
                    after_lead = False
                spot = self._spot(block)
                if spot is None:
                    continue
                is_lead = spot.position in LEADS
                if is_lead or not after_lead:
                    (under if section.story is not None else here)[spot.position] += 1
                after_lead = is_lead or (after_lead and block.kind != "item")
                counts.opening += is_lead and not section.headings and section.story is None
        return counts

    def _count_story(self, section: Section) -> list[str]:
        if section.story is None:
            return []
        if self._links(section.story):
            return ["heading"]
        return ["below heading"] if any(is_lone_link(b) and self._links(b) for b in section.blocks) else []

    def read(self, form: Form) -> Found:
        """Find stories, in order."""
        for section in self.sections:
            self._read_section(section, form)
        self.found.stories = split_authors(self.found.stories)
        return self.found

    def _read_section(self, section: Section, form: Form) -> None:
        if not section.headings and section.story is None and not form.opens_with_stories:
            self.found.set_aside(section.blocks, "above the first section")
        elif section.story is not None and form.positions & {"heading", "below heading"} and not form.is_prose:
            self._read_story(section, form)
        elif form.is_prose:
            self._read_prose(section)
        else:
            self._read_entries(section, form)

    def _read_story(self, section: Section, form: Form) -> None:
        """Read a section whose heading is a story's title; what stands below is a comment."""
        heading = section.story
        assert heading is not None
        links = self._links(heading)
        lone = [block for block in section.blocks if is_lone_link(block) and self._links(block)]
        if not links and "below heading" in form.positions:
            links = [link for block in lone or section.blocks if block.kind != "quote" for link in self._links(block)][
                :1
            ]
        elif not links and lone and len([b for b in section.blocks if self._links(b)]) == 1:
            links = self._links(lone[0])
        if not links:
            self.found.set_aside(section.blocks, "in a comment")
            return
        text = [block.text for block in section.blocks if block not in lone]
        self._add(
            Span(NUMBERED.sub("", heading.text, count=1).strip() or heading.text, links[0].url),
            section,
            heading.line,
            _shorten(text),
        )
        self.found.set_aside([block for block in section.blocks if block not in lone], "in a comment")

    def _read_prose(self, section: Section) -> None:
        """Take every outward link of a section."""
        number = len(self.found.stories)
        blocks = [section.story, *section.blocks] if section.story else section.blocks
        for block in blocks:
            if block.kind == "quote" or self._skip(block):
                self.found.set_aside([block], "in a quote" if block.kind == "quote" else self._skip(block))
                continue
            for link in self._links(block):
                self._add(_named(link, block), section, block.line, block.text, number, "inline")
                number = len(self.found.stories)

    def _read_entries(self, section: Section, form: Form) -> None:
        """Take the links that stand where this newsletter's stories stand."""
        spots = [(block, self._spot(block)) for block in section.blocks]
        accepted = [spot is not None and self._is_story(spot, form) for _, spot in spots]
        if section.story is not None and self._links(section.story):
            self._add(_named(self._links(section.story)[0], section.story), section, section.story.line, "")
        if not any(accepted):
            self._read_without_leads(section, spots)
            return
        comments: list[list[str]] = []
        for (block, spot), is_story in zip(spots, accepted, strict=True):
            if not is_story or spot is None:
                if comments and block.kind != "rule":
                    comments[-1].append(block.text)
                why = self._skip(block) or ("in a quote" if block.kind == "quote" else "in a comment")
                self.found.set_aside([block], why)
                continue
            self._take(block, spot, section)
            comments.append([self.found.stories[-1].context])
        self._add_comments(comments)

    def _is_story(self, spot: Spot, form: Form) -> bool:
        if spot.position == "sentence in item":
            return "item" in form.positions
        return spot.position in form.positions

    def _take(self, block: Block, spot: Spot, section: Section) -> None:
        stories = self.found.stories
        is_nested = block.kind == "item" and block.level > 1 and stories and stories[-1].headings == section.headings
        author = (
            find_author(spot.before, spot.after)
            if spot.position in ("item", "sentence in item", "title line")
            else None
        )
        says_more = len(block.text) > len(spot.title) + len(author or "") + len("by () .")
        title = _named(Span(spot.title, spot.link.url), block, spot)
        self._add(
            title,
            section,
            block.line,
            block.text if says_more else "",
            stories[-1].entry if is_nested else len(stories),
        )
        stories[-1] = replace(stories[-1], byline=author)
        others = [link for link in block.links if link.url != spot.link.url]
        self.found.set_aside(
            [Block("item", block.line, ((link,),)) for link in others], "not the first link of its entry"
        )

    def _add_comments(self, comments: list[list[str]]) -> None:
        first = len(self.found.stories) - len(comments)
        for nth, texts in enumerate(comments, first):
            self.found.stories[nth] = replace(self.found.stories[nth], context=_shorten(texts))

    def _read_without_leads(self, section: Section, spots: Sequence[tuple[Block, Spot | None]]) -> None:
        """Take each paragraph's first link where no entry leads with its link; of an essay, none."""
        with_links = [block for block, spot in spots if spot is not None]
        is_essay = not section.headings or len(with_links) > ESSAY
        for block, spot in spots:
            if spot is None or is_essay:
                self.found.set_aside([block], self._skip(block) or "not where stories stand")
            else:
                self._add(_named(spot.link, block), section, block.line, block.text, kind="inline")

    def _add(
        self, title: Span, section: Section, line: int, context: str, entry: int | None = None, kind: str = "title"
    ) -> None:
        number = len(self.found.stories) if entry is None else entry
        self.found.stories.append(
            Story(
                title,
                section.headings,
                number,
                line,
                None,
                context[:LONGEST_CONTEXT],
                "title" if kind == "title" else "inline",
            )
        )

    def _closes(self, section: Section) -> bool:
        story = section.story.text if section.story else ""
        for text in filter(None, (*section.headings, story)):
            is_paid_for = is_paid_heading(text, is_story=text is story) and not self.rules.section_for(text)
            if self.rules.ignores(text) or is_paid_for:
                self.found.set_aside(section.blocks, f"under {text!r}")
                return True
        return False

    def _spot(self, block: Block) -> Spot | None:
        if block.kind in ("quote", "rule") or self._skip(block):
            return None
        if id(block) not in self.spots:
            self.spots[id(block)] = find_spot(block, lambda link: self._leads_out(link, block))
        return self.spots[id(block)]

    def _links(self, block: Block) -> list[Span]:
        return [link for link in block.links if self._leads_out(link, block)]

    def _leads_out(self, link: Span, block: Block) -> bool:
        return (
            bool(link.text.strip())
            and self.rules.leads_out(link)
            and not is_call(link.text)
            and not self.furniture.has_address(link.url or "", block)
        )

    def _skip(self, block: Block) -> str:
        if not block.links:
            return ""
        if is_paid(block):
            return "an advertisement"
        return "repeated in other issues" if self.furniture.has_text(block) else ""


def _named(link: Span, block: Block, spot: Spot | None = None) -> Span:
    """Give a link the words around it where its own say nothing: "here", "1", "Tweet", an address."""
    text = " ".join(link.text.split())
    is_mark = text.strip("[]()").isdigit() or is_address(text)
    if text.casefold().strip(" .[]→»") not in VAGUE and not is_mark:
        return Span(text, link.url)
    before = spot.before if spot else plain(_before(block, link))
    words = SENTENCE.split(before)[-1].strip(" -–—:：|([") if before else ""
    if not is_mark or not re.search(r"\w", words):  # the sentence with the link in it
        whole = block.text.strip()
        words = next((s for s in SENTENCE.split(whole) if words in s and text in s), whole)
    return Span(textwrap.shorten(words or text, LONGEST_TITLE, placeholder="…"), link.url)


def _before(block: Block, link: Span) -> tuple[Span, ...]:
    spans = [span for line in block.lines for span in (*line, Span(" "))]
    for nth, span in enumerate(spans):
        if span is link:
            return tuple(spans[:nth])
    return ()


def _shorten(texts: Sequence[str]) -> str:
    return textwrap.shorten(" ".join(filter(None, texts)), LONGEST_CONTEXT, placeholder="…")
