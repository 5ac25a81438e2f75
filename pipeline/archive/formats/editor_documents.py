"""Turn the documents of editors, as Ghost exports them, into HTML: Lexical, and Mobiledoc of older posts."""

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt

SECTION = {1: "markup", 3: "list", 10: "card"}  # kinds of sections of Mobiledoc
DEEPEST = 40  # nested nodes that are read


def lexical_to_html(text: str) -> str:
    """Turn the document of the Lexical editor, as Ghost exports it, into HTML."""
    try:
        return "".join(_lexical(json.loads(text).get("root", {}), DEEPEST))
    except (ValueError, AttributeError, RecursionError):
        return ""


def _lexical(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    inner = "".join(part for child in node.get("children", ()) if depth for part in _lexical(child, depth - 1))
    kind = node.get("type")
    if kind == "text":
        words = html.escape(str(node.get("text", "")))
        yield f"<b>{words}</b>" if node.get("format") in (1, 3) else words
    elif kind in ("link", "bookmark"):
        url = html.escape(str(node.get("url", "")))
        title = inner or html.escape(str((node.get("metadata") or {}).get("title") or url))
        yield f'<a href="{url}">{title}</a>' if kind == "link" else f'<p><a href="{url}">{title}</a></p>'
    elif kind == "html":
        yield str(node.get("html", ""))
    else:
        tag = {"listitem": "li", "list": "ul", "quote": "blockquote", "horizontalrule": "hr", "root": "div"}.get(
            str(kind), "p"
        )
        tag = (
            str(node.get("tag"))
            if kind and "heading" in str(kind) and re.fullmatch("h[1-6]", str(node.get("tag")))
            else tag
        )
        yield f"<{tag}>{inner}</{tag}>"


def mobiledoc_to_html(text: str) -> str:
    """Turn a Mobiledoc into HTML: paragraphs, headings, lists, and cards with HTML, Markdown or a bookmark.

    See https://github.com/bustle/mobiledoc-kit/blob/master/MOBILEDOC.md.
    """
    try:
        document = json.loads(text)
        return "".join(_mobiledoc(document, section) for section in document["sections"])
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        return ""


def _mobiledoc(document: Mapping[str, Any], section: Sequence[Any]) -> str:
    kind = SECTION.get(section[0])
    if kind == "markup":
        tag = "p" if section[1] == "aside" else section[1]
        return f"<{tag}>{_markers(document, section[2])}</{tag}>"
    if kind == "list":
        return f"<{section[1]}>{''.join(f'<li>{_markers(document, item)}</li>' for item in section[2])}</{section[1]}>"
    return _card(*document["cards"][section[1]]) if kind == "card" else ""


def _markers(document: Mapping[str, Any], markers: Sequence[Any]) -> str:
    """Write runs of text with the tags that each opens and closes."""
    parts: list[str] = []
    open_: list[str] = []
    for kind, opened, n_closed, value in markers:
        for at in opened:
            tag, *attributes = document["markups"][at]
            pairs = dict(zip(attributes[0][::2], attributes[0][1::2], strict=False)) if attributes else {}
            href = f' href="{html.escape(str(pairs["href"]))}"' if "href" in pairs else ""
            parts.append(f"<{tag}{href}>")
            open_.append(tag)
        parts.append(html.escape(str(value)) if kind == 0 else " ")  # an atom: a soft return
        parts += [f"</{open_.pop()}>" for _ in range(n_closed)]
    return "".join(parts)


def _card(name: str, payload: Mapping[str, Any]) -> str:
    if name == "hr":
        return "<hr>"
    if name in ("markdown", "card-markdown"):
        return str(MarkdownIt("commonmark").render(str(payload.get("markdown", ""))))
    if name == "bookmark":
        title = (payload.get("metadata") or {}).get("title") or payload.get("url")
        return f'<p><a href="{html.escape(str(payload.get("url", "")))}">{html.escape(str(title))}</a></p>'
    return str(payload.get("html", ""))
