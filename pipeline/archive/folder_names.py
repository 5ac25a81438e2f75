"""Name issues by their folders, where the names of their files say nothing: `012/README.md`, `2024-05-03/data.json`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from pipeline.archive.document import Document
from pipeline.archive.metadata.name_dates import PLAIN_YEAR
from pipeline.archive.reading import LeftOut, Reading

FEWEST_ISSUES = 3  # folders that make a series


def named_by_folders(documents: Sequence[Document], reading: Reading) -> list[Document]:
    """Name issues by their folders: READMEs, beside which nothing else is one, and files of one name in each folder."""
    names = {d.folder: name for d in documents if _is_readme(d) and (name := _folder_name(d))}
    series = Counter(map(_parent, names))
    names = {folder: name for folder, name in names.items() if series[_parent(folder)] >= FEWEST_ISSUES}
    kept = []
    for document in documents:
        name = names.get(document.folder, "")
        if name and _is_readme(document):
            kept.append(replace(document, stem=name))
        elif name and not re.search(r"\d", document.stem):
            reading.skipped.append(LeftOut(document.name, "it lies beside the README.md of an issue"))
        else:
            kept.append(document)
    return _named_alike(kept)


def _named_alike(documents: Sequence[Document]) -> list[Document]:
    """Name the files by their folders that are called alike in several: `2024-05-03/data.json`."""
    stems: dict[str, set[str]] = {}
    for document in documents:
        if _folder_name(document):
            stems.setdefault(document.folder, set()).add(document.stem)
    alone = {f: own for f, found in stems.items() if len(own := found - {PurePosixPath(f).name}) == 1}
    series = Counter((_parent(folder), *own) for folder, own in alone.items())
    return [
        replace(document, stem=_folder_name(document))
        if alone.get(document.folder) == {document.stem}
        and series[_parent(document.folder), document.stem] >= FEWEST_ISSUES
        and not re.search(r"\d", document.stem)
        else document
        for document in documents
    ]


def _is_readme(document: Document) -> bool:
    return PurePosixPath(document.path).stem.lower() == "readme"


def _folder_name(document: Document) -> str:
    """Return the name of the folder, "" of a year and of one without a digit that does not lie in a year's."""
    name, parent = document.folder_path.name, document.folder_path.parent.name
    is_dated = re.search(r"\d", name) or PLAIN_YEAR.fullmatch(parent)
    return name if is_dated and not PLAIN_YEAR.fullmatch(name) else ""


def _parent(folder: str) -> str:
    return str(PurePosixPath(folder).parent)
