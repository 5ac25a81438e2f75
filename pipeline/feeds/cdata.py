"""Close CDATA sections that a feed left open: to a parser all entries that follow are their text. Pure."""

import re

OPEN, CLOSE = "<![CDATA[", "]]>"
ENTRY_END = re.compile(r"</(?:\w{1,20}:)?(?:item|entry)\s{0,20}>", re.ASCII)
ELEMENT = re.compile(r"<([\w:.-]{1,60})[^<>]{0,200}>[^<>]{0,200}\Z")
# a section quoted in a text: its "]]>" is split over two sections, as a text that holds one must
QUOTED = re.compile(r"<!\[CDATA\[(?:(?!<!\[CDATA\[|\]\]>).)*\]\]\]\]><!\[CDATA\[>", re.S)
MAX_ELEMENT = 500  # characters before a section in which the tag of its element stands


def close_sections(text: str) -> str:
    """Close each section that does not end, or that ends in one of another entry, where its element ends.

    Of a section within a section of one entry nothing can be said: a text may be about CDATA.
    """
    kept, done, end = [], 0, 0
    whole = text
    if f"]]{CLOSE}{OPEN}>" in text:
        text = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    start = text.find(OPEN)
    while start >= 0:
        body = start + len(OPEN)
        if 0 <= end < body:  # sought once for all sections before it, lest many without an end take n² steps
            end = text.find(CLOSE, body)
        following = text.find(OPEN, body)
        if end < 0 or body <= following < end:
            last = following if following >= 0 else len(text)
            entry_end = ENTRY_END.search(text, body, last)
            if end < 0 or entry_end:
                at = _element_end(text, start, entry_end.start() if entry_end else last)
                kept.append(whole[done:at] + CLOSE)
                done = at
        else:
            following = text.find(OPEN, end)
        start = following
    return "".join(kept) + whole[done:]


def _element_end(text: str, start: int, last: int) -> int:
    """Return where the element of a section ends, at the latest at the end of its entry."""
    element = ELEMENT.search(text[max(start - MAX_ELEMENT, 0) : start])
    found = text.find(f"</{element[1]}", start, last) if element else -1
    return found if found >= 0 else last
