"""Read the entries of BibTeX files, as Zotero and other reference managers write them, as rows of links."""

import re
from collections.abc import Iterator
from typing import Any

ENTRY = re.compile(r"^[ \t]*@(\w+)[ \t]*\{([^@]*)", re.MULTILINE)
FIELD = re.compile(r"^[ \t]*([\w-]+)[ \t]*=[ \t]*(?:\{(.*?)\}|\"(.*?)\"|(\w+))[ \t]*,?[ \t]*\}?[ \t]*$", re.M | re.S)
NO_REFERENCE = {"comment", "string", "preamble"}
DAYS = ("urldate", "date-added", "timestamp", "dateadded")  # when it was saved; `date` is when it was published


def bibtex_rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each entry that has an address, with its line: the day it was saved, its first keyword as the section."""
    for entry in ENTRY.finditer(text):
        fields = {name.lower(): " ".join((braced or quoted or bare).split()) for name, braced, quoted, bare in
                  FIELD.findall(entry[2])}  # fmt: skip
        url = fields.get("url") or (f"https://doi.org/{fields['doi']}" if fields.get("doi") else "")
        if entry[1].lower() in NO_REFERENCE or not url:
            continue
        yield (
            text.count("\n", 0, entry.start()) + 1,
            {
                "title": re.sub(r"[{}]|\\(?=[&%$#_])", "", fields.get("title", "")),
                "url": url.replace("\\", ""),
                "date": next((fields[key] for key in DAYS if fields.get(key)), ""),
                "section": re.split(r"[,;]", fields.get("keywords", ""))[0].strip(),
                "author": fields.get("author", "").replace(" and ", ", "),
                "notes": fields.get("annotation") or fields.get("note") or fields.get("abstract") or "",
            },
        )
