"""What a past issue looks like to a reader, whatever it was written in: headings, paragraphs, items, quotes, rules.

Pure records. How Markdown, HTML and plain text become blocks stands in the modules of those names.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["heading", "paragraph", "item", "quote", "rule"]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text, with the address it links to."""

    text: str
    url: str | None = None


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph, list item, quote or rule."""

    kind: Kind
    line: int  # 1-based, in the file
    lines: tuple[Line, ...] = ()
    level: int = 0  # of a heading: 1–6; of an item or what stands in it: how deep it is nested, from 1

    @property
    def text(self) -> str:
        """The words, without addresses."""
        return " ".join(filter(None, map(plain, self.lines)))

    @property
    def links(self) -> list[Span]:
        """Every linked run, in order; the address is "" where only the link is known."""
        return [span for line in self.lines for span in line if span.url is not None]


def plain(line: Line) -> str:
    """Return the words of a line, spaces made single."""
    return " ".join("".join(span.text for span in line).split())


def merge(line: list[Span]) -> Line:
    """Join neighbouring runs under one link, which emphasis had cut."""
    merged: list[Span] = []
    for span in line:
        if merged and merged[-1].url == span.url:
            merged[-1] = Span(merged[-1].text + span.text, span.url)
        elif span.text:
            merged.append(span)
    return tuple(merged)
