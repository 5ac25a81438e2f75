"""Find the author of a linked story, where an entry names one."""

import re

from pipeline.archive.blocks import Span
from pipeline.archive.extraction import Story

BY = re.compile(r"[\s,(]*by\s+(?P<author>[^.:;]{2,80}?)\s*(?:[.:;)]|\s[-–—]\s|$)", re.IGNORECASE)
AUTHOR_BEFORE = re.compile(r"(?P<author>[^\[\]:]{2,60}?)\s*(?::|\s[-–—])\s*")
AUTHOR_INSIDE = re.compile(r"(?P<author>.{2,60}?)\s+[-–—]\s+(?P<title>\S.*)", re.DOTALL)
HABIT = 0.6  # share of the stories that must have the author inside the link before we believe it


def find_author(before: str, after: str) -> str | None:
    """Return the author where the words before or after a link name one."""
    match = (before and AUTHOR_BEFORE.fullmatch(before)) or (after and BY.match(after))
    return match["author"].strip() if match else None


def split_authors(stories: list[Story]) -> list[Story]:
    """Where it is the newsletter's habit to write `[Author - Title](url)`, take the author out of the title."""
    matches = [AUTHOR_INSIDE.fullmatch(story.link.text.strip()) for story in stories]
    if not stories or sum(m is not None for m in matches) < HABIT * len(stories):
        return stories
    return [
        story._replace(link=Span(match["title"], story.link.url), byline=match["author"]) if match else story
        for story, match in zip(stories, matches, strict=True)
    ]
