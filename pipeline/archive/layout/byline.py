"""Find the author of a linked story, where an entry names one."""

import re

from pipeline.archive.blocks import Span
from pipeline.archive.extraction import Story
from pipeline.archive.layout.positions import is_name

BY = re.compile(r"[\s,(]*by\s+(?P<author>[^.:;]{2,80}?)\s*(?:[.:;)]|\s[-–—]\s|$)", re.IGNORECASE)
AUTHOR_BEFORE = re.compile(r"(?P<author>[^\[\]:]{2,60}?)\s*(?::|\s[-–—])\s*")
AUTHOR_INSIDE = re.compile(r"(?P<author>.{2,60}?)\s+[-–—]\s+(?P<title>\S.*)", re.DOTALL)
ACCOUNT = re.compile(r"@\S+")
NAMES = 0.5  # share of these that must be names of two words and more
HABIT = 0.6  # share of the stories that must have the author inside the link before we believe it


def find_author(before: str, after: str) -> str | None:
    """Return the author where the words before or after a link name one."""
    match = (before and AUTHOR_BEFORE.fullmatch(before)) or (after and BY.match(after))
    return match["author"].strip() if match else None


def split_authors(stories: list[Story]) -> list[Story]:
    """Where it is the newsletter's habit to write `[Author - Title](url)`, take the author out of the title.

    So it does of accounts behind titles: `[Title - @account](url)`.
    """
    matches = [AUTHOR_INSIDE.fullmatch(story.link.text.strip()) for story in stories]
    found = [match for match in matches if match]
    if not stories or len(found) < HABIT * len(stories):
        return stories
    if all(ACCOUNT.fullmatch(match["title"].strip()) for match in found):
        parts = [match and (match["author"], match["title"].strip()) for match in matches]
    elif sum(len(match["author"].split()) > 1 and is_name(match["author"]) for match in found) >= NAMES * len(found):
        parts = [match and (match["title"], match["author"]) for match in matches]
    else:
        return stories
    return [
        story._replace(link=Span(part[0], story.link.url), byline=part[1]) if part else story
        for story, part in zip(stories, parts, strict=True)
    ]
