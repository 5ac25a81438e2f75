"""Turn files into documents, one per issue, with what each says of itself.

Here is decided what a file is; how each format becomes blocks is in the modules `single_document`, `format_*` and
`tables`.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from itertools import islice
from typing import Any

from pipeline.archive.blocks import Block
from pipeline.archive.document import Document
from pipeline.archive.extraction import Rules
from pipeline.archive.files import File
from pipeline.archive.formats import format_html
from pipeline.archive.formats.chat_logs import chat_rows
from pipeline.archive.formats.data_files import DATA_SUFFIXES, SITE_SUFFIXES, Problem, data_rows
from pipeline.archive.formats.export_bodies import body_of, may_hold_body, meta_of, nested_links
from pipeline.archive.formats.format_bibtex import bibtex_rows
from pipeline.archive.formats.format_feed import read_feed
from pipeline.archive.formats.format_mail import read_mails
from pipeline.archive.formats.format_markdown import text_blocks
from pipeline.archive.formats.indexed_files import Index, find_index
from pipeline.archive.formats.single_document import TEXT_SUFFIXES, body_blocks, read_single
from pipeline.archive.formats.spreadsheets import Table, bookmark_rows, read_csv, read_xlsx
from pipeline.archive.formats.table_columns import SAMPLE, find_columns
from pipeline.archive.formats.tables import Row, group_rows, to_rows
from pipeline.archive.metadata.date_keys import given_dates
from pipeline.core.errors import InputError

BOOKMARKS = re.compile(r"\A\s*<!DOCTYPE NETSCAPE-Bookmark-file|<a\b[^<>]*\btime_added=", re.IGNORECASE)
NOTHING = "it holds no issue and no links"
PAGES_OF_SITES = (".html", ".htm")
ROWS = "rows of a table"


Rows = Iterable[tuple[int, dict[str, Any]]]
TellTable = Callable[[str, Mapping[str, str]], None]


@dataclass(frozen=True)
class Settings:
    """What reading depends on beside the files."""

    rules: Rules
    zone: tzinfo | None = None
    issue_day: str = "friday"
    table: TellTable = lambda name, columns: None  # is called with each table of links: what a column holds → its name


def read_documents(
    files: Sequence[File],
    rules: Rules,
    problem: Problem | None = None,
    settings: Settings | None = None,
    step: Callable[[], None] = lambda: None,
) -> Iterator[Document]:
    """Yield the documents in some files.

    Parameters
    ----------
    problem : callable, optional
        Is called with the name of a file that cannot be read, and why; the others are read. A file that the editor
        named is an error.
    step : callable
        Is called before each file.

    Raises
    ------
    InputError
        If a file cannot be read and it was named, or there is no `problem`.
    """
    settings = settings or Settings(rules)
    index = find_index(files)
    index.brought.update(_beside_posts(files))
    links: dict[str, list[Row]] = {}
    for file in files:
        step()
        if file.name in index.brought:  # by the row of a table
            if problem and (why := index.brought[file.name]):
                problem(file.name, why)
            continue
        n_links = sum(map(len, links.values()))
        try:
            documents = _documents_of(file, settings, index, links, problem or _refuse)
            is_empty = not documents and sum(map(len, links.values())) == n_links
            if problem and is_empty and file.suffix not in SITE_SUFFIXES:
                problem(file.name, NOTHING)
            while documents:
                yield documents.popleft()
        except InputError as error:
            if problem is None or file.is_named:
                raise
            problem(file.name, str(error).removeprefix(file.name).lstrip(" ,:").removesuffix("; nothing was imported"))
    for folder, rows in links.items():
        unique: dict[str, Row] = {}
        for row in rows:
            unique.setdefault(row.url, row)
        dated = sorted((row for row in unique.values() if row.day), key=lambda row: row.day or date.min)
        yield from _table_documents(group_rows(dated, settings.issue_day), folder, f"{folder}, links")


def _beside_posts(files: Sequence[File]) -> dict[str, str]:
    """Return the pages without the mark of posts (h-entry of microformats) where most pages have it, and why."""
    pages = [file for file in files if file.suffix in PAGES_OF_SITES]
    others = [file.name for file in pages if b"h-entry" not in file.body]
    return dict.fromkeys(others, "it is not marked as a post, as others are") if len(others) < len(pages) / 2 else {}


def _refuse(name: str, why: str) -> None:
    raise InputError(f"{name}: {why}")


def _documents_of(
    file: File, settings: Settings, index: Index, links: dict[str, list[Row]], problem: Problem
) -> deque[Document]:
    """Read a file as a whole. Raises InputError, also where lists are nested deeper than Python can follow."""
    try:
        return deque(_read_file(file, settings, index, links, problem))
    except RecursionError as error:
        raise InputError(f"{file.name} is nested too deeply to be read; nothing was imported") from error


def _read_file(
    file: File, settings: Settings, index: Index, links: dict[str, list[Row]], problem: Problem
) -> Iterator[Document]:
    if file.problem:
        raise InputError(file.problem)
    suffix = file.suffix
    if suffix in (".csv", ".tsv"):
        yield from _rows(file, read_csv(file.text, file.name), index, settings, links)
    elif suffix == ".xlsx":
        yield from _rows(file, read_xlsx(file.body, file.name), index, settings, links)
    elif suffix == ".bib":
        yield from _rows(file, list(bibtex_rows(file.text)), index, settings, links)
    elif suffix in DATA_SUFFIXES:
        yield from _rows(file, data_rows(file, problem), index, settings, links)
    elif suffix in (".xml", ".rss", ".atom"):
        for nth, meta, body in read_feed(file, problem):
            yield Document(f"{file.name}, entry {nth}", file.name, meta, body_blocks(body))
    elif suffix in (".eml", ".mbox"):
        for nth, (meta, text, is_html) in enumerate(read_mails(file.body), 1):
            blocks = format_html.to_blocks(text) if is_html else text_blocks(text)
            yield Document(f"{file.name}, mail {nth}", file.folder, meta, blocks, modified=file.modified)
    elif suffix in PAGES_OF_SITES and BOOKMARKS.search(file.text[:5_000]):
        yield from _rows(file, bookmark_rows(file.text), index, settings, links)
    elif suffix in TEXT_SUFFIXES and (messages := chat_rows(file.text)):
        yield from _rows(file, messages, index, settings, links)
    else:
        document = read_single(file, settings.rules)
        rows = _markdown_table(document) if suffix in (".md", ".markdown") else []
        yield from _rows(file, rows, index, settings, links) if rows else (document,)


def _rows(file: File, rows: Rows, index: Index, settings: Settings, links: dict[str, list[Row]]) -> Iterator[Document]:
    """Read the rows of an export: issues with bodies, or links."""
    columns = {} if _hold_issues(rows) else find_columns([row for _, row in islice(rows, SAMPLE)])
    if not columns:
        yield from _export_rows(file, rows, index, settings.rules)
        return
    if file.suffix in SITE_SUFFIXES and _is_one(rows):
        return  # it configures a site
    rows = rows if isinstance(rows, Table) else deque(rows)  # what was read is forgotten row by row
    found = to_rows(rows, columns, settings.zone)
    settings.table(file.name, columns)
    del rows
    if "issue" in columns:
        issues = group_rows(found, settings.issue_day)
        del found
        yield from _table_documents(issues, file.name, file.name, file.is_named, file.modified)
    elif "date" in columns:
        links.setdefault(file.folder, []).extend(found)
    else:
        columns_found = ", ".join(f"{kind}: {name}" for kind, name in columns.items())
        raise InputError(f"{file.name} has links ({columns_found}) but no column with an issue or a date; add one")


def _hold_issues(rows: Rows) -> bool:
    """Does a row hold the text of an issue, or lists of links?"""
    if isinstance(rows, Table) and not may_hold_body(rows.names):
        return False
    return any(body_of(row) or nested_links(row, 0) for _, row in rows)


def _is_one(rows: Rows) -> bool:
    return len(list(islice(rows, 2))) == 1


def _table_documents(
    issues: Iterator[tuple[dict[str, Any], list[Block]]],
    folder: str,
    name: str,
    is_named: bool = False,
    modified: date | None = None,
) -> Iterator[Document]:
    for meta, blocks in issues:
        where = f"{name}, line {blocks[0].line}"
        yield Document(where, folder, meta, blocks, is_named=is_named, modified=modified, stories_are=ROWS)


def _markdown_table(document: Document) -> list[tuple[int, dict[str, Any]]]:
    """Return the rows of a file that is nothing but a table of links with an issue, a date or both; [] of others."""
    items = [block for block in document.blocks if block.kind == "item"]
    if given_dates(document.meta):
        return []  # of an issue, whose rows may be numbered
    if len(items) < 3 or any(block.kind != "item" and block.links for block in document.blocks):
        return []
    header = [cell.casefold() for cell in _cells(items[0])[:-1]]
    rows = [(item.line, dict(zip(header, _cells(item), strict=False))) for item in items[1:]]
    columns = find_columns([row for _, row in rows[:SAMPLE]]) if len(header) > 2 else {}
    return rows if {"issue", "date"} & set(columns) else []


def _cells(block: Block) -> list[str]:
    """Return the cells of a table's row, addresses written out, and what follows the last."""
    text = "".join(span.url or span.text for line in block.lines for span in line)
    return [cell.strip() for cell in re.split(r"\s\|(?:\s|$)", text)]


def _export_rows(file: File, rows: Rows, index: Index, rules: Rules) -> Iterator[Document]:
    is_whole = _is_one(rows)  # the file is one issue, and its name may number it
    for line, row in rows:
        meta = meta_of(row)
        if page := index.of_row.get((file.name, line)):
            mail = read_single(page, rules)
            given = {key: value for key, value in meta.items() if value not in ("", None) or key not in mail.meta}
            yield replace(mail, folder=file.name, meta={**mail.meta, **given}, stem="", path="")
            continue
        name = file.name if is_whole else f"{file.name}, line {line}"
        blocks = body_blocks(body_of(row)) or nested_links(row, line)
        if blocks or (file.suffix not in SITE_SUFFIXES and (meta.get("subject") or meta.get("title"))):
            own = (file.stem, file.is_named, file.modified, file.name) if is_whole else ()
            yield Document(name, file.folder if is_whole else file.name, meta, blocks, *own)
