"""Rows of tables and bookmark files, with the line each stands in."""

from pipeline.archive.spreadsheets import bookmark_rows


def test_long_folder_of_bookmarks_is_read_to_its_end() -> None:
    """Browsers never close <DT>, and a parser that nests each in the last one stops at 256."""
    links = "".join(f'<DT><A HREF="https://a.example/{n}" ADD_DATE="1714000000">Story {n}</A>\n' for n in range(3_000))
    page = f"<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>\n<DT><H3>Reads</H3>\n<DL><p>\n{links}</DL><p>\n</DL>"
    rows = bookmark_rows(page)
    assert len(rows) == 3_000
    assert rows[-1][1]["section"] == "Reads"
