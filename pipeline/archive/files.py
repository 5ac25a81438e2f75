"""Open what an editor points at: a file, a folder, or a zip, read in memory. Names are labels here, never paths."""

import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path, PurePosixPath

from pipeline.archive.content_kinds import kind_of
from pipeline.archive.decoding import decode
from pipeline.core.errors import InputError

SUFFIXES = {
    ".md", ".markdown", ".mdown", ".mdx", ".qmd", ".rmd", ".txt", ".text", ".html", ".htm", ".xhtml", ".org", ".rst",
    ".adoc", ".asciidoc", ".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".ndjson", ".yml", ".yaml", ".toml", ".xml",
    ".rss", ".atom", ".eml", ".mbox", ".mkd", ".mkdn", ".mdwn",
    ".wiki", ".mediawiki", ".bib", ".docx", ".gmi", ".gemini", ".tex", ".mht", ".mhtml",
}  # fmt: skip
IGNORED = {".git", "node_modules", "__MACOSX"}
# of a name, what a terminal or a database cannot take: controls, marks that turn the direction, halves of pairs
UNSHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, ValueError)
PIPE = "is no file but a pipe, a socket or a device"
MOST_FILES = 20_000
SPLIT = "split it into smaller files, a mailbox by year, and import their folder"
MOST_BYTES = 50 * 2**20  # of one file
MOST_BYTES_IN_ALL = 500 * 2**20  # of a zip, unpacked


@dataclass(frozen=True)
class File:
    """One file of an archive, in memory."""

    name: str  # as shown to the editor
    folder: str  # with `/` between its parts; files of one folder are one newsletter's
    body: bytes
    is_named: bool = False  # the editor pointed at this very file
    modified: date | None = None
    problem: str = ""  # why it could not be read, as one sentence

    @cached_property
    def suffix(self) -> str:
        """The end of its name, in small letters; where that tells nothing, the end that its content should have."""
        suffix = Path(self.name).suffix.lower()
        return suffix if suffix in SUFFIXES else kind_of(self.body)

    @property
    def stem(self) -> str:
        """Its name without folder and end."""
        return Path(self.name).stem

    @property
    def text(self) -> str:
        """Its text, in whatever encoding it is. Raises InputError if it is not text."""
        return decode(self.body, self.name)


def read_files(path: Path) -> Iterator[File]:
    """Yield the readable files under a path.

    Raises
    ------
    InputError
        If the path is not there or cannot be read, or it is a zip that is damaged or unpacks beyond sense. What a
        folder or zip holds beside readable files is yielded with a `problem`.
    """
    shown = _shown(path)
    try:
        if path.is_dir():
            yield from _folder(path)
        elif not path.exists():
            raise InputError(f"{shown} is not there; name a file, folder, zip or feed of past issues")
        elif not path.is_file():
            raise InputError(f"{shown} {PIPE}; name a file, folder, zip or feed of past issues")
        elif _is_zip(path):
            yield from _zip(path)
        else:
            yield File(shown, _shown(path.parent), _limited(path), True, _modified(path))
    except OSError as error:
        raise InputError(f"{shown} cannot be read ({error.strerror or error}); nothing was imported") from error


