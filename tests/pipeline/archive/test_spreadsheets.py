"""Rows of tables and bookmark files, with the line each stands in."""

from pipeline.archive.spreadsheets import bookmark_rows, elements


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
