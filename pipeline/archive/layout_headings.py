"""Read the dialect of headings: each story's title is a heading, linked itself or with the link below it.

Blocks in, stories out. The headings above a title are its sections.
"""

from collections.abc import Sequence

from pipeline.archive.blocks import Block, Span, plain
from pipeline.archive.extraction import Found, Part, Rules, Story, parts

READ_MORE = 30  # longest text, in characters, of a link that stands alone under a comment: "Read the article"


def read_headings(blocks: Sequence[Block], rules: Rules) -> Found:
    """Find the stories of one issue, in order."""
    found = Found()
    for part in parts(blocks):
        sections = part.headings[:-1]
        link = _story_link(part, rules)
        if link is None or part.heading is None or any(map(rules.closes, sections)):
            found.set_aside(
                part.blocks, f"under {part.headings[-1]!r}" if part.headings else "before the first section"
            )
            continue
        comment = [block for block in part.blocks if block.kind != "rule"]
        text = " ".join(block.text for block in comment if not _is_lone_link(block))
        title = Span(part.heading.text, link.url)
        found.stories.append(Story(title, sections, len(found.stories), part.heading.line, None, text))
        found.set_aside([block for block in comment if not _is_lone_link(block)], "in a comment")
    return found


def _story_link(part: Part, rules: Rules) -> Span | None:
    """Return the link of a title: its own, else the one that stands alone below it."""
    if part.heading is None:
        return None
    own = [link for link in part.heading.links if rules.leads_out(link)]
    below = [link for block in part.blocks if _is_lone_link(block) for link in block.links if rules.leads_out(link)]
    return next(iter(own or below), None)


def _is_lone_link(block: Block) -> bool:
    """Is the paragraph nothing but one link, spelt out or to read more?"""
    if block.kind != "paragraph" or len(block.links) != 1:
        return False
    text = plain((block.links[0],))
    return block.text == text and ("://" in text or len(text) <= READ_MORE)
