"""A past issue as the form of drafts is learned from it: in pieces, with names for its number and day."""

import re
from dataclasses import dataclass
from datetime import date

from pipeline.archive.pieces import Pieces
from pipeline.archive.reading import ReadIssue
from pipeline.core.issue_number import day_number
from pipeline.drafts.patterns import format_day

REPEATS = 0.5  # share of the other issues in which a block, a key or a rule must be the same
DAYS = (
    "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%-d.%-m.%Y", "%-m/%-d/%Y", "%m/%d/%Y",
    "%G-W%V", "%-d %B %Y", "%B %-d, %Y", "%d %B %Y", "%B %d, %Y", "%B %o, %Y", "%o %B %Y", "%-d %b %Y", "%b %-d, %Y",
    "%B %-d %Y", "%b %d %Y", "%b %-d %Y", "%d %b %Y", "%Y年%-m月%-d日", "%Y%m%d", "%B %-d", "%-d %B",
    "%Y-%m", "%B %Y", "%b %Y",
)  # fmt: skip
LANGUAGES = ("de", "fr", "es", "it", "pt", "nl", "ru", "pl", "uk", "ja", "ko", "zh", "sv", "da", "nb", "fi", "cs", "tr")


@dataclass(frozen=True)
class Past:
    """A past issue in pieces."""

    issue: ReadIssue
    pieces: Pieces

    def general(self, text: str) -> str:
        """Return a text with names for this issue's number and day."""
        return generalise(text, self.issue.facts.number, self.issue.facts.day)


def generalise(text: str, number: int | None, day: date | None) -> str:
    """Write {number} and {date:…} for an issue's number and day, in the usual spellings."""
    if day is not None:
        for how in (*DAYS, *(f"{language}{length}" for language in LANGUAGES for length in (" full", ""))):
            written = format_day(day, how)
            if written in text:
                text = re.sub(rf"(?<![\w{{])(?<!\d[-./]){re.escape(written)}(?!\d|[-./]\d)", f"{{date:{how}}}", text)
    if number is not None and (day is None or number != day_number(day)):
        text = re.sub(rf"(?<![\d:%{{])(0*){number}(?!\d)", lambda m: _number(m[1], number), text)
    return text


def _number(zeros: str, number: int) -> str:
    return f"{{number:0{len(zeros) + len(str(number))}d}}" if zeros else "{number}"
