"""Part files that hold many issues, and join the files that are one: an issue is not always a file."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from statistics import median

from pipeline.archive.blocks import Block, Span
from pipeline.archive.document import Document
from pipeline.archive.layout.inferred_headings import heading_key
from pipeline.archive.metadata.counted_headings import Meta, counted_issues
from pipeline.archive.metadata.name_dates import is_day_of_folders
from pipeline.archive.metadata.numbers import name_number
from pipeline.archive.metadata.written_dates import numeric_date, written_date
from pipeline.archive.reading import LeftOut, Reading

FEWEST_ISSUES = 3  # headings or folders that make a series
LONGEST_NAME = 200  # characters of a heading that may hold a day or a number
NAMED = 0.9  # share of a level's headings that must name an issue
DAYS_APART = 4  # median of the days between issues from which their headings are no days of one week
FEWEST_FILES = 3  # in most folders of a day, for these to be issues
IN_PARTS = 0.5  # share of those files that lie in folders of their own, one for each section
MOST_DAYS = 0.75  # of the folders, in which the file of a topic lies
MOST_FILES = 0.75  # share of the files that have such a name
OWN = 0.75  # share of the links that no other file of the day has
WHOLE_DAY = re.compile(r"(?:19|20)\d{2}([-_.]?)[01]\d\1[0-3]\d")
SORTING = re.compile(r"^\d{1,3}[-_. ]+")  # "3-new-plugins"


def without_supplements(documents: Sequence[Document], reading: Reading) -> list[Document]:
    """Leave out the files of other folders to which an issue of their name, or of their folder's, links.

    Files that link back are issues, as translations are, and so are those of an issue that has no other link.
    """
    linked = {document.path: _linked_files(document) for document in documents if document.path}
    beside = {
        path: document.name
        for document in documents
        for path in linked.get(document.path, ())
        if document.stem in (PurePosixPath(path).stem, PurePosixPath(path).parent.name)
        and dirname(path) != dirname(document.path)
        and document.path not in linked.get(path, {document.path})
    }
    reading.skipped += [LeftOut(d.name, f"{beside[d.path]} links to it") for d in documents if d.path in beside]
    return [document for document in documents if document.path not in beside]


def _linked_files(document: Document) -> set[str]:
    """Return the paths of the files of the archive to which a document links."""
    urls = {(link.url or "").partition("#")[0] for block in document.blocks for link in block.links}
    if not any("://" in url for url in urls):
        return set()
    return {normpath(join(dirname(document.path), url)) for url in urls if url and ":" not in url and url[0] != "/"}


def parted(documents: Sequence[Document], reading: Reading) -> list[Document]:
    """Return the issues of files that hold many below headings, as a file a year does; other documents as they are."""
    found = [_issues_in(document) for document in documents]
    sizes = [len(parts) for parts in found if _are_counted(parts)]
    if sizes and len(sizes) > median(sizes):  # each issue has the parts that they count
        found = [[] if _are_counted(parts) else parts for parts in found]
    reading.arranged += [
        LeftOut(document.name, f"parted into {len(parts)} at its headings")
        for document, parts in zip(documents, found, strict=True)
        if parts
    ]
    n_before: Counter[str] = Counter()  # in each folder, as numbers begin anew in each file
    return [
        each
        for document, parts in zip(documents, found, strict=True)
        for each in (_counted_on(parts, document.folder, n_before) or [document])
    ]


def _are_counted(parts: Sequence[Document]) -> bool:
    return bool(parts) and "number" in parts[0].meta


def _counted_on(parts: Sequence[Document], folder: str, n_before: Counter[str]) -> list[Document]:
    """Let the numbers of a file's issues follow those of the file before it."""
    n = n_before[folder]
    n_before[folder] += max((part.meta.get("number", 0) for part in parts), default=0)
    return [replace(p, meta={**p.meta, "number": p.meta["number"] + n}) if "number" in p.meta else p for p in parts]


def _issues_in(document: Document) -> list[Document]:
    levels = sorted({block.level for block in document.blocks if block.kind == "heading"})
    for level in levels:
        headings = [b for b in document.blocks if b.kind == "heading" and b.level == level]
        if len(headings) < FEWEST_ISSUES:
            continue
        if _name_issues(headings, document):
            return list(_parts(document, level, {}))
        if not _has_day(document) and (counted := counted_issues(document, level)):
            return list(_parts(document, level, counted))
    return []


