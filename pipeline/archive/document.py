"""One issue as it lies in the archive: what its file says of it, and its blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from pipeline.archive.blocks import Block
from pipeline.archive.files import File

LONGEST_SHOWN = 60  # characters of a title that is shown beside a name


@dataclass(frozen=True)
class Document:
    """One issue as it lies in the archive."""

    name: str  # file, or file and place within it
    folder: str  # documents of one folder are one newsletter's
    meta: Mapping[str, Any]  # keys in small letters, as its front matter or export has them
    blocks: Sequence[Block]
    stem: str = ""  # of the file, when an issue has one of its own
    is_named: bool = False
    modified: date | None = None
    path: str = ""  # the same, with its folder
    markdown: str | File = ""  # "" where it was another format
    stories_are: str = ""  # what its file has in place of text: "rows of a table"

    @property
    def shown(self) -> str:
        """Its name, and what it is called where it is one of several in a file."""
        title = "" if self.stem else " ".join(str(self.meta.get("title") or self.meta.get("subject") or "").split())
        return f"{self.name} ({title[:LONGEST_SHOWN]})" if title else self.name

    @property
    def folder_path(self) -> PurePosixPath:
        """Its folder, as a path."""
        return PurePosixPath(self.folder)

    @property
    def source(self) -> str:
        """Its Markdown, whose lines the blocks count; decoded anew, as few issues are asked for theirs."""
        return self.markdown if isinstance(self.markdown, str) else unix_text(self.markdown)


def unix_text(file: File) -> str:
    """Return the text of a file with `\\n` alone between its lines."""
    return file.text.replace("\r\n", "\n")
