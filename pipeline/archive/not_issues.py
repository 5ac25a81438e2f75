"""Tell issues from what else lies in an archive: drafts, pages, what was not sent, what has no number or date."""

import re
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath
from posixpath import commonpath

from pipeline.archive.document import Document
from pipeline.archive.metadata.date_keys import Kind, is_unsent, kinds_never_sent
from pipeline.archive.metadata.missing_dates import Facts
from pipeline.archive.reading import LeftOut, Reading
from pipeline.core.errors import InputError

NOT_SENT = {
    "draft",
    "drafts",
    "scheduled",
    "deleted",
    "transactional",
    "trash",
    "private",
    "pending",
    "auto-draft",
    "inactive",
}
NO_ISSUES = {*NOT_SENT, "templates", "layouts", "includes"}  # names of folders
NOT_AN_ISSUE = {"page", "podcast", "thread", "revision", "comment", "settings", "template"}
PAGES = re.compile(
    r"(?:read ?me|contributing|licen[cs]e|changelog|code[-_ ]of[-_ ]conduct|contact|imprint|impressum|subscribe|"
    r"archives?|about(?:[-_ ](?:us|me|this newsletter))?|privacy(?:[-_ ]policy)?|404|template|"
    r"security|index[-_ ]of[-_ ]issues)",
    re.IGNORECASE,
)
FILE = re.compile(r"(?!/)(?:[^:?#]{0,200}/)?[^/:?#]{1,200}\.(?:md|mdx|markdown|html?|rst|org|adoc|txt)", re.IGNORECASE)
FEWEST_FILES = 3  # that a list of contents names


def without_drafts(documents: list[Document], reading: Reading) -> list[Document]:
    """Leave out the files of folders of drafts, below the folder that was given."""
    paths = [PurePosixPath(document.path) for document in documents]
    parents = [str(path.parent) for path in paths if str(path) != "."]
    depth = len(PurePosixPath(commonpath(parents)).parts) if len({p[:1] == "/" for p in parents}) == 1 else 0
    kept = []
    for document, path in zip(documents, paths, strict=True):
        if {part.strip("_.").lower() for part in path.parts[depth:-1]} & NO_ISSUES and not document.is_named:
            why = "it lies in a folder of drafts, of templates or of what was thrown away"
            reading.skipped.append(LeftOut(document.name, why))
        else:
            kept.append(document)
    return kept


def without_others(documents: Sequence[Document], reading: Reading) -> list[Document]:
    """Leave out drafts, pages and what else of one newsletter's documents is no issue; each is reported.

    Raises
    ------
    InputError
        If one of them was named by hand.
    """
    never_sent = kinds_never_sent([document.meta for document in documents])
    return [
        document for document in documents if not _leave_out(document, _why_no_issue(document, never_sent), reading)
    ]


def _why_no_issue(document: Document, never_sent: Collection[Kind]) -> str:
    """Say why a document is no issue, "" of one."""
    meta = {key: str(value).strip().lower() for key, value in document.meta.items() if isinstance(value, str | bool)}
    is_hidden = any(meta.get(key) == "false" for key in ("is_published", "published"))
    kind = str(meta.get("type", meta.get("post_type", "")))
    if is_unsent(document.meta):
        return "it was not sent"
    if document.stem.lower().startswith(("draft_", "draft-")):
        return "it is a draft by its name"
    if is_hidden or meta.get("draft") == "true" or meta.get("status") in NOT_SENT:
        return "it was not published"
    if kind in NOT_AN_ISSUE or meta.get("layout") == "page":
        return f"it is a {kind or 'page'}, not an issue"
    if any(PAGES.fullmatch(text.strip()) for text in (document.stem, str(meta.get("title", ""))) if text):
        return "it is a page, not an issue"
    for key, value in never_sent:
        if str(document.meta.get(key)) == value:
            return f"its {key} is {value!r}, of which none was sent"
    return "it is a list of files of its own folder" if _is_contents(document) else ""


def _is_contents(document: Document) -> bool:
    """Does it link to nothing but other files, several of them?"""
    urls = {(link.url or "").partition("#")[0] for block in document.blocks for link in block.links}
    return len(urls) >= FEWEST_FILES and all(FILE.fullmatch(url) for url in urls)


def lacks_identity(document: Document, facts: Facts, reading: Reading) -> bool:
    """Note an issue without a number or a date; refuse one that was named by hand."""
    why = ""
    if facts.number is None or facts.day is None:
        missing = "number" if facts.day is not None else "date" if facts.number is not None else "number and no date"
        why = f'no issue {missing} in its title, front matter or name; write e.g. title: "#83 - 16 July 2021"'
    return _leave_out(document, why, reading)


def _leave_out(document: Document, why: str, reading: Reading) -> bool:
    if why and document.is_named:
        raise InputError(f"{document.name}: {why}")
    if why:
        reading.skipped.append(LeftOut(document.shown, why))
    return bool(why)
