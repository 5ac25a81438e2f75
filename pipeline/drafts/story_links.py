"""Find the link of a story in the Markdown of its entry, and what its words are made of."""

import re
from dataclasses import dataclass

from pipeline.archive.extraction import Story

URL = "\0"  # stands in LINK for each character of the address
LINK = re.compile(
    rf"\[(?P<words>(?:\\.|!?\[[^\[\]]*\](?:\([^()\s]*\))?|[^\[\]\\])*)\]\(<?{URL}+>?(?:\s+[\"'(][^\n]*?[\"')])?\)"
)
BARE = re.compile(rf"<{URL}+>|{URL}+")
OPENING, CLOSING = '*_`~“"', '*_`~”"'
NOTE = re.compile(r"\W*\d{1,3}\W*")  # "[3]", "^3"


@dataclass(frozen=True)
class StoryLink:
    """Where the link of a story stands in a text."""

    start: int
    end: int
    words: str | None  # None of an address written out


def find_link(text: str, story: Story) -> StoryLink | None:
    url = story.link.url
    if not url or url not in text:
        return None
    masked = text.replace(url, URL * len(url))  # one pattern for all addresses
    if match := LINK.search(masked):
        return StoryLink(match.start(), match.end(), text[match.start("words") : match.end("words")])
    match = BARE.search(masked)
    return StoryLink(match.start(), match.end(), None) if match else None


def split_marks(words: str) -> tuple[str, str, str]:
    """Return the marks of emphasis before the words of a link, the words, and the marks behind them."""
    rest = words.lstrip(OPENING)
    marked = rest.rstrip(CLOSING)
    return words[: len(words) - len(rest)], marked, rest[len(marked) :]


def anchor(words: str, story: Story) -> str:
    """Write names for the words of a link that are its address or the number of a note; others stay."""
    bare = (story.link.url or "").partition("://")[2]
    if "://" in words:
        return "{url}"
    if words.strip("/") in (bare, bare.rstrip("/")):
        return "{address}"
    return "{nth}" if NOTE.fullmatch(words) else words
