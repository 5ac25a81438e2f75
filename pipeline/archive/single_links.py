"""Group files that hold one link each (link blogs, clippings) into issues by the newsletter's rhythm."""

import re
from collections.abc import Sequence

from pipeline.archive.documents import Document
from pipeline.archive.metadata import find_all_facts
from pipeline.archive.tables import Row, group_rows
from pipeline.core.urls import canonical_url, host_of

LINK_KEYS = (
    "link", "link_url", "external_url", "externalurl", "linkurl", "bookmark_of", "bookmark-of", "source_url", "url",
    "source", "href",
)  # fmt: skip
FEWEST = 4  # files
SHARE = 0.8  # of the files of a folder that must hold one link
SEVERAL = 2  # files a week at least; one a week is an issue
HOSTS = 0.5  # of the links that must lead to different hosts


def group_single_links(documents: Sequence[Document], issue_day: str) -> list[Document]:
    """Return the documents, those of folders of single links grouped into issues."""
    folders: dict[str, list[Document]] = {}
    for document in documents:
        folders.setdefault(document.folder, []).append(document)
    grouped: list[Document] = []
    for folder, members in folders.items():
        rows = _rows(members)
        grouped += _issues(rows, folder, issue_day) if rows else members
    return grouped


def _rows(documents: Sequence[Document]) -> list[Row]:
    """Return one row a file; none where the folder is something else."""
    if len(documents) < FEWEST or not all(document.path for document in documents):
        return []
    found = [(document, url) for document in documents if (url := _link(document))]
    if len(found) < SHARE * len(documents) or len({host_of(url) for _, url in found}) < HOSTS * len(found):
        return []
    facts = find_all_facts([document for document, _ in found])
    rows = [
        Row(url, fact.title or _title(document, url), 1, "", fact.day, str(_tag(document)), _text(document, url))
        for (document, url), fact in zip(found, facts, strict=True)
        if fact.day and not fact.guessed
    ]
    numbered = sum("#" in fact.title for fact in facts)
    weeks = {row.day.isocalendar()[:2] for row in rows if row.day}
    is_one_a_week = len(rows) < SEVERAL * len(weeks)
    return [] if is_one_a_week or numbered > len(facts) / 2 or len(rows) < SHARE * len(documents) else rows


def _link(document: Document) -> str:
    """Return the one link of a file: of its front matter, else the only one in its text."""
    for key in LINK_KEYS:
        if url := canonical_url(str(document.meta.get(key) or "")):
            return url
    found = ""
    for address in (link.url for block in document.blocks for link in block.links):
        if address and address != found and canonical_url(address):
            if found:
                return ""
            found = address
    return canonical_url(found)


def _title(document: Document, url: str) -> str:
    words = [link.text for block in document.blocks for link in block.links if canonical_url(link.url or "") == url]
    return next((word for word in words if "://" not in word), document.stem)


def _tag(document: Document) -> str:
    tags = document.meta.get("category") or document.meta.get("section") or document.meta.get("tags") or ""
    return str(tags[0]) if isinstance(tags, list) and tags else re.split(r"[,;]", str(tags or ""))[0].strip("[] ")


def _text(document: Document, url: str) -> str:
    texts = [block.text for block in document.blocks if block.kind != "heading" and "://" not in block.text]
    return " ".join(texts)[:500]


def _issues(rows: Sequence[Row], folder: str, issue_day: str) -> list[Document]:
    ordered = sorted(rows, key=lambda row: (row.day is None, row.day))
    return [
        Document(f"{folder}, links of {meta['date']}", folder, meta, blocks)
        for meta, blocks in group_rows(ordered, issue_day)
    ]
