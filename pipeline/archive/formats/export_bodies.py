"""Find what a row of an export holds: its body, its title, its links. Plain values in, text and blocks out."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from pipeline.archive.blocks import Block, Span
from pipeline.archive.formats.editor_documents import mobiledoc_to_html, tree_to_html

BODIES = (
    "body", "html", "body_html", "content_html", "content", "body_markdown", "markdown", "html_content", "plaintext",
    "message", "post_text", "cooked",  # of forums
)  # fmt: skip
BODY_KEY = re.compile(r"(?:^|[_ ])(?:html|content|body|markdown)(?:[_ ]|$)|^htmlcontent$")
TITLE_KEY = re.compile(r"(?:^|_)(?:title|subject|subject_line)$", re.IGNORECASE)
TRACKED = re.compile(
    r'@TrackLink\b|\{\{-?\s*TrackLink\s+"([^"]*)"[^{}]*\}\}'
)  # of listmonk, around or behind an address
DOCUMENT = re.compile(r'\s*\{\s*"')  # of an editor, as JSON
EDITORS = ("lexical", "mobiledoc")  # keys of an editor's own document, beside which its HTML may stand
DEEPEST = 6  # nested values of a body that are looked at
NOTE_KEYS = ("description", "note", "notes", "comment", "excerpt", "summary", "blurb", "body", "text")
TITLES = ("title", "headline", "heading")
LINK_TITLES = (*TITLES, "name", "label")
HEADING_KEYS = ("name", "title", "heading", "section", "category", "label")  # of a group of links
SECTION_KEYS = ("section", "category", "topic", "rubric", "group")  # of a link
TAG = re.compile(r"<[^<>]*>")


def body_of(row: Mapping[str, Any]) -> str:
    """Return the HTML or Markdown of an issue: under a usual key, nested or not, else in an editor's own JSON."""
    bodies, documents = _body_keys(tuple(row))
    texts = [_from_editor(text) for key in bodies for text in _texts(row[key], DEEPEST)]
    marked = [text for text in texts if re.search(r"[<\[]", text) or "://" in text]
    if marked:
        return marked[0] if len(marked[0]) >= max(map(len, marked)) / 2 else max(marked, key=len)
    return next((found for key in documents for text in _texts(row[key], 0) if (found := _from_editor(text))), "")


def _from_editor(text: str) -> str:
    """Return the HTML of an editor's own document; other text with its addresses as they lead."""
    if not DOCUMENT.match(text):
        return TRACKED.sub(r"\1", text)
    return mobiledoc_to_html(text) or tree_to_html(text)


def may_hold_body(names: Sequence[str]) -> bool:
    """Is a column of a table called as those are that hold issues?"""
    return any(map(len, _body_keys(tuple(names))))


@lru_cache(maxsize=1_000)  # the rows of a table have the same keys
def _body_keys(keys: tuple[Any, ...]) -> tuple[list[Any], list[Any]]:
    """Return the keys that may hold a body, the usual ones first, and those of an editor's own JSON."""
    small = {str(key).strip().lower(): key for key in keys if key}
    usual = [small[key] for key in BODIES if key in small]
    return (
        usual + [key for name, key in small.items() if BODY_KEY.search(name)],
        [small[name] for name in EDITORS if name in small],
    )


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, dict) and depth:
        for inner in value.values():
            yield from _texts(inner, depth - 1)


def meta_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of its issue: its keys, those of nested tables, a title where it has another name."""
    meta = {str(key).strip().lower(): value for key, value in row.items() if key}
    for inner in [value for value in map(_only, meta.values()) if isinstance(value, dict)]:
        for key, value in inner.items():
            if isinstance(value, str | int | float | bool):
                meta.setdefault(str(key).lower(), value)
    subject = next((meta[key] for key in meta if key.endswith(("subject", "subject_line")) and meta[key]), None)
    if subject:
        meta["title"] = subject
    elif not meta.get("title") and not meta.get("subject"):
        meta["title"] = next((value for key, value in meta.items() if TITLE_KEY.search(key) and value), "")
    return {key: value for key, value in meta.items() if key not in BODIES and not isinstance(value, dict | list)}


def _only(value: Any) -> Any:
    """Return the one address of a list, as readers of feeds write that of an item; other values as they are."""
    is_address = isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict) and "href" in value[0]
    return value[0] if is_address else value


def nested_links(row: Mapping[str, Any], line: int) -> list[Block]:
    """Return the links that an issue holds as lists of its own, each list under its name."""
    return list(_nested(row, line, DEEPEST))


def _nested(row: Mapping[str, Any], line: int, depth: int) -> Iterator[Block]:
    lists = [value for value in row.values() if isinstance(value, list)]
    has_several = sum(any(isinstance(each, dict) and _url(each) for each in value) for value in lists) > 1
    for key, value in row.items():
        if isinstance(value, dict) and depth:  # {"sections": {"news": {"articles": […]}}}
            yield from _nested(value, line, depth - 1)
        if not isinstance(value, list):
            continue
        members = [each for each in value if isinstance(each, dict)]
        links = [each for each in members if _url(each)]
        if heading := _heading(row, key, has_several, is_issue=depth == DEEPEST) if links else "":
            yield Block("heading", line, ((Span(heading),),), 2)
        section = ""
        for each in sorted(links, key=_order(links)):
            if (own := _section(each)) != section:
                section = own
                yield Block("heading", line, ((Span(section),),), 2)
            note = next((TAG.sub("", str(each[k])) for k in NOTE_KEYS if each.get(k)), "")
            after = (Span(f" — {note}"),) if note else ()
            title, url = next((str(each[key]) for key in LINK_TITLES if each.get(key)), ""), _url(each)
            yield Block("item", line, ((Span(title or url, url), *after),), 1, url if title else "")
        for each in (each for each in members if depth and not _url(each)):
            yield from _nested(each, line, depth - 1)


def _heading(row: Mapping[str, Any], key: str, has_several: bool, *, is_issue: bool) -> str:
    """Return the section of a list of links: what the group is called, else the key of one list among several."""
    if not is_issue and key != "tags":
        named = next((str(row[k]) for k in HEADING_KEYS if isinstance(row.get(k), str) and row[k].strip()), "")
        if named:
            return named
    return key.replace("_", " ").strip().capitalize() if has_several else ""


def _section(link: Mapping[str, Any]) -> str:
    """Return the section that a link names itself; "" if none."""
    return next((str(link[k]).strip() for k in SECTION_KEYS if isinstance(link.get(k), str)), "")


def _order(links: Sequence[Mapping[str, Any]]) -> Callable[[Mapping[str, Any]], int]:
    """Return the key that keeps links of one section together, those without one first, in the order of the first."""
    sections = list(dict.fromkeys(["", *map(_section, links)]))
    return lambda link: sections.index(_section(link))


def _url(row: Mapping[str, Any]) -> str:
    """Return the address of a record: its own, or that of the titled record that it is on, as its source."""
    if own := _own_url(row):
        return own
    titled = any(row.get(key) for key in TITLES)
    held = (value for value in row.values() if titled and isinstance(value, dict) and any(map(value.get, TITLES)))
    return next((url for value in held if (url := _own_url(value))), "")


def _own_url(row: Mapping[str, Any]) -> str:
    return next((str(row[key]) for key in ("url", "link", "href") if str(row.get(key, "")).startswith("http")), "")
