"""Turn the documents of editors, as exports hold them, into HTML: trees of nodes, and Ghost's older Mobiledoc."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from markdown_it import MarkdownIt

SECTION = {1: "markup", 3: "list", 10: "card"}  # kinds of sections of Mobiledoc
DEEPEST = 40  # nested nodes that are read
CHILDREN = ("children", "nodes", "content")  # what editors call the nodes within a node
TAGS = {  # parts of the names of kinds, without their underscores
    "listitem": "li", "heading": "h", "quote": "blockquote", "rule": "hr", "divider": "hr", "list": "ul",
    "root": "div", "doc": "div",
}  # fmt: skip


def tree_to_html(text: str) -> str:
    """Turn an editor's tree of nodes into HTML: of Lexical, ProseMirror, Slate or Wix."""
    try:
        tree = json.loads(text)
        return "".join(_node(tree.get("root", tree), DEEPEST)) if isinstance(tree, dict) else ""
    except (ValueError, AttributeError, TypeError, RecursionError):
        return ""


def _node(node: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Yield the HTML of a node, whatever its editor calls the parts of it."""
    within = next((node[key] for key in CHILDREN if isinstance(node.get(key), list)), ())
    inner = "".join(part for child in within if depth for part in _node(child, depth - 1))
    kind = str(node.get("type") or "").casefold().replace("_", "")
    words = node.get("text", (node.get("textData") or {}).get("text"))
    own = {**node, **(node.get("attrs") or {}), **(node.get("metadata") or {})}
    if isinstance(words, str):
        yield _marked(html.escape(words), node)
    elif kind == "html":
        yield str(node.get("html", ""))
    elif (url := _address(own)) and (inner or own.get("title")):
        link = f'<a href="{html.escape(url)}">{inner or html.escape(str(own["title"]))}</a>'
        yield link if inner else f"<p>{link}</p>"
    else:
        tag = next((tag for name, tag in TAGS.items() if name in kind), "p")
        level = str(own.get("tag") or own.get("level") or (node.get("headingData") or {}).get("level") or 2)[-1]
        yield f"<h{level}>{inner}</h{level}>" if tag == "h" and level in "123456" else f"<{tag}>{inner}</{tag}>"


def _marked(words: str, node: Mapping[str, Any]) -> str:
    """Set the words of a text in bold and in its link, as the marks beside them say."""
    marks = [*(node.get("marks") or ()), *((node.get("textData") or {}).get("decorations") or ())]
    kinds = {str(mark.get("type")).casefold() for mark in marks}
    if node.get("format") in (1, 3) or node.get("bold") is True or {"bold", "strong"} & kinds:
        words = f"<b>{words}</b>"
    url = next((url for mark in marks if "link" in str(mark.get("type")).casefold() and (url := _address(mark))), "")
    return f'<a href="{html.escape(url)}">{words}</a>' if url else words


def _address(mark: Mapping[str, Any]) -> str:
    """Return the address that a mark holds, however deep."""
    found = next((mark[key] for key in ("href", "url") if isinstance(mark.get(key), str)), "")
    return found or next((url for value in mark.values() if isinstance(value, dict) and (url := _address(value))), "")


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
