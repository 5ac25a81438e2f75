"""Turn the text of a Word document (.docx) into HTML: headings, list items, links, bold. Bytes in, text out."""

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from pipeline.core.errors import InputError

TEXT, RELATIONS, STYLES = "word/document.xml", "word/_rels/document.xml.rels", "word/styles.xml"
MOST_UNPACKED = 50 * 2**20  # bytes of each of its parts
HEADING = re.compile(r"heading ([1-6])|(title)", re.IGNORECASE)
IDENTIFIER = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
OFF = ("0", "false", "none")


def docx_to_html(body: bytes, name: str) -> str:
    """Return the text of a document as HTML.

    Raises
    ------
    InputError
        If it is no such document, or unpacks beyond sense.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            text, relations, styles = (_part(parts, part, name) for part in (TEXT, RELATIONS, STYLES))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, ValueError, EOFError) as error:
        raise InputError(f"{name} cannot be read as a Word document ({error}); nothing was imported") from error
    if text is None:
        raise InputError(f"{name} cannot be read as a Word document (it has no text); nothing was imported")
    targets = {each.get("Id"): each.get("Target") for each in (relations if relations is not None else ())}
    names = {_value(style, "styleId"): _value(_child(style, "name")) for style in _all(styles, "style")}
    return "\n".join(_paragraph(each, targets, names) for each in _all(text, "p"))


def _part(parts: zipfile.ZipFile, part: str, name: str) -> Any:
    if part not in parts.namelist():
        return None
    if parts.getinfo(part).file_size > MOST_UNPACKED:
        raise InputError(f"{name} unpacks beyond {MOST_UNPACKED >> 20} MB; nothing was imported")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    return etree.fromstring(parts.read(part), parser)


def _all(node: Any, tag: str) -> Iterator[Any]:
    return node.iter(f"{{*}}{tag}") if node is not None else iter(())


def _child(node: Any, path: str) -> Any:
    return None if node is None else node.find("/".join(f"{{*}}{tag}" for tag in path.split("/")))


def _value(node: Any, name: str = "val") -> str:
    """Return an attribute, whatever the namespace of its edition is."""
    values = {} if node is None else {etree.QName(key).localname: value for key, value in node.attrib.items()}
    return str(values.get(name, ""))


def _paragraph(node: Any, targets: Mapping[str, str], names: Mapping[str, str]) -> str:
    style = _value(_child(node, "pPr/pStyle"))
    heading = HEADING.fullmatch(names.get(style) or style)
    tag = f"h{heading[1] or 1}" if heading else "li" if _child(node, "pPr/numPr") is not None else "p"
    return f"<{tag}>{''.join(_runs(node, targets))}</{tag}>"


def _runs(node: Any, targets: Mapping[str, str]) -> Iterator[str]:
    for child in node:
        tag = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if tag == "hyperlink":
            url = targets.get(child.get(IDENTIFIER), "")
            yield f'<a href="{html.escape(url)}">{"".join(_runs(child, targets))}</a>'
        elif tag == "r":
            words = "".join(
                html.escape(each.text or "") if _is_text(each) else "<br>" for each in child if _shows(each)
            )
            bold = _child(child, "rPr/b")
            yield f"<b>{words}</b>" if bold is not None and _value(bold) not in OFF and words.strip() else words
        elif tag not in ("pPr", "del"):
            yield from _runs(child, targets)


def _is_text(node: Any) -> bool:
    return str(etree.QName(node).localname) == "t"


def _shows(node: Any) -> bool:
    return isinstance(node.tag, str) and etree.QName(node).localname in ("t", "br", "cr")
