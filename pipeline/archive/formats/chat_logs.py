"""Read a chat that was saved as text, a message a line behind its time and author, into rows of messages with links.

WhatsApp's, Signal's and IRC's logs differ in the marks around the time: `[22/10/2023, 08:56:14] Ann: …`,
`22.10.23, 08:56 - Ann: …`, `2023-10-22 08:56 <Ann> …`.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.archive.formats.chats import with_bodies

STAMP = (
    r"^[\u200e\u200f]?\[?(?P<day>\d{1,4}([./-])\d{1,2}\2\d{1,4}),?[ T]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?"
    r"(?:[ \u202f]?[ap]\.?m\.?)?\]?(?: -)?[ \t]"
)
MESSAGE = re.compile(STAMP + r"(?:<(?P<nick>[^<>\n]{1,60})>|(?P<author>[^:\n<]{1,60}):)[ \t]", re.IGNORECASE | re.M)
SHORT_YEAR = re.compile(r"^\d{1,2}[./-]\d{1,2}[./-](?=\d{2}$)")
FEWEST = 5  # messages, and two of each author on average
MOST_LINES = 20  # a message, on average; a log of something else has few lines with an author


def chat_rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Return the messages that hold a link, each with its line; [] of a text that is no chat."""
    if not re.match(STAMP, text.lstrip("\ufeff\n "), re.IGNORECASE):
        return []
    found = list(MESSAGE.finditer(text))
    authors = {match["author"] or match["nick"] for match in found}
    if len(found) < max(FEWEST, 2 * len(authors)) or text.count("\n") > MOST_LINES * len(found):
        return []
    return list(enumerate(with_bodies(list(_messages(text, found))), 1))


def _messages(text: str, found: list[re.Match[str]]) -> Iterator[dict[str, str]]:
    ends = [after.start() for _, after in pairwise(found)] + [len(text)]
    for match, end in zip(found, ends, strict=True):
        day = SHORT_YEAR.sub(r"\g<0>20", match["day"])
        yield {
            "text": text[match.end() : end].strip(),
            "date": day,
            "author": match["author"] or match["nick"],
        }
