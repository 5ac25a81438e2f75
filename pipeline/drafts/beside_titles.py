"""Write names for what stands before and behind a past title: its number, author, outlet, site and text."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from pipeline.archive.blocks import LINK_ATTRIBUTES
from pipeline.archive.extraction import Story
from pipeline.archive.layout.positions import is_name
from pipeline.core.urls import host_of

# "2.", and "1.2" of the second story in the first section
NUMBER = re.compile(r"^(\s*(?:#+\s+)?\W{0,3}?)(\d{1,3}\.)?\d{1,3}(?=\s*[.)、．:：](?!\d)|\s)")
LETTERS = re.compile(r"[^\W\d_]")
NO_WORD = re.compile(r"\W{0,3}")
SHORT = 24  # characters before a title that may be a mark or a tag; longer it is text


def name_before(text: str, story: Story) -> str:
    """Keep a mark or a number before a title; name an author; other text is a blurb."""
    if story.byline and story.byline in text:
        text = text.replace(story.byline, "{byline}", 1)
        return f"{{?{text}}}" if not re.match(r"\s*[-*+#>\d]", text) else re.sub(r"^(\s*\S+\s+)(.*)$", r"\1{?\2}", text)
    if NUMBER.match(text):
        return name_number(text)
    if len(LETTERS.findall(text)) > SHORT:
        mark = re.match(r"[ \t]*(?:[-*+>][ \t]+)?", text)
        return f"{mark[0] if mark else ''}{{blurb}} "
    return re.sub(r"(?<=\s)\W?\w+\W?\s+$", "", text) if re.search(r"^\s*[-*+]\s+\W?\w", text) else text


def name_number(text: str) -> str:
    """Write names for the number that a text begins with: of the story, or of its section and of the story in it."""
    return NUMBER.sub(_running, text)


def _running(number: re.Match[str]) -> str:
    return f"{number[1]}{'{section_n}.' if number[2] else ''}{{n}}"


def name_after(text: str, story: Story, has_blurb: bool) -> str:
    """Name the author or outlet after a title, and what else is written there."""
    text = re.sub(r"\s*<br\s*/?>\s*$", "", LINK_ATTRIBUTES.sub("", f"){text}")[1:].rstrip())
    if text.startswith(" | ") and text.endswith(" |"):
        return _cells(text[3:-2].split(" | "), story)
    if text.endswith(" |"):
        return name_after(text[:-2], story, has_blurb) + " |"
    marks = re.match(r"[*_`”\"»]*", text)
    parts = marks[0] if marks else ""
    text = text[len(parts) :]
    byline = (story.byline or "").rstrip(" .,;:")
    if byline and byline in text:
        at = text.index(byline)
        lead = re.sub(r"\[$", "", text[:at])  # without the bracket of a link around it
        parts = f"{{?{lead}{{byline}}}}"
        text = text[at + len(byline) :]
        text = re.sub(r"^\]\([^()\s]*\)", "", text)
    before, host, rest = text.partition(host_of(story.link.url or "") or "\0")
    if host and NO_WORD.fullmatch(before):
        end = rest[:1] in (")", "]")
        parts += f"{{?{before}{{host}}{rest[:end]}}}"
        text = rest[end:]
    if not re.search(r"\w", text):
        return parts + ("" if "\n" in text and not re.search(r"\n[-=]{3}", text) else text)
    return parts if has_blurb else parts + name_text(text)


def name_text(text: str) -> str:
    """Write {blurb} for a text, between what parts it from the title and brackets; {source} for a name in brackets."""
    text = text.rstrip()
    separator = "".join(takewhile(_parts, text))
    text = text.removeprefix(separator)
    opening = text[0] if unicodedata.category(text[0]) == "Ps" and _closes(text[1:]) else ""
    separator = separator or ("" if opening else " ")
    closing = text[-1] if opening or _closes(text) else ""
    inner, outer = (closing, "") if opening else ("", closing)
    name = "source" if opening and " " in text and is_name(text[1:-1]) else "blurb"
    return f"{{?{separator}{opening}{{{name}}}{inner}}}{outer}"


def _parts(char: str) -> bool:
    """Is it a sign that parts a title from a text? One of emphasis, a tag, a name or an opening is the text's."""
    return not char.isalnum() and char not in "#@*_\"“'" and unicodedata.category(char) != "Ps"


def _closes(text: str) -> bool:
    """Does a text end with the end of brackets that begin before it?"""
    depth = lowest = 0
    for char in text:
        depth += {"Ps": 1, "Pe": -1}.get(unicodedata.category(char), 0)
        lowest = min(lowest, depth)
    return lowest == depth == -1 and unicodedata.category(text[-1]) == "Pe"


def _cells(cells: Sequence[str], story: Story) -> str:
    """Name the text, the author and the site in the cells of a row behind its title; others stay empty."""
    host = host_of(story.link.url or "")
    longest = max(cells, key=len)
    names = ["{blurb}" if c is longest else "{host}" if c == host else "{author}" if is_name(c) else "" for c in cells]
    return "".join(f" | {name}" for name in names) + " |"
