"""Read the plain parts of Markdown, headings and one-line items and paragraphs, without the CommonMark block parser.

An archive of 300,000 links is nearly all such lines, and the parser's list rule takes most of the time. What is not
plain goes to the parser, a few lines at a time; the words of a line go to its inline rules, unless they are plain too.
"""

import re
from collections.abc import Callable, Iterator

from pipeline.archive.blocks import Block, Line, Span, merge

HEADING = re.compile(r"(#{1,6}) ([^\s#][^#]*)$")
ITEM = re.compile(r"(?:[-*+]|(\d{1,9})[.)]) (.*)")
# words around links, and of links, that mean nothing else in Markdown
SIGNS = r"(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])|!(?!\[)|&(?![#\w])"
WORDS = rf"(?:[^\[\]*_`<!\\&\n\t]++|{SIGNS})"
LINK = rf"\[((?:[^\[\]()*_`<!\\&\n\t]++|{SIGNS})++)\]\((https?://[^\s()<>\\&\"']++)\)"
LINKED = re.compile(rf"({WORDS}*+){LINK}")
PLAIN = re.compile(rf"{WORDS}*+")
# a word, a link around words or emphasis, and no list, quote, rule, table, code or heading inside an item
STARTS_TEXT = re.compile(r"[^\W\d_]|\[(?!!)|\*{1,2}(?=[^\W_])|[^\x00-\x7f\s]|[\"'($](?=\w)")
ATX = re.compile(r"#{1,6} ")
# what may reach over headings, or give a meaning to text elsewhere: code, HTML, definitions, tables; and their signs
SIGNS_OF_WHOLE = ("<", "```", "~~~", "]:", "|", "\t", "\r", "\0")
MARKS = r"[ >*+\-\d.)]*+"  # that a line begins with
WHOLE = re.compile(
    rf"^ {{0,3}}(?:```|~~~|<)|^{MARKS}\[[^\]\n]+\]:|^(?=.*--){MARKS}(?::[ :-]*+)?\||<!--|[\t\r\0]", re.MULTILINE
)
MONTH_AND_YEAR = re.compile(r"[^\W\d_]{3,12}\.? \d{4}")
Parse = Callable[[str, int], Iterator[Block]]
ParseInline = Callable[[str], tuple[Line, ...]]


def blocks_by_part(text: str, lines_before: int, parse: Parse, parse_inline: ParseInline) -> Iterator[Block]:
    """Yield the blocks of a text.

    Parameters
    ----------
    parse : callable
        Is given the parts that are not plain, and how many lines stand above.
    parse_inline : callable
        Is given the content of one plain block; returns its lines.
    """
    if any(sign in text for sign in SIGNS_OF_WHOLE) and WHOLE.search(text):
        yield from parse(text, lines_before)
        return
    for start, lines in _parts(text.split("\n")):
        block = _block(lines[0], lines_before + start + 1, parse_inline) if len(lines) == 1 else None
        if block is None:
            yield from parse("\n".join(lines), lines_before + start)
        else:
            yield block


def _parts(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that must be read together, each with the place of its first, without blank ones at the end.

    A part begins at a heading, at an item, and at a line below a blank one, unless it is indented.
    """
    start, end = 0, 0  # of a part
    is_after_blank = True
    for nth, line in enumerate(lines):
        if not line or line.isspace():
            is_after_blank = True
            continue
        if end and _begins(line, lines[start], end - start, is_after_blank):
            yield start, lines[start:end]
            start = nth
        elif not end:
            start = nth
        end = nth + 1
        is_after_blank = False
    if end:
        yield start, lines[start:end]


def _begins(line: str, first: str, n_above: int, is_after_blank: bool) -> bool:
    """Does a line begin a part below that of the lines above, of which the first is given?"""
    if ATX.match(first):
        return True
    if line[0] == " ":
        return False
    if is_after_blank or ATX.match(line):
        return True
    item = ITEM.match(line)
    if item is None or not item[2] or item[2].isspace():
        return False
    # a number begins no list within a paragraph
    return item[1] is None or (n_above == 1 and ITEM.match(first) is not None)


def _block(line: str, number: int, parse_inline: ParseInline) -> Block | None:
    """Return the block that a line is; None where its kind is not plain."""
    if heading := HEADING.match(line):
        return Block("heading", number, _lines(heading[2].rstrip(), parse_inline), len(heading[1]))
    item = ITEM.match(line)
    content = (item[2] if item else line).rstrip()
    if not STARTS_TEXT.match(content) or (item and item[1] and MONTH_AND_YEAR.fullmatch(content)):
        return None
    lines = _lines(content, parse_inline)
    return Block("item", number, lines, 1) if item else Block("paragraph", number, lines)


def _lines(content: str, parse_inline: ParseInline) -> tuple[Line, ...]:
    """Return the runs of a line of plain words and links; any other is parsed."""
    spans: list[Span] = []
    end = n_links = 0
    while match := LINKED.match(content, end):
        before, words, url = match.groups()
        spans += (Span(before), Span(words, url)) if before else (Span(words, url),)
        end = match.end()
        n_links += 1 + ("://" in words)
    if end < len(content):
        spans.append(Span(content[end:]))
    if content.count("://") > n_links or not PLAIN.fullmatch(content, end):
        return parse_inline(content)
    return (merge(spans),)
