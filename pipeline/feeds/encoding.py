"""Decode feeds and pages: the byte order mark, then UTF-8 if the bytes are, then what is declared. Pure."""

import codecs
import re
from contextlib import suppress

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

SERVER_DEFAULTS = frozenset({"cp1252", "ascii", "utf-8"})  # sent by servers that know nothing of the document
MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
# surrogates, which UTF-8 has no place for: a pair of them is one character (CESU-8, as Java writes), a lone one is none
PAIR = re.compile(rb"\xed([\xa0-\xaf])([\x80-\xbf])\xed([\xb0-\xbf])([\x80-\xbf])")
LONE = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
HIGH = re.compile(rb"[\x80-\xff]")
# a document begins with two characters of ASCII, so its zero bytes tell how wide a character is (RFC 4627, 3)
ZEROS = {
    rb"[^\0]\0\0\0": "utf-32-le",
    rb"\0\0\0[^\0]": "utf-32-be",
    rb"[^\0]\0[^\0]\0": "utf-16-le",
    rb"\0[^\0]\0[^\0]": "utf-16-be",
}
# ISO-2022, which is ASCII but for escape sequences; UTF-8 documents hold none
ESCAPE = re.compile(rb"\x1b\$(?:[@B]|\)C)")
ISO_2022 = {b"\x1b$@": "iso2022_jp_ext", b"\x1b$B": "iso2022_jp_ext", b"\x1b$)C": "iso2022_kr"}
MAX_BROKEN = 0.25  # of the bytes above ASCII; a document with more is not in that encoding
EBCDIC = "<?xml".encode("cp037")


def decode(body: bytes, content_type: str = "") -> str:
    """Decode a document. A byte that cannot be decoded costs one character and never changes the encoding.

    Headers and declarations contradict documents (a server's default charset, a converted file with its old
    declaration), while text in another encoding is hardly ever valid UTF-8 by chance. So UTF-8 is taken where most of
    the bytes above ASCII form UTF-8 sequences; else the first encoding that decodes most of them, of the server's
    (unless it is a usual default) and the declared one; else windows-1252.
    """
    name, mark = read_bom(body)
    if name and mark:
        return body[len(mark) :].decode(name, "replace")
    for zeros, name in ZEROS.items():
        if re.match(zeros, body):
            return body.decode(name, "replace")
    if (escape := ESCAPE.search(body)) and not MULTIBYTE.search(body):
        return body.decode(ISO_2022[escape[0]], "replace")
    if body.startswith(EBCDIC):  # XML 1.0, appendix F
        return body.decode(next(iter(_declared(body[:4096].decode("cp037").encode(), "")), "cp037"), "replace")
    if _is_utf8(body):
        if b"\xed" in body:
            body = LONE.sub(b"\xef\xbf\xbd", PAIR.sub(_join_surrogates, body))
        return body.decode("utf-8", "triage_stray_bytes")
    n_high = len(HIGH.findall(body))
    for name in _declared(body, content_type):
        with suppress(UnicodeError, LookupError):  # some codecs, such as idna, cannot replace
            text = body.decode(name, "replace")
            if text.count("\ufffd") <= MAX_BROKEN * n_high:
                return text
    return body.decode("cp1252", "replace")


def _is_utf8(body: bytes) -> bool:
    """Return whether more bytes above ASCII belong to UTF-8 sequences than not."""
    try:
        body.decode("utf-8")
        return True
    except UnicodeDecodeError:
        stray = len(HIGH.findall(MULTIBYTE.sub(b"", body)))
        return len(HIGH.findall(body)) > 2 * stray


def _declared(body: bytes, content_type: str) -> list[str]:
    header = resolve_encoding(http_content_type_encoding(content_type) or "")
    document = resolve_encoding(html_body_declared_encoding(body[:4096]) or "")
    order = (document,) if header in SERVER_DEFAULTS else (header, document)
    # a document that says UTF-16 in ASCII letters is not UTF-16
    return [name for name in order if name and name != "utf-8" and not name.startswith(("utf-16", "utf-32", "ucs"))]


def _join_surrogates(pair: re.Match[bytes]) -> bytes:
    halves = pair[0].decode("utf-8", "surrogatepass")
    return halves.encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _stray_bytes(error: UnicodeError) -> tuple[str, int]:
    """Decode what is not UTF-8 in a UTF-8 document: a single byte as windows-1252, a cut-off sequence as U+FFFD."""
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    if len(stray) == 1 and stray not in b"\xc2\xc3":  # those two begin most cut-off sequences of European text
        return stray.decode("cp1252", "replace"), error.end
    return "\ufffd", error.end


codecs.register_error("triage_stray_bytes", _stray_bytes)
