"""Group files, posts or messages that hold one link each (link blogs, clippings) into issues: by folder or rhythm."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from pipeline.archive.blocks import BARE_ADDRESS, plain
from pipeline.archive.document import Document
from pipeline.archive.files import SUFFIXES
from pipeline.archive.formats.slug_titles import is_slug, line_of_slug
from pipeline.archive.formats.tables import Row, group_rows, to_blocks
from pipeline.archive.metadata.date_keys import given_dates
from pipeline.archive.metadata.issue_facts import find_all_facts
from pipeline.archive.metadata.name_dates import PLAIN_YEAR, name_date, name_month
from pipeline.archive.metadata.numbers import given_number, name_number, weak_name_number, weakest_name_number
from pipeline.archive.metadata.value_dates import given_date
from pipeline.core.urls import canonical_url, host_of

LINK_KEYS = (
    "link", "link_url", "external_url", "externalurl", "linkurl", "bookmark_of", "bookmark-of", "source_url", "url",
    "source", "href",
)  # fmt: skip
WEEK_FOLDER = re.compile(r"\d{1,2}")
FEWEST = 4  # files
SHARE = 0.8  # of the files of a folder that must hold one link
SEVERAL = 2  # files a week at least; one a week is an issue
ONE_HOST = 0.5  # of the links that may lead to one host; more are the permalinks of the own site
MONTHS = 12
FILES = "files with one link each"
ONE_ISSUE = timedelta(days=10)  # between the links of one issue


def group_single_links(documents: Sequence[Document], issue_day: str) -> list[Document]:
    """Return the documents, those of folders of single links grouped into issues."""
    folders: dict[str, list[Document]] = {}
    for document in documents:
        folders.setdefault(document.folder, []).append(document)
    numbered = {folder: members for folder, members in folders.items() if _is_numbered(folder)}
    if issues := _issues_of_folders(numbered):
        rest = [document for document in documents if document.folder not in numbered]
        return [*issues, *(group_single_links(rest, issue_day) if rest else ())]
    grouped: list[Document] = []
    for folder, members in folders.items():
        rows = _by_day(_rows(members), members)
        grouped += _issues(rows, folder, issue_day) if rows else members
    return grouped


def _is_numbered(folder: str) -> bool:
    return bool(re.search(r"\d", _parts(folder)[-1])) and not PLAIN_YEAR.fullmatch(_parts(folder)[-1])


def _parts(folder: str) -> list[str]:
    return folder.rstrip("/").split("/")


@dataclass(frozen=True)
class _Link:
    """What one file links to, and what is known of it."""

    document: Document
    row: Row
    number: int | None  # of an issue, as its title (#12) or front matter says


def _rows(documents: Sequence[Document]) -> list[_Link]:
    """Return one link a file; none where the files are something else."""
    if any(document.stories_are for document in documents):
        return []  # a table's, which are issues already
    found = _links(documents, _link) or _links(documents, _text_link) or _links(documents, _link_beside(documents))
    links = []
    facts = find_all_facts([document for document, _ in found])
    for (document, url), fact in zip(found, facts, strict=True):
        title = fact.title or _title(document, url)
        title = line_of_slug(document.blocks, title) if is_slug(title) else title
        given = [day for value in given_dates(document.meta) if (day := given_date(value))]
        day = None if fact.guessed else max(given) if fact.day in given else fact.day  # saved after it was published
        row = Row(url, title, 1, "", day, str(_tag(document)), _text(document))
        number = given_number(document.meta)
        links.append(_Link(document, row, fact.number if number is None and "#" in fact.title else number))
    return links


def _links(documents: Sequence[Document], link: Callable[[Document], str]) -> list[tuple[Document, str]]:
    """Return the documents with their links; none where few have one, or where most lead to one site."""
    found = [(document, url) for document in documents if (url := link(document))]
    hosts = Counter(host_of(url) for _, url in found)
    if len(documents) < FEWEST or len(found) < SHARE * len(documents) or max(hosts.values()) > ONE_HOST * len(found):
        return []
    return found


def _link_beside(documents: Sequence[Document]) -> Callable[[Document], str]:
    """Return what finds the only other link of the line that leads to a site of nearly all files: of a discussion."""
    hosts = Counter(host for document in documents for host in {host_of(url) for url in _addresses(document)})
    common = {host for host, n in hosts.items() if n >= SHARE * len(documents)}

    def find(document: Document) -> str:
        is_one_line = sum(any(block.links) for block in document.blocks) == 1
        return _only(url for url in _addresses(document) if is_one_line and host_of(url) not in common)

    return find


def _by_day(links: Sequence[_Link], documents: Sequence[Document]) -> list[Row]:
    """Return the dated links, if they are several a week; one a week is an issue."""
    rows = [link.row for link in links if link.row.day]
    weeks = {row.day.isocalendar()[:2] for row in rows if row.day}
    numbered = len({link.number for link in links} - {None})
    is_one_a_week = len(rows) < SEVERAL * len(weeks)
    return [] if is_one_a_week or numbered > len(links) / 2 or len(rows) < SHARE * len(documents) else rows


def _issues_of_folders(folders: Mapping[str, Sequence[Document]]) -> list[Document]:
    """Return an issue for each folder, where all folders named by number, week or day hold several links each."""
    documents = [document for members in folders.values() for document in members]
    links = _rows(documents) if len(documents) >= SEVERAL * len(folders) and len(folders) > 1 else []
    of_folder: dict[str, list[_Link]] = {}
    for link in links:
        of_folder.setdefault(link.document.folder, []).append(link)
    if sum(map(_covers_weeks, of_folder.values())) > len(of_folder) / 2:
        return []  # they are months of a link blog
    names = [_parts(folder)[-1] for folder in of_folder]
    are_weeks = any(int(name) > MONTHS for name in names if WEEK_FOLDER.fullmatch(name))
    return [_folder_issue(folder, members, are_weeks) for folder, members in of_folder.items()]


def _covers_weeks(links: Sequence[_Link]) -> bool:
    days = [link.row.day for link in links if link.row.day]
    return bool(days) and max(days) - min(days) > ONE_ISSUE


def _folder_issue(folder: str, links: Sequence[_Link], are_weeks: bool) -> Document:
    parts = _parts(folder)
    name, year = parts[-1], next((part for part in reversed(parts[:-1]) if PLAIN_YEAR.fullmatch(part)), "")
    days = [link.row.day for link in links if link.row.day]
    is_week = are_weeks and parts[-2:-1] == [year] and WEEK_FOLDER.fullmatch(name)
    week = f"{year}-W{name}" if is_week else name
    above = () if week != name else parts[:-1]
    day = name_date(week, above) or name_month(week, above) or max(days, default=None)
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    is_file = suffix.lower() in SUFFIXES  # a feed with an issue's links
    number = None if year else name_number(name) or (weak_name_number(stem) if is_file else weakest_name_number(name))
    meta = {"date": day, "number": number}
    return Document(folder, folder, meta, to_blocks([link.row for link in links]), stories_are=FILES)


def _link(document: Document) -> str:
    """Return the one link of a file: of its front matter, else the only one in its text."""
    for key in LINK_KEYS:
        if url := canonical_url(str(document.meta.get(key) or "")):
            return url
    return _text_link(document)


def _text_link(document: Document) -> str:
    """Return the only link in a text."""
    return _only(_addresses(document))


def _addresses(document: Document) -> Iterator[str]:
    return (link.url for block in document.blocks for link in block.links if link.url and canonical_url(link.url))


def _only(addresses: Iterable[str]) -> str:
    found = set(addresses)
    return canonical_url(found.pop()) if len(found) == 1 else ""


def _title(document: Document, url: str) -> str:
    words = [link.text for block in document.blocks for link in block.links if canonical_url(link.url or "") == url]
    lines = (plain(line) for block in document.blocks for line in block.lines)
    texts = (BARE_ADDRESS.sub("", line).strip() for line in lines)
    said = document.stem or next((text for text in texts if re.search(r"\w", text)), "")
    return next((word for word in words if "://" not in word), said)


def _tag(document: Document) -> str:
    tags = document.meta.get("category") or document.meta.get("section") or document.meta.get("tags") or ""
    return str(tags[0]) if isinstance(tags, list) and tags else re.split(r"[,;]", str(tags or ""))[0].strip("[] ")


def _text(document: Document) -> str:
    texts = [block.text for block in document.blocks if block.kind != "heading" and "://" not in block.text]
    return " ".join(texts)[:500]


def _issues(rows: Sequence[Row], folder: str, issue_day: str) -> list[Document]:
    ordered = sorted(rows, key=lambda row: (row.day is None, row.day))
    return [
        Document(f"{folder}, links of {meta['date']}", folder, meta, blocks, stories_are=FILES)
        for meta, blocks in group_rows(ordered, issue_day)
    ]
