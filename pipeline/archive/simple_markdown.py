"""Read the plain parts of Markdown, headings and one-line items and paragraphs, without the CommonMark parser.

An archive of 300,000 links is nearly all such lines, and the parser's list rule takes most of the time. What is not
plain goes to the parser, one part from heading to heading at a time.
"""

import re
from collections.abc import Callable, Iterator

from pipeline.archive.blocks import Block, Line, Span

HEADING = re.compile(r"(#{1,6}) ([^\s#][^#]*)$")
ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)]) (.*)")
# what may stand before and after one link without meaning anything else in Markdown
WORDS = r"[^\[\]()*_`<>!\\&\n\t|~]"
LINKED = re.compile(rf"({WORDS}*)\[({WORDS}+)\]\((https?://[^\s()<>\\&\"']+)\)({WORDS}*)")
PLAIN = re.compile(rf"{WORDS}+")
STARTS_TEXT = re.compile(r"[^\W\d_]|\[")  # and no list, quote, rule or heading inside an item
ATX_START = re.compile(r"^(?=#{1,6} )", re.MULTILINE)
# what may reach over headings, or give a meaning to text elsewhere: code, HTML, definitions
WHOLE = re.compile(r"^ {0,3}(?:```|~~~|<|\[[^\]\n]+\]:)|<!--|[\t\r\0]", re.MULTILINE)
MONTH_AND_YEAR = re.compile(r"[^\W\d_]{3,12}\.? \d{4}")
Parse = Callable[[str, int], Iterator[Block]]


def blocks_by_part(text: str, lines_before: int, parse: Parse) -> Iterator[Block]:
    """Yield the blocks of a text; `parse` is given the parts that are not plain, and how many lines stand above."""
    if WHOLE.search(text):
        yield from parse(text, lines_before)
        return
    for part in ATX_START.split(text):
        found = _simple(part, lines_before)
        yield from parse(part, lines_before) if found is None else found
        lines_before += part.count("\n")


def _simple(text: str, lines_before: int) -> list[Block] | None:
    """Return the blocks of lines each of which is a block; None if the text is not so plain."""
    blocks: list[Block] = []
    kind_above = ""
    for nth, line in enumerate(text.split("\n"), lines_before + 1):
        if not line or line.isspace():
            kind_above = ""
            continue
        block = _block(line, nth, kind_above)
        if block is None:
            return None
        kind_above = block.kind
        blocks.append(block)
    return blocks


def _block(line: str, number: int, kind_above: str) -> Block | None:
    if heading := HEADING.match(line):
        words = _line(heading[2].rstrip())
        return None if words is None else Block("heading", number, (words,), len(heading[1]))
    item = ITEM.match(line)
    content = (item[2] if item else line).rstrip()
    if kind_above == "paragraph" or (kind_above == "item" and not item) or not STARTS_TEXT.match(content):
        return None
    if item and item[1] and (kind_above == "heading" or MONTH_AND_YEAR.fullmatch(content)):
        return None
    words = _line(content)
    if words is None:
        return None
    return Block("item", number, (words,), 1) if item else Block("paragraph", number, (words,))


def _line(content: str) -> Line | None:
    """Return the runs of a line with at most one link among plain words."""
    if PLAIN.fullmatch(content):
        return (Span(content),) if "://" not in content else None
    linked = LINKED.fullmatch(content)
    if linked is None or "://" in linked[1] or "://" in linked[4]:
        return None
    before, words, url, after = linked.groups()
    spans = (Span(before), Span(words, url), Span(after))
    return tuple(span for span in spans if span.text)