def _name_issues(headings: Sequence[Block], document: Document) -> bool:
    """Does each heading have the number of an issue, or a day, some days from the next, or in a file without one?"""
    texts = [block.text[:LONGEST_NAME] for block in headings]
    if not any(_day_of(text) or name_number(text) is not None for text in texts[:2]):
        return False
    numbers = [number for text in texts if (number := name_number(text)) is not None]
    if len(set(numbers)) >= NAMED * len(headings):
        return True
    days = [day for text in texts if (day := _day_of(text)) is not None]
    if len(set(days)) < NAMED * len(headings):
        return False
    gaps = [abs((b - a).days) for a, b in pairwise(days)]
    is_ordered = days in (sorted(days), sorted(days, reverse=True))
    return is_ordered and (median(gaps) >= DAYS_APART or not _has_day(document))


def _day_of(text: str) -> date | None:
    return numeric_date(text) or written_date(text)


def _has_day(document: Document) -> bool:
    texts = (document.stem, *map(str, document.meta.values()), *(b.text for b in document.blocks[:1]))
    return any(
        _day_of(text[:LONGEST_NAME]) is not None or name_number(text[:LONGEST_NAME]) is not None for text in texts
    )


def _parts(document: Document, level: int, metas: Mapping[int, Meta]) -> Iterator[Document]:
    """Yield what stands below each heading of a level, down to the next heading of it or above it."""
    lines = document.source.split("\n")
    starts = [nth for nth, b in enumerate(document.blocks) if b.kind == "heading" and b.level <= level]
    for start, end in zip(starts, [*starts[1:], len(document.blocks)], strict=True):
        heading = document.blocks[start]
        if heading.level < level:
            continue
        before = heading.line - 1
        last = document.blocks[end].line - 1 if end < len(document.blocks) else len(lines)
        blocks = [replace(b, line=b.line - before) for b in document.blocks[start:end]]
        blocks[0].level = 1
        text = "\n".join(lines[before:last]) if document.markdown else ""
        where = f"{document.name}, line {heading.line}"
        meta = {"title": heading.text, **metas.get(start, {})}
        yield Document(where, document.name, meta, blocks, modified=document.modified, markdown=text)


def joined(documents: Sequence[Document], reading: Reading) -> list[Document]:
    """Join the files below each folder of a day whose folders or files are sections; others stay as they are."""
    folders = [_day_folder(document) for document in documents]
    days: dict[str, list[Document]] = {}
    for folder, document in zip(folders, documents, strict=True):
        if folder:
            days.setdefault(folder, []).append(document)
    sizes = [len(each) for each in days.values()]
    in_parts = sum(PurePosixPath(d.folder) != PurePosixPath(folder) for folder, each in days.items() for d in each)
    if len(days) < FEWEST_ISSUES or median(sizes) < FEWEST_FILES:
        return list(documents)
    if in_parts < IN_PARTS * sum(sizes) and not _recur(list(days.values())):
        return list(documents)
    reading.arranged += [LeftOut(folder, f"its {len(each)} files are one issue") for folder, each in days.items()]
    others = [document for folder, document in zip(folders, documents, strict=True) if not folder]
    return [*others, *(_one_of(folder, each) for folder, each in days.items())]


def _recur(days: Sequence[Sequence[Document]]) -> bool:
    """Do files of the same names lie in most folders, each with other links, as one for each topic of the day does?"""
    names = Counter(document.stem for each in days for document in each)
    recurring = sum(n for n in names.values() if n >= MOST_DAYS * len(days))
    links = [[{link.url for block in d.blocks for link in block.links} for d in each] for each in days]
    n_links = sum(len(urls) for each in links for urls in each)
    return recurring >= MOST_FILES * names.total() and sum(len(set().union(*each)) for each in links) >= OWN * n_links


def _day_folder(document: Document) -> str:
    """Return the folder of a file that is named by a day, with those above it: `2022/Dec/05`; "" of others."""
    parts = document.folder_path.parts
    for end in range(1, len(parts) + 1):
        folder = PurePosixPath(*parts[:end])
        if is_day_of_folders(str(folder)) or WHOLE_DAY.fullmatch(folder.name):
            return str(folder)
    return ""


def _one_of(folder: str, documents: Sequence[Document]) -> Document:
    """Join files in the order of their names, each folder's below its name."""
    path = PurePosixPath(folder)
    blocks: list[Block] = []
    line = 0

    def section_of(document: Document) -> str:
        below = document.folder_path.relative_to(path)
        return SORTING.sub("", below.parts[0]).replace("-", " ").replace("_", " ") if below.parts else ""

    ordered = sorted(documents, key=lambda document: document.path)
    for section, each in groupby(ordered, key=section_of):
        if section:
            name = section[:1].upper() + section[1:]
            blocks.append(Block("heading", line + 1, ((Span(name),),), 1))
        for document in each:
            found = [replace(block, line=block.line + line) for block in document.blocks]
            if section and found and found[0].kind == "heading" and heading_key(found[0]) == heading_key(blocks[-1]):
                del found[0]
            line = max([line + 1, *(block.line for block in found)])
            blocks += found
    return Document(str(path), str(path.parent), {}, blocks, stem=path.name, path=str(path))
