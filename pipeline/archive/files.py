"""Open what an editor points at: a file, a folder, or a zip, read in memory. Names are labels here, never paths."""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import InputError

SUFFIXES = {".md", ".markdown", ".txt", ".html", ".htm", ".csv", ".json", ".xml", ".rss", ".atom"}
MOST_FILES = 20_000
MOST_BYTES = 50 * 2**20  # of one file
MOST_BYTES_IN_ALL = 500 * 2**20  # of a zip, unpacked


@dataclass(frozen=True)
class File:
    """One file of an archive, in memory."""

    name: str  # as told to the editor
    folder: str  # files of one folder are one newsletter's
    body: bytes
    is_named: bool = False  # the editor pointed at this very file

    @property
    def suffix(self) -> str:
        """The end of its name, in small letters."""
        return Path(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Its name without folder and end."""
        return Path(self.name).stem

    @property
    def text(self) -> str:
        """Its text. Raises InputError if it is not UTF-8."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputError(f"{self.name} cannot be read as UTF-8 ({error.reason}); nothing was imported") from error


def read_files(path: Path) -> Iterator[File]:
    """Yield the readable files under a path.

    Raises
    ------
    InputError
        If the path is not there or cannot be read, or a zip is damaged or unpacks beyond sense.
    """
    try:
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            raise InputError(f"{path} is not there; name a file, folder, zip or feed of past issues")
        elif zipfile.is_zipfile(path):
            yield from _zip(path)
        else:
            yield File(str(path), str(path.parent), _limited(path), is_named=True)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}); nothing was imported") from error
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:  # damaged, encrypted, odd compression
        raise InputError(f"{path} is not a zip that can be read ({error}); nothing was imported") from error


def _folder(folder: Path) -> Iterator[File]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and path.is_file() and not hidden:
            yield File(str(path), str(path.parent), _limited(path))


def _limited(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path} is larger than {MOST_BYTES >> 20} MB; no issue is; nothing was imported")
    return path.read_bytes()


def _zip(path: Path) -> Iterator[File]:
    left = MOST_BYTES_IN_ALL
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if Path(m.filename).suffix.lower() in SUFFIXES and not m.is_dir()]
        if len(members) > MOST_FILES:
            raise InputError(f"{path} holds {len(members)} files; no newsletter does; nothing was imported")
        for member in sorted(members, key=lambda m: m.filename):
            if stat.S_ISLNK(member.external_attr >> 16) or "__MACOSX" in member.filename:
                continue
            # a header may lie about the size, so the reading itself is bounded
            with archive.open(member) as stream:
                body = stream.read(min(MOST_BYTES, left) + 1)
            left -= len(body)
            if len(body) > MOST_BYTES or left < 0:
                raise InputError(f"{path} unpacks beyond {MOST_BYTES_IN_ALL >> 20} MB; nothing was imported")
            yield File(f"{path}/{member.filename}", f"{path}/{Path(member.filename).parent}", body)
