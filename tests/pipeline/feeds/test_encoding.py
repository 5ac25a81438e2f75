"""A document is decoded as it is written, not as its headers say."""

import pytest

from pipeline.feeds.encoding import decode

TEXT = "Żółte łódki płyną – „dalej“ 🚢"
BYTES = TEXT.encode()


@pytest.mark.parametrize(
    ("stray", "character"),
    [(b"\x96", "–"), (b"\xa0", "\xa0"), (b"\xe9 ", "é "), (b"\xed\xa0\xbd", "\ufffd"), (b"\xf0\x9f\x9a", "\ufffd"),
     (b"\xc3 ", "\ufffd "), (b"\x81", "\ufffd"), (b"\xed\xa0\xbd\xed\xba\xa2", "🚢")],
)  # fmt: skip
@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1"])
def test_stray_byte_in_utf8_costs_one_character(stray: bytes, character: str, content_type: str) -> None:
    """A windows-1252 byte is what it was meant to be, half a character is the replacement character."""
    assert decode(BYTES + stray + BYTES, content_type) == TEXT + character + TEXT


@pytest.mark.parametrize("name", ["windows-1251", "koi8-r", "gb2312", "gbk", "big5", "shift_jis", "euc-jp", "euc-kr",
                                  "iso-8859-2", "iso-8859-7", "windows-1254"])  # fmt: skip
@pytest.mark.parametrize("place", ["header", "declaration", "meta", "declaration under a server's default"])
def test_legacy_encoding_is_taken_from_where_it_stands(name: str, place: str) -> None:
    """The header of a page, the declaration of a feed; a server's default does not go before the document's own."""
    words = {"windows-1251": "Книга о море", "koi8-r": "Книга о море", "gb2312": "图书馆开放", "gbk": "图书馆开放",
             "big5": "圖書館開放", "shift_jis": "山の郵便局", "euc-jp": "山の郵便局", "euc-kr": "산의 우체국",
             "iso-8859-2": "Žluťoučký kůň", "iso-8859-7": "Βιβλίο", "windows-1254": "Işık güneş"}[name]  # fmt: skip
    head = {"header": "<rss>", "meta": f"<html><meta charset='{name}'>"}.get(
        place, f"<?xml version='1.0' encoding='{name}'?>"
    )
    header = {"header": f"text/xml; charset={name}", "declaration under a server's default": "text/xml; charset=utf-8"}
    assert decode((head + words).encode(name), header.get(place, "text/xml")) == head + words


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_utf16_and_byte_order_marks_are_recognized(name: str) -> None:
    """With a mark or without, whatever is declared."""
    assert decode(f"<rss>{TEXT}".encode(name), "text/xml; charset=iso-8859-1") == f"<rss>{TEXT}"


@pytest.mark.parametrize("name", ["cp037", "cp500", "cp1140"])
def test_mainframe_encodings_are_recognized(name: str) -> None:
    """By the bytes of their declaration, as XML says."""
    text = f"<?xml version='1.0' encoding='{name}'?><rss>Größe [1]"
    assert decode(text.encode(name), "text/xml; charset=utf-8") == text


def test_nothing_declared_is_windows_1252() -> None:
    """As browsers take it."""
    assert decode("Ein Café für Zoë".encode("cp1252")) == "Ein Café für Zoë"


@pytest.mark.parametrize("name", ["idna", "undefined", "hex", "rot13"])
def test_codec_that_cannot_replace_breaks_nothing(name: str) -> None:
    """A server may declare any codec of Python, and a byte may stand in no encoding that is tried."""
    assert decode(b"<title>Caf\xe9 \x81</title>", f"text/xml; charset={name}") == "<title>Café \ufffd</title>"
