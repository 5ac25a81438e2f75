"""What a past issue looks like to a reader, whatever it was written in: headings, paragraphs, items, quotes, rules.

Pure records. How Markdown, HTML and plain text become blocks stands in the modules of those names.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from models.words import UNSPACED
from pipeline.core.urls import canonical_url

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]{0,20}://[^\s/?#]", re.IGNORECASE)  # "://" and "https?://" are words
BARE_ADDRESS = re.compile(r"https?://[^\s<>/]+\.[^\s<>\"'\[\]（）「」【】、。]+")
ATTRIBUTES = re.compile(r"(?<!\s)\s*\{:?\s*[#.][^{}\n]*\}\s*$")  # of a heading: {#tools}, {: .wide}
LINK_ATTRIBUTES = re.compile(
    r"""(?<=\))\{:?(?:[#.][\w-]++|[\w-]++=(?:"[^"\n]*"|'[^'\n]*'|[\w-]++)|\s)++\}"""
)  # of Kramdown, Pandoc
TRAILING = ".,;:!?)]}'\"*_"  # ends a sentence, not an address
LETTERS_OF_WORD = 4
Kind = Literal["heading", "paragraph", "item", "quote", "rule",
               "picture",  # with a link around it and no words, or with words in its place: picture_links.py
               "paid above", "paid below"]  # lines that mark the entry beside them: paid_marks.py  # fmt: skip


class Span(NamedTuple):  # made in a sixth of the time of a frozen dataclass: an archive has millions
    """A run of text, with the address it links to."""

    text: str
    url: str | None = None
    is_bold: bool = False
    is_bare: bool = False  # an address written out in running text


Line = tuple[Span, ...]


@dataclass(slots=True)  # not frozen, which doubles the time; nothing changes one
class Block:
    """One heading, paragraph, list item, quote, rule or picture."""

    kind: Kind
    line: int  # 1-based, in the file
    lines: tuple[Line, ...] = ()
    level: int = 0  # of a heading: 1–6; of an item or what stands in it: how deep it is nested, from 1
    url: str = ""  # of a picture, and of an item made of a record with a title: where it leads

    _text: str | None = field(default=None, init=False, repr=False, compare=False)
    _links: tuple[Span, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def text(self) -> str:
        """The words, without addresses."""
        if self._text is None:
            one = len(self.lines) == 1
            self._text = plain(self.lines[0]) if one else " ".join(filter(None, map(plain, self.lines)))
        return self._text

    def is_record_of(self, link: Span) -> bool:
        """Whether it is the item of a record whose address this link has; its title is one however often it recurs."""
        return bool(self.url) and self.url == link.url

    @property
    def links(self) -> tuple[Span, ...]:
        """Every linked run, in order; the address is "" where only the link is known."""
        if self._links is None:
            links = [span for line in self.lines for span in line if span.url is not None]
            is_line = len(self.lines) == 1 and len(links) == len(self.lines[0])  # a title, as most items are
            self._links = self.lines[0] if is_line else tuple(links)
        return self._links


def plain(line: Line) -> str:
    """Return the words of a line, spaces made single."""
    text = line[0].text if len(line) == 1 else "".join([span.text for span in line])
    single = " ".join(text.split())
    return text if single == text else single  # the same text is kept once


def count_words(text: str) -> int:
    """Count words; of scripts that are written without spaces, four letters and more as one."""
    return sum(max(1, len(UNSPACED.findall(word)) // LETTERS_OF_WORD) for word in text.split())


def is_address(text: str) -> bool:
    """Is a text an address written out, and not words with one in them?"""
    return "://" in text and ADDRESS.search(text) is not None and not re.search(r"\s", text.strip())


def merge(line: list[Span]) -> Line:
    """Join neighbouring runs under one link, or of one weight where there is no link."""
    merged: list[Span] = []
    for span in line:
        last = merged[-1] if merged else None
        if (
            last
            and _lead_to_one_place(last.url, span.url)
            and not span.is_bare
            and (span.url is not None or last.is_bold == span.is_bold)
        ):
            merged[-1] = Span(last.text + span.text, span.url, last.is_bold)
        elif span.text:
            merged.append(span)
    return tuple(merged)


def _lead_to_one_place(url: str | None, other: str | None) -> bool:
    """Are two addresses the same, or redirects to the same that differ in what they count?"""
    return url == other or bool(url and other and "://" in other and canonical_url(url) == canonical_url(other))


def without_anchors(block: Block) -> Block:
    """Drop from a heading what addresses the heading itself: `[Tools](#tools) {#tools}`."""
    if block.kind != "heading" or not any(block.lines):
        return block
    if not block.text.endswith("}") and not block.links:
        return block
    lines = [[s._replace(url=None) if (s.url or "").startswith("#") else s for s in line] for line in block.lines]
    last = next(line for line in reversed(lines) if line)
    last[-1] = last[-1]._replace(text=ATTRIBUTES.sub("", last[-1].text))
    return replace(block, lines=tuple(merge(line) for line in lines))


def join_broken_links(block: Block) -> Block:
    """Join two lines where one link was broken to fit the width."""
    lines: list[Line] = []
    for line in block.lines:
        last = lines[-1][-1] if lines and lines[-1] else None
        if last and line and last.url and last.url == line[0].url and not (last.is_bare or line[0].is_bare):
            whole = Span(f"{last.text} {line[0].text}", last.url, last.is_bold)
            lines[-1] = (*lines[-1][:-1], whole, *line[1:])
        else:
            lines.append(line)
    return block if len(lines) == len(block.lines) else replace(block, lines=tuple(lines))


def with_bare_addresses(span: Span) -> list[Span]:
    """Split a run without a link at the addresses written out in it; each becomes a link of its own."""
    if span.url is not None or "://" not in span.text:
        return [span]
    spans, end = [], 0
    for match in BARE_ADDRESS.finditer(span.text):
        address = match[0].rstrip(TRAILING)
        spans.append(Span(span.text[end : match.start()], None, span.is_bold))
        spans.append(Span(address, address, span.is_bold, is_bare=True))
        end = match.start() + len(address)
    spans.append(Span(span.text[end:], None, span.is_bold))
    return [each for each in spans if each.text]
