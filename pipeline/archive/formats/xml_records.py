"""Find the records of an XML export that is no feed (of a wiki, of notes): the elements that repeat and hold texts."""

from collections.abc import Iterator
from typing import Any

from lxml import etree

from pipeline.archive.files import File
from pipeline.core.errors import InputError

Entry = tuple[int, dict[str, Any], str]
SHORT = 500  # characters of what a record says of itself


def xml_records(file: File) -> Iterator[Entry]:
    """Yield of each record its place from 1, its short values as front matter would give them, and its longest text.

    Raises
    ------
    InputError
        If the file is no XML.
    """
    root = xml_root(file)
    for nth, record in enumerate(_records(root) if root is not None else (), 1):
        values: dict[str, str] = {}
        for node in record.iter(etree.Element):
            if (node.text or "").strip():
                values.setdefault(etree.QName(node).localname.lower(), node.text.strip())
        body = max(values.values(), key=len, default="")
        yield nth, {key: value for key, value in values.items() if len(value) <= SHORT and value != body}, body


def xml_root(file: File) -> Any:
    """Return the first element of an export, read as far as it goes; None if there is none. Entities stay as written.

    Raises
    ------
    InputError
        If it is no XML at all.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    try:
        return etree.fromstring(file.body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{file.name} cannot be read as XML ({error}); nothing was imported") from error


def _records(root: Any) -> list[Any]:
    """Return the children of the root, or of its only child, of the tag whose texts hold the most addresses."""
    while len(root) == 1:
        root = root[0]
    addresses: dict[Any, int] = {}
    for child in root.iterchildren(etree.Element):
        addresses[child.tag] = addresses.get(child.tag, 0) + sum("://" in text for text in child.itertext())
    tag = max(addresses, key=lambda tag: addresses[tag], default=None)
    return list(root.iterchildren(tag)) if tag is not None and addresses[tag] else []
