"""Titles are right in every encoding, wherever it stands, whatever contradicts it, and beside a broken byte."""

import pytest

from helpers import NOW
from pipeline.feeds.parse import parse_feed

LATIN, CYRILLIC = "Das Café „Zoë“ öffnet – für 5 €", "Книга о море и Ёлке"
JAPANESE, SIMPLIFIED, TRADITIONAL, KOREAN = (
    "山の郵便局が開く",
    "图书馆今天开放",
    "圖書館今天開放",
    "산의 우체국이 문을 연다",
)
UNICODE = dict.fromkeys(
    ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    f"{LATIN} {CYRILLIC} {JAPANESE} 🚢",
)
LEGACY = {
    "windows-1252": LATIN,
    "iso-8859-1": "Das Café Zoë öffnet für 5 Pfund (£)",
    "iso-8859-2": "Žluťoučký kůň, łódka i Gőz",
    "iso-8859-5": CYRILLIC,
    "iso-8859-15": "Le cœur du Café Zoë à 5 €",
    "koi8-r": CYRILLIC,
    "windows-1251": f"{CYRILLIC} – «5 €»",
    "shift_jis": JAPANESE,
    "euc-jp": JAPANESE,
    "iso-2022-jp": JAPANESE,
    "gb2312": SIMPLIFIED,
    "gb18030": f"{SIMPLIFIED} 🚢",
    "big5": TRADITIONAL,
    "euc-kr": KOREAN,
}
# where the encoding stands: in the header, in the declaration; "" is neither
PLACES = {
    "header": ("{}", ""),
    "declaration": ("", "{}"),
    "both": ("{}", "{}"),
    "declaration, against the default of a server": ("utf-8", "{}"),
    "declaration, against another default": ("ISO-8859-1", "{}"),
    "header, of a feed that was UTF-8": ("{}", "utf-8"),
    "header, of a feed that was UTF-16": ("{}", "utf-16"),
    "nowhere": ("", ""),
    "only wrong ones": ("koi8-r", "shift_jis"),
}
TOLD_BY_ITS_BYTES = {**UNICODE, "iso-2022-jp": JAPANESE}
CASES = [
    (name, place)
    for name in {**UNICODE, **LEGACY}
    for place in PLACES
    if name in TOLD_BY_ITS_BYTES
    or "header" in place.split(",")[0]
    or "declaration" in place
    or place == "both"
    or (place == "nowhere" and name in ("windows-1252", "iso-8859-1"))
]


@pytest.mark.parametrize(("name", "place"), CASES)
@pytest.mark.parametrize("is_broken", [False, True], ids=["whole", "one broken byte"])
def test_titles_are_right(name: str, place: str, is_broken: bool) -> None:
    """And the text after a broken byte is."""
    words = {**UNICODE, **LEGACY}[name]
    header, declared = (text.format(name) for text in PLACES[place])
    start = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    items = (f"<item><title>{n} {words}</title><description>{words} @ end.</description></item>" for n in range(3))
    body = f"{start}<rss version='2.0'><channel><title>{words}</title>{''.join(items)}</channel></rss>".encode(name)
    if is_broken:
        body = with_broken_byte(body, name)
    parsed = parse_feed(body, "https://a.example/feed", f"text/xml; charset={header}" if header else "text/xml", NOW)
    assert (words, [f"{n} {words}" for n in range(3)]) == (parsed.title, [a.title for a in parsed.articles])
    assert [a.summary.endswith("end.") for a in parsed.articles] == [True] * 3


def with_broken_byte(body: bytes, name: str) -> bytes:
    """Replace the last byte of the character before the second " @ "."""
    mark = " @ ".encode({"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(name, name))
    at = body.index(mark, body.index(mark) + 1) - 1
    if name == "iso-2022-jp":  # an escape sequence goes back to ASCII
        at -= 3
    return body[:at] + b"\xff" + body[at + 1 :]
