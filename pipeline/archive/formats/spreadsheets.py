"""Read rows of CSV, TSV, XLSX and of bookmark files as dictionaries, with the line each stands in."""

import csv
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from pipeline.core.errors import InputError

Rows = list[tuple[int, dict[str, Any]]]
ReadRows = Iterator[tuple[int, dict[str, Any]]]
MOST_LINKED = 50_000  # rows of a sheet that is read a second time for its hyperlinks
MOST_UNPACKED = 200 * 2**20  # bytes of the XML in a spreadsheet
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
SOME_LINES = re.compile(r"(?:[^\n]*\n){1,500}|[^\n]+")
OPEN_ENDED = re.compile(r"<dt>", re.IGNORECASE)  # never closed in bookmarks; libxml2 nests each in the last, 256 deep


@dataclass(frozen=True)
class Table:
    """The rows below a header. Each is read when it is asked for, as a table may have hundreds of thousands."""

    names: Sequence[str]  # of the columns
    read: Callable[[], ReadRows]

    def __iter__(self) -> ReadRows:
        return self.read()


def read_csv(text: str, name: str) -> Table:
    """Read comma-, semicolon- or tab-separated values.

    Raises
    ------
    InputError
        If the text is no table, here or when its rows are read; the message names file and line.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a body is longer than the default 128 KB
    return Table(next(_csv_lines(text, name), (0, []))[1], lambda: _csv_rows(text, name))


def _csv_lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    head = text[:4_096].partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    lines = (match[0] for match in LINE.finditer(text))  # StringIO takes four times the memory of the text
    reader = csv.reader(lines, strict=True, delimiter=delimiter)
    try:
        for values in reader:
            yield reader.line_num, values
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: not CSV ({error}); nothing was imported") from error


def _csv_rows(text: str, name: str) -> ReadRows:
    """Yield rows as csv.DictReader does, in half of its time; those without a value are left out."""
    lines = _csv_lines(text, name)
    _, names = next(lines, (0, []))
    n = len(names)
    for line, values in lines:
        if not _holds_something(values):
            continue
        if len(values) == n:
            yield line, dict(zip(names, values, strict=True))
        else:
            padded = [*values[:n], *[None] * (n - len(values))]
            beyond = {None: values[n:]} if len(values) > n else {}
            yield line, {**dict(zip(names, padded, strict=True)), **beyond}  # type: ignore[dict-item]


def read_xlsx(body: bytes, name: str) -> Table:
    """Read the first sheet of a spreadsheet; of formulas, the values that were saved with them.

    Raises
    ------
    InputError
        If it is none, or unpacks beyond sense.
    """
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise InputError(f"{name} unpacks beyond {MOST_UNPACKED >> 20} MB; nothing was imported")
        sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True).worksheets[0]
        lines: list[tuple[int, list[Any]]] = []
        n_rows = 0  # with the empty ones, of which a sheet may have a million below its last row
        for n_rows, line in enumerate(sheet.iter_rows(values_only=True), 1):
            if _holds_something(line):
                lines.append((n_rows, list(line)))
        if not any("://" in str(cell) for _, line in lines for cell in line) and n_rows < MOST_LINKED:
            lines = list(enumerate(_with_hyperlinks(body), 1))
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged file provokes
        raise InputError(
            f"{name} cannot be read as a spreadsheet ({type(error).__name__}); nothing was imported"
        ) from error
    header = [str(cell or "") for cell in lines[0][1]] if lines else []
    rows = lines[1:]
    return Table(header, lambda: ((nth, dict(zip(header, row, strict=False))) for nth, row in rows))


def _holds_something(cells: Sequence[Any]) -> bool:
    return any(cell is not None and cell != "" for cell in cells)


def _with_hyperlinks(body: bytes) -> list[list[Any]]:
    """Read a sheet whose addresses stand behind the words of its cells."""
    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(body), data_only=True).worksheets[0]
    lines = [[(cell.hyperlink.target if cell.hyperlink else None) for cell in line] for line in sheet.iter_rows()]
    linked = max(range(sheet.max_column), key=lambda at: sum(bool(line[at]) for line in lines), default=0)
    values = [list(line) for line in sheet.iter_rows(values_only=True)]
    return [
        [*line, "url" if nth == 0 else links[linked]]
        for nth, (line, links) in enumerate(zip(values, lines, strict=True))
    ]


def bookmark_rows(markup: str) -> Rows:
    """Read a Netscape bookmark file: each link with its day, its folder or tags, and the note below it."""
    rows: Rows = []
    folder = ""
    notes_of: list[int] = []  # the links that open notes belong to
    for event, node in elements(markup):
        if node.tag == "dd" and event == "start":
            notes_of.append(len(rows) - 1)
        elif event == "start":
            continue
        elif node.tag == "h3":
            folder = _words(node)
        elif node.tag == "a" and node.get("href"):
            row = {
                "url": node.get("href"),
                "title": _words(node),
                "date": node.get("add_date") or node.get("time_added") or "",
                "section": (node.get("tags") or folder).split(",")[0],
                "notes": "",
            }
            rows.append((node.sourceline or 1, row))
        elif node.tag == "dd" and (at := notes_of.pop()) >= 0:
            rows[at][1]["notes"] = rows[at][1]["notes"] or _words(node)[:500]  # an inner one ends first
    return rows


def elements(markup: str) -> Iterator[tuple[str, Any]]:
    """Yield where elements of bookmarks start and end; the tree, ten times the file's size, is dropped as it grows."""
    parser = etree.HTMLPullParser(("start", "end"), tag=("h3", "a", "dd", "dt", "li"), encoding="utf-8")
    for part in SOME_LINES.finditer(markup):
        parser.feed(OPEN_ENDED.sub("</dt><dt>", part[0]).encode())
        for event, node in parser.read_events():
            yield event, node
            if event == "end" and node.tag in ("dt", "li") and next(node.iterancestors("dd"), None) is None:
                while (before := node.getprevious()) is not None:
                    before.getparent().remove(before)
    parser.close()
    yield from parser.read_events()


def _words(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())
