"""Turn files into documents: one per issue, with what it says of itself. Knows Markdown, HTML, plain text, the exports
of Buttondown (CSV, JSON, Markdown) and Substack (posts.csv with HTML), and feeds with content.
"""

import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import feedparser

from pipeline.archive import format_html, format_text
from pipeline.archive.blocks import Block
from pipeline.archive.extraction import Rules
from pipeline.archive.files import File
from pipeline.archive.format_markdown import read_markdown, to_blocks
from pipeline.core.errors import InputError

LOOKS_LIKE_HTML = re.compile(r"\s*(<!--.*?-->\s*)*<(!doctype|html|body|div|p|h[1-6]|ul|table)\b", re.I | re.S)
POST_ID = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Document:
    """One issue as it lies in the archive."""

    name: str  # file, or file and place within it
    folder: str  # documents of one folder are one newsletter's
    meta: Mapping[str, Any]  # keys in small letters, as its front matter or export has them
    blocks: Sequence[Block]
    stem: str = ""  # of the file, when an issue has one of its own
    is_named: bool = False


def read_documents(files: Sequence[File], rules: Rules) -> Iterator[Document]:
    """Yield the documents in some files.

    Raises
    ------
    InputError
        If a file cannot be read; the message names the file, and the line where there is one.
    """
    pages = {match[1]: file for file in files if (match := POST_ID.match(Path(file.name).name))}
    exports = [file for file in files if file.suffix == ".csv"]
    for file in files:
        if exports and file in pages.values() and file.suffix == ".html":
            continue  # its row in posts.csv brings it
        if file.suffix == ".csv":
            yield from _export_rows(file, _csv_rows(file), pages)
        elif file.suffix == ".json":
            yield from _export_rows(file, _json_rows(file), pages)
        elif file.suffix in (".xml", ".rss", ".atom"):
            yield from _feed(file)
        else:
            yield _single(file, rules)


def _single(file: File, rules: Rules) -> Document:
    meta: Mapping[str, Any] = {}
    if file.suffix == ".txt":
        title, _, body = file.text.lstrip().partition("\n")
        subtitle = body.lstrip().partition("\n")[0].strip()
        meta = {"title": title.strip(), "subtitle": subtitle if ";" in subtitle else ""}
        blocks = format_text.to_blocks(file.text, rules)
    elif file.suffix in (".html", ".htm"):
        blocks = format_html.to_blocks(file.text)
        meta = {"title": format_html.page_title(file.text)}
    else:
        meta, blocks = read_markdown(file.text, file.name)
    return Document(file.name, file.folder, meta, blocks, file.stem, file.is_named)


def _export_rows(file: File, rows: Sequence[tuple[int, dict[str, Any]]], pages: dict[str, File]) -> Iterator[Document]:
    for line, row in rows:
        meta = {str(key).strip().lower(): value for key, value in row.items() if key}
        body = str(meta.pop("body", None) or meta.pop("html", None) or "")
        page = pages.get(str(meta.get("post_id", "")).partition(".")[0])
        name = page.name if page else f"{file.name}, line {line}"
        blocks = format_html.to_blocks(page.text) if page else body_blocks(body)
        if blocks or "subject" in meta or "title" in meta:
            yield Document(name, file.name, meta, blocks)


def body_blocks(body: str) -> list[Block]:
    """Turn the body of a mail into blocks, HTML or Markdown as it may be."""
    return format_html.to_blocks(body) if LOOKS_LIKE_HTML.match(body) else to_blocks(body)


def _csv_rows(file: File) -> list[tuple[int, dict[str, Any]]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a body is longer than the default 128 KB
    reader = csv.DictReader(io.StringIO(file.text, newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(f"{file.name}, line {reader.line_num}: not CSV ({error}); nothing was imported") from error


def _json_rows(file: File) -> list[tuple[int, dict[str, Any]]]:
    try:
        data = json.loads(file.text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise InputError(f"{file.name}, line {line}: not JSON; nothing was imported") from error
    for key in ("results", "emails", "posts"):
        if isinstance(data, dict) and isinstance(data.get(key), list):
            data = data[key]
    rows = data if isinstance(data, list) else [data]
    return [(nth, row) for nth, row in enumerate(rows, 1) if isinstance(row, dict)]


def _feed(file: File) -> Iterator[Document]:
    try:
        feed = feedparser.parse(file.body, sanitize_html=False)
    except Exception as error:  # feedparser raises whatever a broken feed provokes, see RELIABILITY in CONTRIBUTING
        raise InputError(
            f"{file.name} cannot be read as a feed ({type(error).__name__}); nothing was imported"
        ) from error
    home = feed.feed.get("link", "")
    for nth, entry in enumerate(feed.entries, 1):
        bodies = [c.get("value", "") for c in entry.get("content", ())] or [entry.get("summary", "")]
        meta = {
            "title": entry.get("title", ""),
            "date": entry.get("published") or entry.get("updated"),
            "url": entry.get("link") or home,
        }
        yield Document(f"{file.name}, entry {nth}", file.name, meta, body_blocks(max(bodies, key=len)))
