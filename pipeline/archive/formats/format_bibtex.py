"""Read the entries of BibTeX files, as Zotero and other reference managers write them, as rows of links."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

ENTRY = re.compile(r"[ \t]*@(\w+)[ \t]*\{")
FIELD = re.compile(r"[ \t]*([\w-]+)[ \t]*=[ \t]*(.*)")
ENDS = " \t\r,}"  # of a value, and of the entry behind its last one
CLOSING = {"{": "}", '"': '"'}
NO_REFERENCE = {"comment", "string", "preamble"}
DAYS = ("urldate", "date-added", "timestamp", "dateadded")  # when it was saved; `date` is when it was published


def bibtex_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each entry that has an address, with its line: the day it was saved, its first keyword as the section."""
    lines = text.split("\n")
    starts = [(n, start[1].lower()) for n, line in enumerate(lines) if (start := ENTRY.match(line))]
    for (n, kind), (end, _) in pairwise([*starts, (len(lines), "")]):
        fields = dict(_fields(lines[n + 1 : end]))
        url = fields.get("url") or (f"https://doi.org/{fields['doi']}" if fields.get("doi") else "")
        if kind not in NO_REFERENCE and url:
            yield n + 1, _row(fields, url)


def _row(fields: dict[str, str], url: str) -> dict[str, Any]:
    return {
        "title": re.sub(r"[{}]|\\(?=[&%$#_])", "", fields.get("title", "")),
        "url": url.replace("\\", ""),
        "date": next((fields[key] for key in DAYS if fields.get(key)), ""),
        "section": re.split(r"[,;]", fields.get("keywords", ""))[0].strip(),
        "author": fields.get("author", "").replace(" and ", ", "),
        "notes": fields.get("annotation") or fields.get("note") or fields.get("abstract") or "",
    }


def _fields(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry. A value in braces or quotes ends with the line that ends with these."""
    rest = iter(lines)
    for line in rest:
        if not (field := FIELD.match(line)):
            continue
        value = [field[2]]
        closing = CLOSING.get(field[2][:1], "")
        while not _is_closed(value[-1], closing) and (more := next(rest, None)) is not None:
            value.append(more)
        words = " ".join(" ".join(value).split()).rstrip(ENDS)
        yield field[1].lower(), words[1:].removesuffix('"') if closing else words


def _is_closed(line: str, closing: str) -> bool:
    bare = line.rstrip(ENDS)
    return not closing or (closing == "}" and closing in line[len(bare) :]) or (closing == '"' and bare.endswith('"'))
