"""An issue in pieces: each block with its Markdown, and which pieces are one entry. Records in, records out."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.archive.blocks import Block, Line
from pipeline.archive.document import Document
from pipeline.archive.extraction import Found, Story

DEFINITION = re.compile(r"^\s{0,3}\[[^\]\n]+\]:\s.*$\n?", re.MULTILINE)  # of a reference
WORD = re.compile(r"\w+")
COLONS = " :："
MANY_WORDS = 10
ALIKE = 0.85  # of the words
LOOKED_AT = 8  # pieces below the line of a story in which its link is looked for
UNSEEN = re.compile(  # a comment, a line of tags, a tag of several lines
    r"<!--[\s\S]*?(?:-->|(?P<open>\Z))|^[ \t]*\{[{%](?:.*[}%]|[^{}]*+(?:\}|(?<=%)))\}[ \t]*$", re.MULTILINE
)


@dataclass(frozen=True, eq=False)  # found by identity: the blocks of two pieces may be alike
class Piece:
    """A block and its Markdown, as the file has it or as it would be written."""

    block: Block
    text: str
    end: int  # the line after its last, in the file

    @property
    def is_blank(self) -> bool:
        """Is there nothing to read in it: a picture, a comment?"""
        return self.block.kind != "rule" and not self.block.text.strip()


@dataclass
class Entry:
    """A story, or several that begin in one block, with all that stands below before the next one."""

    stories: list[Story]
    pieces: list[Piece] = field(default_factory=list)

    @property
    def head(self) -> Piece:
        """The piece with the title."""
        return self.pieces[0]

    @property
    def section(self) -> str:
        """The heading it stands under, as printed."""
        return (self.stories[0].headings or ("",))[-1]


@dataclass
class Pieces:
    """An issue, divided."""

    all: list[Piece]
    entries: list[Entry]

    @property
    def opening(self) -> list[Piece]:
        """What stands above the first section heading that has entries, or above the first entry."""
        return self.all[: self._first()]

    @property
    def closing(self) -> list[Piece]:
        """What stands below the last entry."""
        last = self.entries[-1].pieces[-1] if self.entries else None
        return self.all[self.all.index(last) + 1 :] if last else []

    def heading_of(self, entry: Entry) -> Piece | None:
        """Return the piece that is the heading of an entry's section."""
        at = self.all.index(entry.head)
        section = entry.section.strip(COLONS)
        return next((p for p in reversed(self.all[:at]) if section and p.block.text.strip(COLONS) == section), None)

    def _first(self) -> int:
        if not self.entries:
            return len(self.all)
        heading = self.heading_of(self.entries[0])
        return self.all.index(heading or self.entries[0].head)


def divide(document: Document, found: Found, is_frame: Callable[[Block], bool] = lambda block: False) -> Pieces:
    """Divide an issue into its pieces and entries; what belongs to the frame of every issue ends an entry."""
    pieces = _pieces(document)
    places = _places_of_lines(pieces)
    heads: dict[int, list[Story]] = {}
    for story in found.stories:
        at = _place(pieces, places, story)
        if at is not None:
            heads.setdefault(at, []).append(story)
    names = {heading.strip(COLONS) for story in found.stories for heading in story.headings}  # "Tools:" of a list
    entries = [
        Entry(stories, _extent(pieces, at, heads, lambda block: block.text.strip(COLONS) in names or is_frame(block)))
        for at, stories in sorted(heads.items())
    ]
    return Pieces(pieces, entries)


def written(block: Block) -> str:
    """Write a block as Markdown."""
    text = "  \n".join(_written_line(line) for line in block.lines)
    if block.kind == "heading":
        return f"{'#' * min(block.level, 6)} {text}"
    if block.kind == "item":
        return f"{'  ' * (block.level - 1)}- {text}"
    return "---" if block.kind == "rule" else f"> {text}" if block.kind == "quote" else text


def alike(text: str, other: str) -> bool:
    """Are two longer texts the same but for a word or two?"""
    mine, theirs = _words(text), _words(other)
    return len(mine) >= MANY_WORDS and len(mine & theirs) >= ALIKE * len(mine | theirs)


@lru_cache(10_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(WORD.findall(text))


def _pieces(document: Document) -> list[Piece]:
    lines = document.source.splitlines()
    blocks = list(document.blocks)
    pieces = []
    for nth, block in enumerate(blocks):
        later = (blocks[at].line for at in range(nth + 1, len(blocks)))
        end = next((line for line in later if line > block.line), len(lines) + 1)
        text = "\n".join(lines[block.line - 1 : end - 1]) if lines else written(block)
        text = UNSEEN.sub(_kept, DEFINITION.sub("", text + "\n")).strip("\n")
        pieces.append(Piece(block, text.rstrip(), end))
    return pieces


def _kept(unseen: re.Match[str]) -> str:
    """Return what stays of a part that is not seen: all of a comment without an end, which is none."""
    return "" if unseen["open"] is None else unseen[0]


def _places_of_lines(pieces: Sequence[Piece]) -> dict[int, list[int]]:
    """Return for each line the places of the pieces that cover it; of HTML in one line, that begin there."""
    places: dict[int, list[int]] = {}
    for at, piece in enumerate(pieces):
        for line in range(piece.block.line, piece.end):
            places.setdefault(line, []).append(at)
    for at, piece in enumerate(pieces):
        if piece.end <= piece.block.line:
            places.setdefault(piece.block.line, []).append(at)
    return places


def _place(pieces: Sequence[Piece], places: dict[int, list[int]], story: Story) -> int | None:
    """Find the piece that a story begins in: at its line, the one with its link or its words, else one below."""
    covering = places.get(story.line, [])
    words = story.link.text.strip()
    for at in covering:
        if any(link.url == story.link.url for link in pieces[at].block.links) or words in pieces[at].block.text:
            return at
    later = range(covering[-1], min(covering[-1] + LOOKED_AT, len(pieces))) if covering else ()
    return next((at for at in later if any(link.url == story.link.url for link in pieces[at].block.links)), None)


def _extent(
    pieces: Sequence[Piece], at: int, heads: dict[int, list[Story]], ends: Callable[[Block], bool]
) -> list[Piece]:
    """Return the pieces from the title to the next entry, heading or rule."""
    own = [pieces[at]]
    for nth in range(at + 1, len(pieces)):
        block = pieces[nth].block
        if nth in heads or block.kind in ("heading", "rule") or ends(block):
            break
        own.append(pieces[nth])
    return own


def _written_line(line: Line) -> str:
    spans = []
    for span in line:
        text = f"**{span.text.strip()}**" if span.is_bold and span.text.strip() else span.text
        spans.append(f"[{text}]({span.url})" if span.url and not span.is_bare else text)
    return "".join(spans)
