"""Repair the references of a feed that is no XML because of them: "Q&A", and HTML's "&eacute;" without a DTD. Pure."""

import re
from html.entities import html5

CDATA = r"(<!\[CDATA\[.*?(?:\]\]>|\Z))"
BARE_AMPERSAND = re.compile(rf"{CDATA}|&(?!#\d+;|#[xX][0-9a-fA-F]+;|\w+;)", re.S)
REFERENCE = re.compile(rf"{CDATA}|&(?:(#\d+|#[xX][0-9a-fA-F]+|\w+);)?".encode(), re.S)
DECLARED = re.compile(rb"<!ENTITY\s+([\w.:-]+)")
OF_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def escape_bare(text: str) -> str:
    """Escape each ampersand that begins no reference, outside of CDATA."""
    return BARE_AMPERSAND.sub(lambda found: found[1] or "&amp;", text)


def repair(body: bytes) -> bytes:
    """Escape each ampersand that begins no reference that XML knows, and write HTML's by their numbers."""
    known = OF_XML | set(DECLARED.findall(body))

    def written(found: re.Match[bytes]) -> bytes:
        cdata, name = found.groups()
        if cdata or name in known or (name or b"").startswith(b"#"):
            return found[0]
        characters = html5.get(f"{name.decode()};") if name else None
        return "".join(f"&#{ord(c)};" for c in characters).encode() if characters else b"&amp;" + found[0][1:]

    return REFERENCE.sub(written, body)
