"""Find the line at the top of the issues that names them: `**Letter #12**`, which is the title and no section."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.archive.document import Document

LONGEST = 80  # characters
FEWEST = 3  # issues
SHARE = 0.5  # of the issues that must begin with the same words before a number
SENTENCE_END = (".", "!", "?", "。", "！", "？")


def with_title_lines(documents: Sequence[Document]) -> list[Document]:
    """Make headings of the first lines that differ in their numbers alone."""
    names = [_name(document) for document in documents]
    counts = Counter(filter(None, names))
    fewest = max(FEWEST, SHARE * len(documents))
    return [
        _titled(document) if name and counts[name] >= fewest else document
        for document, name in zip(documents, names, strict=True)
    ]


def _name(document: Document) -> str:
    """Return the words before the number in a short first line without a link; "" of any other."""
    first = document.blocks[0] if document.blocks else None
    if first is None or first.kind != "paragraph" or first.level or len(first.lines) != 1 or first.links:
        return ""
    text = first.text.strip()
    name, digit, _ = re.split(r"(\d)|$", text, maxsplit=1)
    is_name = digit and len(text) <= LONGEST and not text.endswith(SENTENCE_END) and not name.rstrip().endswith(":")
    return re.sub(r"[\W_]+", " ", name.casefold()).strip() if is_name else ""


def _titled(document: Document) -> Document:
    first, *rest = document.blocks
    return replace(document, blocks=[replace(first, kind="heading", level=1), *rest])
