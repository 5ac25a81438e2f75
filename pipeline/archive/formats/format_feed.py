"""Read the newsletter's own feed and exports in XML: what each entry says of itself, and its text."""

import io
from collections.abc import Iterator
from typing import Any

import feedparser
from lxml import etree

from pipeline.archive.document import LONGEST_SHOWN
from pipeline.archive.files import File
from pipeline.archive.formats.data_files import Problem
from pipeline.archive.formats.xml_records import Entry, xml_records, xml_root
from pipeline.core.errors import InputError

NO_POSTS = {"attachment", "nav_menu_item"}
KINDS = "#kind"  # the scheme of a category that says what an entry is
REPLY = "thr_in-reply-to"


def read_feed(file: File, problem: Problem) -> Iterator[Entry]:
    """Yield of each entry its place from 1, what it says of itself as front matter would, and its HTML or Markdown.

    Parameters
    ----------
    problem : callable
        Is called with the place and the reason of each entry that is no post.

    Raises
    ------
    InputError
        If the file is no feed, and holds no elements that repeat.
    """
    if b"wordpress.org/export" in file.body[:5_000]:
        yield from _wordpress(file, problem)
        return
    try:
        feed = feedparser.parse(io.BytesIO(file.body), sanitize_html=False)
    except Exception as error:  # feedparser raises whatever a broken feed provokes
        raise InputError(
            f"{file.name} cannot be read as a feed ({type(error).__name__}); nothing was imported"
        ) from error
    if not feed.entries and not feed.get("version"):  # which feedparser leaves out for an empty file
        records = list(xml_records(file))
        if not records:
            raise InputError(f"{file.name} has no entries, and no elements that hold addresses; nothing was imported")
        yield from records
    home = feed.feed.get("link", "")
    for nth, entry in enumerate(feed.entries, 1):
        bodies = [c.get("value", "") for c in entry.get("content", ())] or [entry.get("summary", "")]
        meta = {
            "title": entry.get("title", ""),
            "date": entry.get("published") or entry.get("updated"),
            "url": entry.get("link") or home,
            **_kind(entry),
        }
        yield nth, meta, max(bodies, key=len)


def _kind(entry: Any) -> dict[str, str]:
    """Return the first category of an entry and, in an export of Blogger, whether it is a post and published."""
    tags = [(str(tag.get("scheme")), tag.get("label") or tag.get("term") or "") for tag in entry.get("tags", ())]
    kind = next((term.rpartition("#")[2] for scheme, term in tags if scheme.endswith(KINDS)), "")
    return {
        "category": next((term for scheme, term in tags if not scheme.endswith(KINDS)), ""),
        "type": "comment" if REPLY in entry else kind or entry.get("blogger_type", ""),
        "status": "draft" if entry.get("app_draft") == "yes" else entry.get("blogger_status", ""),
    }


def _wordpress(file: File, problem: Problem) -> Iterator[Entry]:
    """Read a WordPress export: its posts, with their status. Files, menus, forms and styles are reported."""
    root = xml_root(file)
    entries = []
    for nth, item in enumerate(root.iter("item") if root is not None else (), 1):
        value = {etree.QName(child).localname: child.text or "" for child in item if isinstance(child.tag, str)}
        body = next((child.text or "" for child in item if str(child.tag).endswith("/content/}encoded")), "")
        kind = value.get("post_type", "post")
        meta = {
            "title": value.get("title", ""),
            "date": value.get("pubDate") or value.get("post_date_gmt"),
            "url": value.get("link", ""),
            "status": value.get("status", "publish"),
            "type": kind,
        }
        entries.append((nth, meta, body))
    linking = {"post", "page", *(meta["type"] for _, meta, body in entries if "href=" in body)} - NO_POSTS
    for nth, meta, body in entries:
        if meta["type"] in linking:
            yield nth, meta, body
        else:
            why = "which is no post" if meta["type"] in NO_POSTS else "of which no entry has a link"
            problem(
                f"{file.name}, entry {nth} ({str(meta['title'])[:LONGEST_SHOWN]})",
                f"it is of the type {meta['type']}, {why}",
            )
