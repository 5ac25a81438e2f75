"""Rows of tables and bookmark files, with the line each stands in."""

import csv
import io
import tracemalloc

import openpyxl
import pytest

from pipeline.archive.files import File
from pipeline.archive.formats.spreadsheets import bookmark_rows, elements, read_csv, read_xlsx
from pipeline.archive.formats.table_columns import find_columns
from pipeline.archive.importer import read_archive
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError


def test_long_folder_of_bookmarks_is_read_to_its_end() -> None:
    """Browsers never close <DT>, and a parser that nests each in the last one stops at 256."""
    links = "".join(f'<DT><A HREF="https://a.example/{n}" ADD_DATE="1714000000">Story {n}</A>\n' for n in range(3_000))
    page = f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>Reads</H3>\n<DL><p>\n{links}</DL><p>\n</DL>"
    rows = bookmark_rows(page)
    assert len(rows) == 3_000
    assert rows[-1][1]["section"] == "Reads"


def test_bookmarks_are_forgotten_as_they_are_read() -> None:
    """The tree of 300,000 links takes ten times the file's size; their folder and notes are read all the same."""
    item = '<DT><A HREF="https://a.example/{0}" ADD_DATE="1714694400">Title <i>{0}</i></A>\n<DD>Note & {0}\n'
    page = "<DL><p>\n<DT><H3>Tools</H3>\n<DL><p>\n" + "".join(map(item.format, range(2_000))) + "</DL><p>"
    rows = bookmark_rows(page)
    assert [row["notes"] for _, row in rows] == [f"Note & {n}" for n in range(2_000)]
    assert {row["section"] for _, row in rows} == {"Tools"}
    assert max(sum(1 for _ in node.getroottree().iter()) for _, node in elements(page)) < 1_600  # of 500 lines


def test_rows_of_a_large_table_are_not_held_at_once() -> None:
    """Dictionaries of 300,000 links take ten times the file's size; each row is made when it is asked for."""
    text = "url,title\n" + "".join(f"https://a.example/{n},Story number {n} of the table\n" for n in range(5_000))
    tracemalloc.start()
    n_rows = sum(1 for _ in read_csv(text, "links.csv"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_rows == 5_000
    assert peak < len(text) / 2


@pytest.mark.parametrize("text", ["a,b\n1,2\n\n3\n4,5,6,7\n", 'a;b\n1;"x\ny"\n', "", "\n1,2\n", "a,a\n1,2\n"])
def test_rows_are_those_of_the_standard_reader(text: str) -> None:
    """Short, long and blank lines, several lines in one, and names that recur are read as csv.DictReader reads them."""
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in text else ",")
    assert list(read_csv(text, "x.csv")) == [(reader.line_num, row) for row in reader]


def test_what_is_no_table_is_told_with_its_line() -> None:
    """A quote that never ends is found when the rows are read, far below the header."""
    with pytest.raises(InputError, match=r"^x\.csv, line 3: not CSV"):
        list(read_csv('a,b\n1,2\n3,"4', "x.csv"))


def test_empty_rows_are_left_out() -> None:
    """A sheet is saved with formatted rows below its last one; by them no column would hold addresses."""
    book = openpyxl.Workbook()
    for row in (["url", "title", "issue"], ["https://a.example/1", "One", 1], ["https://a.example/2", "Two", 1]):
        book.active.append(row)
    book.active.cell(500, 1).value = ""
    file = io.BytesIO()
    book.save(file)
    text = "url,title,issue\nhttps://a.example/1,One,1\nhttps://a.example/2,Two,1\n" + ",,\n" * 500
    for table in (read_xlsx(file.getvalue(), "x.xlsx"), read_csv(text, "x.csv")):
        rows = list(table)
        assert [line for line, _ in rows] == [2, 3]
        assert find_columns([row for _, row in rows])["url"] == "url"


def test_cell_of_megabytes_is_no_title() -> None:
    """A page pasted into one cell would be sent with every list of stories."""
    lines = [f"https://a.example/{n},{'word ' * 200_000},1,2024-05-03" for n in range(3)]
    file = File("links.csv", "folder", "\n".join(["url,title,issue,date", *lines]).encode())
    titles = [pick.title for pick in read_archive([file], Newsletter("Pier", ())).issues[0].picks]
    assert [len(title) <= 1_000 and title.endswith("…") for title in titles] == [True] * 3
