"""Read rows of CSV, TSV, XLSX and of bookmark files as dictionaries, with the line each stands in."""

import csv
import io
import re
import sys
import zipfile
from typing import Any

from lxml import etree, html

from pipeline.core.errors import InputError

Rows = list[tuple[int, dict[str, Any]]]
MOST_LINKED = 50_000  # rows of a sheet that is read a second time for its hyperlinks
MOST_UNPACKED = 200 * 2**20  # bytes of the XML in a spreadsheet
OPEN_ENDED = re.compile(r"<dt>", re.IGNORECASE)  # never closed in bookmarks; libxml2 nests each in the last, 256 deep


def read_csv(text: str, name: str) -> Rows:
    """Read comma-, semicolon- or tab-separated values.

    Raises
    ------
    InputError
        If the text is no table; the message names file and line.
    """
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a body is longer than the default 128 KB
    head = text[:4_096].partition("\n")[0]
    delimiter = max(",\t;", key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: not CSV ({error}); nothing was imported") from error


def read_xlsx(body: bytes, name: str) -> Rows:
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
        lines = [list(line) for line in sheet.iter_rows(values_only=True)]
        if not any("://" in str(cell) for line in lines for cell in line) and len(lines) < MOST_LINKED:
            lines = _with_hyperlinks(body)
    except InputError:
        raise
    except Exception as error:  # openpyxl raises whatever a damaged file provokes
        raise InputError(
            f"{name} cannot be read as a spreadsheet ({type(error).__name__}); nothing was imported"
        ) from error
    if not lines:
        return []
    header = [str(cell or "") for cell in lines[0]]
    return [(nth, dict(zip(header, line, strict=False))) for nth, line in enumerate(lines[1:], 2)]


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
    root = html.document_fromstring(OPEN_ENDED.sub("</dt><dt>", markup))
    rows: Rows = []
    folder = ""
    for node in root.iter("h3", "a", "dd"):
        if node.tag == "h3":
            folder = " ".join(node.text_content().split())
        elif node.tag == "a" and node.get("href"):
            rows.append(
                (
                    node.sourceline or 1,
                    {
                        "url": node.get("href"),
                        "title": " ".join(node.text_content().split()),
                        "date": node.get("add_date") or node.get("time_added") or "",
                        "section": (node.get("tags") or folder).split(",")[0],
                        "notes": "",
                    },
                )
            )
        elif node.tag == "dd" and rows:
            rows[-1][1]["notes"] = " ".join(str(etree.tostring(node, method="text", encoding="unicode")).split())[:500]
    return rows
