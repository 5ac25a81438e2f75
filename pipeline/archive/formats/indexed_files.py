"""Find the files that the rows of an export's table bring: Substack's posts, Buttondown's mails, Mailchimp's campaigns.

Which column names the files is found by its values. A table that holds texts or links is no such index.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pipeline.archive.files import File
from pipeline.archive.formats.data_files import data_rows
from pipeline.archive.formats.export_bodies import body_of, nested_links
from pipeline.archive.formats.spreadsheets import read_csv
from pipeline.archive.formats.table_columns import SAMPLE, find_columns
from pipeline.core.errors import InputError

TABLES = (".csv", ".json")
PAGES = (".html", ".htm", ".md", ".markdown", ".txt")  # of files of one name the first is read
FEWEST = 3  # files that the rows of a table name
NAMED = 0.5  # share of the rows that must name a file
MOST_ROWS = 20_000
LONGEST_NAME = 200  # characters
NOT_NAME = re.compile(r"[\W_]+")
FIRST_DIGITS = re.compile(r"^\d+-")

Rows = Sequence[tuple[int, Mapping[str, Any]]]


@dataclass(frozen=True)
class Index:
    """Which files the rows of tables bring."""

    of_row: dict[tuple[str, int], File] = field(default_factory=dict)  # table and line → file
    brought: dict[str, str] = field(default_factory=dict)  # file → what is to be reported of it; "" where a row has it


def find_index(files: Sequence[File]) -> Index:
    """Find the tables that list files of the archive, and the files. Files beside of the same name are not read."""
    index = Index()
    pages = [file for file in files if file.suffix in PAGES and not file.problem]
    tables = [file for file in files if file.suffix in TABLES and not file.problem]
    if len(pages) < FEWEST or not tables:
        return index
    named: dict[str, dict[str, File]] = {}  # a name → the stems of files that have it → the file
    for page in sorted(pages, key=lambda file: PAGES.index(file.suffix)):
        for name in _names(page.stem):
            named.setdefault(name, {}).setdefault(page.stem, page)
    only = {name: next(iter(found.values())) for name, found in named.items() if len(found) == 1}
    for table in tables:
        found = _files_of(_rows(table), only)
        index.of_row.update({(table.name, line): page for line, page in found.items()})
    stems = {(page.folder, page.stem): page for page in index.of_row.values()}
    for page in pages:
        if first := stems.get((page.folder, page.stem)):
            same = f"it is the same mail as {first.name.rpartition('/')[2]}"
            index.brought[page.name] = "" if page is first else same
    return index


def _names(stem: str) -> Iterable[str]:
    name = _plain(stem)
    return {name, FIRST_DIGITS.sub("", name)} - {""}


def _plain(value: Any) -> str:
    text = str(value or "")
    return NOT_NAME.sub("-", text.casefold()).strip("-") if len(text) <= LONGEST_NAME else ""


def _rows(table: File) -> Rows:
    """Return the rows of a table without texts and links; none of others."""
    try:
        rows = read_csv(table.text, table.name) if table.suffix == ".csv" else data_rows(table, lambda name, why: None)
        found = list(islice(rows, MOST_ROWS))
    except (InputError, RecursionError):  # reported when the file is read
        return []
    sample = [row for _, row in found[:SAMPLE]]
    is_index = not any(body_of(row) or nested_links(row, 0) for row in sample) and not find_columns(sample)
    return found if is_index else []


def _files_of(rows: Rows, pages: Mapping[str, File]) -> dict[int, File]:
    """Return the file of each line, by the column that names most of them."""
    best: dict[int, File] = {}
    for column in rows[0][1] if rows else ():
        found = {line: pages[name] for line, row in rows if (name := _plain(row.get(column))) in pages}
        if len({page.name for page in found.values()}) > len({page.name for page in best.values()}):
            best = found
    return best if len(best) >= max(FEWEST, NAMED * len(rows)) else {}
