"""Name a story whose link has no words of its own: by the words before it, another cell of its row, its sentence."""

import re
import textwrap
import unicodedata
from collections.abc import Sequence

from pipeline.archive.blocks import Block, Line, Span, count_words, plain
from pipeline.archive.extraction import LONGEST_LINKED, LONGEST_TITLE, VAGUE
from pipeline.archive.layout.labels import Labels, is_mark
from pipeline.archive.layout.leads import bold_lead

SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])(?=\w)")
SENTENCE_END = (".", "!", "?", "。", "！", "？", ":")
LIST_NUMBER = re.compile(r"^\W*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:[、．：)）]|[.:](?!\d))")
FIELD = re.compile(r"\W*[^\W\d_][\w ]{1,19}[:：]\s")  # `Description: …` in a record
ACCOUNT = re.compile(r"\s*\((?:by )?\[?@[\w-]+\]?\)\W*$")  # of the author, behind a title
SHORTEST = 3  # words of the sentence that is a title
FULL_LINE = 68  # characters that a line of a plain text would have with its next word, if it was broken to fit
CELL = " | "  # between the cells of a table's row


def title_before(block: Block, link: Span) -> str:
    """Return the words before a link: the first line, and the next where the first was broken to fit."""
    lines: list[str] = []
    for line in block.lines:
        if link in line:
            lines.append(plain(line[: line.index(link)]))
            break
        lines.append(plain(line))
    lines = [line for line in lines if re.search(r"\w", line)]
    if not lines:
        return ""
    is_full = len(lines) > 1 and len(f"{lines[0]} {lines[1].split()[0]}") > FULL_LINE
    is_broken = is_full and not lines[0].endswith((*SENTENCE_END, ")"))
    words = " ".join(lines[: 1 + is_broken]).rstrip(" .,-–—:：|<>([").lstrip(" .-–—:：|<>")
    return without_signs(LIST_NUMBER.sub("", words, count=1).strip())


def title_below(block: Block, link: Span) -> str:
    """Return the line below an address that is the first line of its paragraph; "" elsewhere."""
    if len(block.lines) < 2 or link not in block.lines[0] or re.search(r"\w", block.text.partition(link.text)[0]):
        return ""
    line = plain(block.lines[1])
    is_title = re.search(r"\w", line) and not any(span.url for span in block.lines[1])
    return without_signs(first_sentence(line)) if is_title else ""


def first_sentence(words: str) -> str:
    """Return the first sentence, with the next where it is so short as to end with an abbreviation."""
    sentences = SENTENCE.split(words)
    nth = next((n for n in range(1, len(sentences)) if count_words(" ".join(sentences[:n])) >= SHORTEST), None)
    return " ".join(sentences[:nth]).rstrip(".")


def title_after(block: Block, link: Span) -> str:
    """Return the words behind a sign that links, where they are bold or begin the line; "" elsewhere."""
    line = next((line for line in block.lines if link in line), ())
    at = line.index(link) if link in line else 0
    rest = line[at + 1 :]
    if plain(line[:at]) or not rest:
        return ""
    words = re.split(r"\s[-–—]\s", SENTENCE.split(plain(rest))[0])[0]
    return bold_lead(rest).strip(" .:：—–-") or ACCOUNT.sub("", words).strip(" .:-–—")


def cell_title(block: Block) -> str:
    """Return the title in a row of cells or of `Field: value` lines beside a link without words; "" in other blocks."""
    if len(block.lines) > 1:
        return _record_title(block.lines)
    cells: list[list[Span]] = [[]]
    for span in block.lines[0] if block.lines else ():
        parts = span.text.split(CELL) if span.url is None else [span.text]
        for nth, part in enumerate(parts):
            if nth:
                cells.append([])
            cells[-1].append(Span(part, span.url, span.is_bold))
    words = [cell for cell in cells if plain(tuple(cell)) and all(span.url is None for span in cell)]
    if len(cells) < 3 or not words or not block.text.rstrip().endswith("|"):
        return ""
    bold = [cell for cell in words if any(span.is_bold and span.text.strip() for span in cell)]
    return max(map(_first_line, bold or words), key=len)


def _first_line(cell: Sequence[Span]) -> str:
    """Return the words of a cell down to its first break, below which a note or a translation stands."""
    lines = "".join(span.text for span in cell).strip().split("\n")
    return " ".join(lines[0].split())


def _record_title(lines: Sequence[Line]) -> str:
    fields = [plain(line) for line in lines]
    if not all(map(FIELD.match, fields)):
        return ""
    values = [
        FIELD.sub("", text, count=1)
        for text, line in zip(fields, lines, strict=True)
        if all(span.url is None for span in line)
    ]
    return max(values, key=len).rstrip(".") if values else ""


def without_signs(title: str) -> str:
    """Drop emoji and bullets before a title; quotes and brackets stay."""
    start = 0
    while start < len(title) and (title[start] in "•·・*▪‣⁃ ️‍" or unicodedata.category(title[start]) == "So"):
        start += 1
    return title[start:] or title


def named(link: Span, block: Block, labels: Labels, before: str | None = None) -> Span:
    """Give a link the words around it where its own say nothing: "here", "1", "Tweet", an address.

    Parameters
    ----------
    before : str, optional
        The words before the link in its block; found if not given.
    """
    text = plain((link,))
    mark = is_mark(text)
    if block.is_record_of(link):
        return Span(text, link.url)
    if not mark and text.casefold().strip(" .[]→»") not in VAGUE and not labels.is_label(link):
        return Span(text, link.url)
    before = plain(_before(block, link)) if before is None else before
    words = SENTENCE.split(before[-LONGEST_LINKED:])[-1].strip(" -–—:：|([") if before else ""
    if not mark or not re.search(r"\w", words):  # the sentence with the link in it
        whole = block.text.strip()
        words = next((s for s in SENTENCE.split(whole) if words in s and text in s), whole)
    return Span(textwrap.shorten((words or text)[:LONGEST_LINKED], LONGEST_TITLE, placeholder="…"), link.url)


def _before(block: Block, link: Span) -> tuple[Span, ...]:
    spans = [span for line in block.lines for span in (*line, Span(" "))]
    for nth, span in enumerate(spans):
        if span is link:
            return tuple(spans[:nth])
    return ()
