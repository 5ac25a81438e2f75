"""Decode texts of any encoding. Bytes in, text out."""

import codecs
import re

from pipeline.core.errors import InputError

HTML_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{3,20})|encoding=["']([\w-]{3,20})""", re.IGNORECASE)
MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF8, "utf-8-sig"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
NO_TEXT = (
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a rich text document (RTF)"),
    (b"PK\x03\x04", "a packed document, such as OpenDocument or EPUB"),
    (b"\xd0\xcf\x11\xe0", "a document of an older Office"),
    (b"bplist", "a file of Apple's own, such as a web archive"),
)
MANY_ODD_BYTES = 0.15  # share of bytes above 127 from which the text is taken for a script that is not Latin


def decode(body: bytes, name: str) -> str:
    """Decode text by its mark, as UTF-8, as it declares itself, or by its bytes.

    Raises
    ------
    InputError
        If it is not text.
    """
    for start, what in NO_TEXT:
        if body.startswith(start):
            raise InputError(
                f"{name} is {what}, which is not read; save it as .docx, HTML or text; nothing was imported from it"
            )
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return _decoded(body, encoding, name)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_binary(body):
            raise InputError(f"{name} cannot be read as text ({error.reason}); nothing was imported from it") from error
        return _decoded(body, _encoding(body), name)
    if "\0" in text:
        raise InputError(f"{name} cannot be read as text (it holds zero bytes); nothing was imported from it")
    return text


def _decoded(body: bytes, encoding: str, name: str) -> str:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise InputError(
            f"{name} cannot be read as {encoding}; save it as UTF-8; nothing was imported from it"
        ) from error


def _is_binary(body: bytes) -> bool:
    sample = body[:65_536]
    return b"\0" in sample or sum(byte < 9 or 13 < byte < 32 for byte in sample) > len(sample) / 100


def _encoding(body: bytes) -> str:
    """Name the encoding of text that is not UTF-8: as declared, else by its bytes."""
    declared = HTML_CHARSET.search(body[:2_048])
    if declared:
        name = (declared[1] or declared[2]).decode("ascii")
        return "cp1252" if name.lower() in ("iso-8859-1", "latin1", "us-ascii", "utf-8") else name
    sample = body[:20_000]
    if sum(byte > 127 for byte in sample) < MANY_ODD_BYTES * len(sample):
        try:
            body.decode("cp1252")
        except UnicodeDecodeError:
            return "latin-1"
        return "cp1252"
    import charset_normalizer

    best = charset_normalizer.from_bytes(sample).best()
    return best.encoding if best else "cp1252"
