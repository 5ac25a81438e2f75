"""Folders and zips are hostile input: what cannot be read is named, and the rest is read."""

import os
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest

from pipeline.archive import files
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.reading import Reading
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError

ISSUE = "# Pier #{n} - {n} May 2024\n\n- [A story](https://a.example/{n})\n- [Another](https://b.example/{n})\n"


def write_issues(folder: Path) -> None:
    """Write three issues."""
    for n in (1, 2, 3):
        (folder / f"{n}.md").write_text(ISSUE.format(n=n))


def read(path: Path) -> Reading:
    """Read an archive of a newsletter without sections."""
    return read_archive(read_files(path), Newsletter("Pier", ()))


def assert_one_named(reading: Reading, name: str, why: str) -> None:
    """Three issues are read, and one file is named as left out."""
    assert len(reading.issues) == 3
    assert [(Path(left.path).name, why in left.why) for left in reading.skipped] == [(name, True)]


def test_large_file_of_a_folder_is_named(tmp_path: Path) -> None:
    """A file of a gigabyte beside the issues does not stop the import, nor is it read."""
    write_issues(tmp_path)
    with (tmp_path / "4.md").open("wb") as file:
        file.truncate(2**30)
    assert_one_named(read(tmp_path), "4.md", "larger than 50 MB")


def test_unreadable_file_of_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file without permission does not stop the import; as root every file is readable, so the refusal is made."""
    write_issues(tmp_path)
    (tmp_path / "4.md").write_text("x")
    limited = files._limited

    def refuse(path: Path) -> bytes:
        if path.name == "4.md":
            raise PermissionError(13, "Permission denied")
        return limited(path)

    monkeypatch.setattr(files, "_limited", refuse)
    assert_one_named(read(tmp_path), "4.md", "Permission denied")


def test_damaged_zip_of_a_folder_is_named(tmp_path: Path) -> None:
    """A zip cut short beside the issues is left out alone."""
    write_issues(tmp_path)
    with zipfile.ZipFile(tmp_path / "4.zip", "w") as archive:
        archive.writestr("4.md", "x" * 1_000)
    (tmp_path / "4.zip").write_bytes((tmp_path / "4.zip").read_bytes()[:500])
    assert_one_named(read(tmp_path), "4.zip", "not a zip that can be read")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA])
def test_damaged_file_of_a_zip_is_named(tmp_path: Path, compression: int) -> None:
    """One issue whose bytes changed on the way does not take the others with it."""
    path = tmp_path / "issues.zip"
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("0.md", " ".join(map(str, range(500))))
        for n in (1, 2, 3):
            archive.writestr(f"{n}.md", ISSUE.format(n=n))
    body = bytearray(path.read_bytes())
    for at in range(40, 50):
        body[at] ^= 255
    path.write_bytes(body)
    assert_one_named(read(path), "0.md", "cannot be unpacked")


def test_spreadsheet_named_by_hand_is_no_zip_of_issues(tmp_path: Path) -> None:
    """A spreadsheet is a zip by its bytes, in which XML lies; it is read as the table that it is."""
    book = openpyxl.Workbook()
    book.active.append(["url", "title", "issue", "date"])
    for n in range(12):
        book.active.append([f"https://{n}.example/a", f"Title of story {n}", n // 4 + 1, f"2024-05-0{n // 4 + 1}"])
    book.save(tmp_path / "links.xlsx")
    assert [len(issue.picks) for issue in read(tmp_path / "links.xlsx").issues] == [4, 4, 4]


def test_bomb_of_many_files_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    """Its members are each of a size that may be, and together fill the memory."""
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(14):
            archive.writestr(f"{n}.md", b" " * (40 * 2**20))
    tracemalloc.start()
    with pytest.raises(InputError, match="unpacks beyond 500 MB"):
        read(path)
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


@pytest.mark.parametrize("name", [b"caf\xe9.md", b"4\n.md", b"\x1b[31m4.md"])
def test_names_of_any_bytes_can_be_printed_and_stored(tmp_path: Path, name: bytes) -> None:
    """A name in an older encoding, or with what moves the cursor, would stop the report and the database."""
    write_issues(tmp_path)
    (tmp_path / os.fsdecode(name)).write_bytes(ISSUE.format(n=4).encode())
    (tmp_path / os.fsdecode(name[:-3] + b".csv")).write_bytes(b"\0")
    reading = read(tmp_path)
    shown = [str(issue.path) for issue in reading.issues] + [left.path for left in reading.skipped]
    assert len(reading.issues) == 4
    assert len(shown) == 5
    assert all(path.isprintable() and path.encode() for path in shown)


def test_bomb_and_nested_zip_in_a_zip_are_named(tmp_path: Path) -> None:
    """A member that unpacks beyond sense is not read on; a zip within the zip is not opened."""
    path = tmp_path / "archive.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in (1, 2, 3):
            archive.writestr(f"{n}.md", ISSUE.format(n=n))
        archive.writestr("4.md", b" " * (60 * 2**20))
        archive.writestr("5.zip", b"PK")
    reading = read(path)
    assert len(reading.issues) == 3
    assert [Path(left.path).name for left in reading.skipped] == ["4.md", "5.zip"]


def test_pipe_and_links_are_named_and_not_opened(tmp_path: Path) -> None:
    """A pipe would wait for ever, a link may lead to secrets or to nothing."""
    archive = tmp_path / "archive"
    archive.mkdir()
    write_issues(archive)
    os.mkfifo(archive / "4.md")
    (tmp_path / "secret.md").write_text(ISSUE.format(n=5))
    (archive / "5.md").symlink_to(tmp_path / "secret.md")
    (archive / "6.md").symlink_to(archive / "gone.md")
    (archive / "latest").symlink_to(archive)
    reading = read(archive)
    assert [issue.number for issue in reading.issues] == [1, 2, 3]
    assert [(Path(left.path).name, left.why) for left in reading.skipped] == [
        ("4.md", "is no file but a pipe, a socket or a device"),
        ("5.md", "is a link that leads out of the folder, and was not followed"),
        ("6.md", "is a link to something that is not there"),
        ("latest", "is a link to a folder, and was not followed"),
    ]


def test_pipe_named_by_hand_is_refused(tmp_path: Path) -> None:
    """Nothing is read from it."""
    os.mkfifo(tmp_path / "letters.md")
    with pytest.raises(InputError, match="no file but a pipe"):
        read(tmp_path / "letters.md")


def test_closed_folder_of_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without permission does not stop the import; as root all are open, so the refusal is made."""
    write_issues(tmp_path)
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "4.md").write_text(ISSUE.format(n=4))
    opened = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert_one_named(read(tmp_path), "closed", "cannot be opened")
