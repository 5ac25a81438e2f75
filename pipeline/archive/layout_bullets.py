"""Read the dialect of bullets: each list item under a heading is a story, with its author or a comment beside it.

Blocks in, stories out. A nested item stands with the one above it. A paragraph picks something only under a heading
such as "Crate of the Week".
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.archive.blocks import Block, Span, plain
from pipeline.archive.extraction import Found, Part, Rules, Story, parts

BY = re.compile(r"[\s,(]*by\s+(?P<author>[^.:;]{2,80}?)[\s.)]*", re.IGNORECASE)
AUTHOR_BEFORE = re.compile(r"(?P<author>[^\[\]:]{2,60}?)\s*(?::|\s[-–—])\s*")
AUTHOR_INSIDE = re.compile(r"(?P<author>.{2,60}?)\s+[-–—]\s+(?P<title>\S.*)", re.DOTALL)
ADVERTISEMENT = re.compile(r"\((ad|sponsored)\)", re.IGNORECASE)
FEATURED = re.compile(r"of the (week|month)\b", re.IGNORECASE)
HABIT = 0.6  # share of the items that must have the author inside the link before we believe it


def read_bullets(blocks: Sequence[Block], rules: Rules) -> Found:
    """Find the stories of one issue, in order."""
    found = Found()
    for part in parts(blocks):
        if not part.headings or any(map(rules.closes, part.headings)):
            found.set_aside(
                part.blocks, f"under {part.headings[-1]!r}" if part.headings else "before the first section"
            )
            continue
        for block in part.blocks:
            if block.kind == "item":
                _add_item(found, block, part, rules)
        others = [block for block in part.blocks if block.kind != "item"]
        if FEATURED.search(part.headings[-1]) and len(others) == len(part.blocks):
            others = _add_featured(found, others, part, rules)
        found.set_aside(others, "not in a list")
    return replace(found, stories=_split_authors(found.stories))


def _add_item(found: Found, block: Block, part: Part, rules: Rules) -> None:
    links = [link for link in block.links if rules.leads_out(link)]
    if not links:
        return
    if ADVERTISEMENT.search(block.text):
        found.set_aside([block], "an advertisement")
        return
    is_nested = block.level > 1 and found.stories and found.stories[-1].headings == part.headings
    entry = found.stories[-1].entry if is_nested else len(found.stories)
    author = _author(block, links[0])
    says_more = len(block.text) > len(plain((links[0],))) + len(author or "") + len("by () .")
    context = block.text if says_more else ""
    found.stories.append(Story(links[0], part.headings, entry, block.line, author, context))
    found.set_aside([Block("item", block.line, ((link,),)) for link in links[1:]], "not the first link of its item")


def _author(block: Block, link: Span) -> str | None:
    """Return the author where an item names one before or after its link."""
    before, _, after = plain(tuple(span for line in block.lines for span in line)).partition(plain((link,)))
    after_match = BY.fullmatch(after) or BY.match(after)
    before_match = AUTHOR_BEFORE.fullmatch(before)
    match = before_match or after_match
    return match["author"].strip() if match else None


def _split_authors(stories: list[Story]) -> list[Story]:
    """Where it is the newsletter's habit to write `[Author - Title](url)`, take the author out of the title."""
    matches = [AUTHOR_INSIDE.fullmatch(story.link.text.strip()) for story in stories]
    if not stories or sum(m is not None for m in matches) < HABIT * len(stories):
        return stories
    return [
        replace(story, link=Span(match["title"], story.link.url), byline=match["author"]) if match else story
        for story, match in zip(stories, matches, strict=True)
    ]


def _add_featured(found: Found, blocks: list[Block], part: Part, rules: Rules) -> list[Block]:
    """Take the first link of the first paragraph; return the other paragraphs."""
    for nth, block in enumerate(blocks):
        for link in filter(rules.leads_out, block.links):
            entry = len(found.stories)
            found.stories.append(Story(link, part.headings, entry, block.line, None, block.text, "inline"))
            return blocks[nth + 1 :]
    return blocks
