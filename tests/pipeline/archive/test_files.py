"""Folders and zips are hostile input: what cannot be read is named, and the rest is read."""

import os
import zipfile
from pathlib import Path

import pytest

from pipeline.archive import files
from pipeline.archive.files import read_files
from pipeline.archive.importer import Reading, read_archive
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
    body = bytearray((tmp_path / "4.zip").read_bytes())
    body[100] ^= 1
    (tmp_path / "4.zip").write_bytes(body)
    assert_one_named(read(tmp_path), "4.zip", "not a zip that can be read")


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