def _is_zip(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix == ".zip" or (suffix not in SUFFIXES and zipfile.is_zipfile(path))  # a spreadsheet is one too


def _shown(path: Path | str) -> str:
    """Return a path as it can be printed and stored, with `/` also of Windows; a name on disk may be of any bytes."""
    return UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", os.fsencode(path).decode("utf-8", "replace").replace("\\", "/"))


def _folder(folder: Path) -> Iterator[File]:
    root = folder.resolve()
    paths = list(_below(folder))
    is_read = are_read([path.name for path in paths])
    for path in paths:
        shown, parent = _shown(path), _shown(path.parent)
        try:
            if why := _refusal(path, root):
                yield File(shown, parent, b"", problem=f"{shown} {why}")
            elif path.suffix.lower() == ".zip":
                yield from _zip(path)
            elif is_read(path.name):
                yield File(shown, parent, _limited(path), modified=_modified(path))
        except OSError as error:
            yield File(shown, parent, b"", problem=f"{shown} cannot be read ({error.strerror or error})")
        except InputError as error:
            yield File(shown, parent, b"", problem=str(error))


def are_read(names: Iterable[str]) -> Callable[[str], bool]:
    """Return which files are read: those whose ends are known, or all if none has such an end.

    So are those without an end whose names but for their digits are those of others: `Digest 07-25` beside
    `Digest 08-01.md`.
    """
    suffixes = {*SUFFIXES, ".zip"}
    known = [Path(name) for name in names if Path(name).suffix.lower() in suffixes]
    patterns = {_pattern(path.stem) for path in known} - {""}

    def is_read(name: str) -> bool:
        path = Path(name)
        is_alike = not path.suffix and _pattern(path.name) in patterns
        return not known or path.suffix.lower() in suffixes or is_alike

    return is_read


def _pattern(stem: str) -> str:
    """Return the letters of a name that has digits too; "" of one without."""
    return "".join(re.findall(r"[^\W\d_]", stem.casefold())) if re.search(r"\d", stem) else ""


def _below(folder: Path) -> Iterator[Path]:
    """Yield what lies below a folder and is no folder, in order, and each folder that cannot be opened."""
    closed: list[Path] = []
    found: list[Path] = []
    for at, folders, names in os.walk(folder, onerror=lambda error: closed.append(Path(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in IGNORED]
        links = [name for name in folders if Path(at, name).is_symlink()]
        found += [Path(at, name) for name in (*names, *links) if not name.startswith(".")]
    yield from sorted([*found, *closed])


def _refusal(path: Path, root: Path) -> str:
    """Say why something is not opened: a pipe would wait for ever, a link may lead to secrets; "" of a file."""
    if path.is_symlink() and not path.exists():
        return "is a link to something that is not there"
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        return "is a link that leads out of the folder, and was not followed"
    if path.is_dir():
        return (
            "is a link to a folder, and was not followed" if path.is_symlink() else "is a folder that cannot be opened"
        )
    return "" if path.is_file() else PIPE


def _modified(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime).date()


def _limited(path: Path) -> bytes:
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{_shown(path)} is larger than {MOST_BYTES >> 20} MB; {SPLIT}; nothing was imported")
    return path.read_bytes()


def _zip(path: Path) -> Iterator[File]:
    try:
        yield from _members(path)
    except (*DAMAGED, RuntimeError, NotImplementedError) as error:  # encrypted, odd compression
        raise InputError(f"{_shown(path)} is not a zip that can be read ({error}); nothing was imported") from error


def _members(path: Path) -> Iterator[File]:
    shown = _shown(path)
    with zipfile.ZipFile(path) as archive:
        files = [member for member in archive.infolist() if not member.is_dir()]
        is_read = are_read([member.filename for member in files])
        members = [member for member in files if is_read(member.filename)]
        if len(members) > MOST_FILES:
            raise InputError(f"{shown} holds {len(members)} files; no newsletter does; nothing was imported")
        # no member is read beyond the size that its header states
        if sum(member.file_size for member in members if member.file_size <= MOST_BYTES) > MOST_BYTES_IN_ALL:
            raise InputError(f"{shown} unpacks beyond {MOST_BYTES_IN_ALL >> 20} MB; nothing was imported")
        for member in sorted(members, key=lambda m: m.filename):
            if "__MACOSX" not in member.filename:
                yield _member(archive, member, shown)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, zip_name: str) -> File:
    """Read one file of a zip; what cannot be read has a problem."""
    parts = PurePosixPath(member.filename.replace("\\", "/")).parts  # older tools of Windows write "\\"
    name = UNSHOWN.sub("_", "/".join(part for part in parts if part not in ("..", "/")))
    body, why = b"", ""
    if stat.S_ISLNK(member.external_attr >> 16):
        why = "is a link, and was not followed"
    elif Path(name).suffix.lower() == ".zip":
        why = "is a zip within a zip; unpack it, and import the folder"
    elif member.file_size > MOST_BYTES:
        why = f"is larger than {MOST_BYTES >> 20} MB; {SPLIT}"
    else:
        try:
            body = archive.read(member)
        except DAMAGED as error:
            why = f"cannot be unpacked ({error})"
    shown, folder = f"{zip_name}/{name}", f"{zip_name}/{Path(name).parent}"
    return File(shown, folder, body, modified=_zip_day(member), problem=f"{shown} {why}" if why else "")


def _zip_day(member: zipfile.ZipInfo) -> date | None:
    try:
        return date(*member.date_time[:3])
    except ValueError:
        return None
