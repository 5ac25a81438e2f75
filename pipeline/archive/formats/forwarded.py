"""Find what a mail that was forwarded says of the mail in it: its day stands among the headers above its text."""

import re
from itertools import groupby, takewhile

from pipeline.archive.metadata.written_dates import numeric_date, written_date

PREFIX = re.compile(r"(?:(?:fwd?|wg|tr|rv|enc|vb|vs|doorst|转发|轉寄|転送|전달)\s*[:：]\s*)+", re.IGNORECASE)
HEADER = re.compile(r"[\W_]*[^\W\d_][\w ]{0,20}\*?\s?[:：]\s*\S")
LINE_ENDS = re.compile(r"<br\s*/?>|</(?:p|div|tr|li)>", re.IGNORECASE)
UNSEEN_END = re.compile(r"</(?:style|head)>", re.IGNORECASE)
UNSEEN = re.compile(rf"<(?:style|head)\b.*?{UNSEEN_END.pattern}", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^<>]*>")
AT_THE_TOP = 50_000  # characters
LINES = 30
FEWEST_HEADERS = 3


def original_day(body: str, *, is_html: bool) -> str:
    """Return the day in the headers of the mail that a body forwards, `2024-05-03`; "" if it forwards none."""
    top = body[:AT_THE_TOP]
    text = TAG.sub("", LINE_ENDS.sub("\n", _without_unseen(top.replace("\n", " ")))) if is_html else top
    lines = [line.strip() for line in text.splitlines() if line.strip()][:LINES]
    for is_header, run in groupby(lines, key=lambda line: HEADER.match(line) is not None):
        headers = list(run)
        if is_header and len(headers) >= FEWEST_HEADERS and any("@" in header for header in headers):
            values = (re.split("[:：]", header, maxsplit=1)[1] for header in headers if "@" not in header)
            days = (written_date(value) or numeric_date(value) for value in values)
            return next((day.isoformat() for day in days if day), "")
    return ""


def headers_at_the_top(text: str) -> tuple[dict[str, str], str]:
    """Return subject and day of a mail that was kept as text, with its headers, and its text; {} of any other text."""
    lines = text.lstrip().splitlines(keepends=True)
    headers = list(takewhile(HEADER.match, lines))
    if len(headers) < FEWEST_HEADERS or not any("@" in header for header in headers):
        return {}, text
    values = [re.split("[:：]", header, maxsplit=1)[1].strip() for header in headers if "@" not in header]
    subject = next((value for value in values if not (written_date(value) or numeric_date(value))), "")
    return {"title": without_prefix(subject), "date": original_day("".join(headers), is_html=False)}, "".join(
        lines[len(headers) :]
    )


def _without_unseen(markup: str) -> str:
    """Drop styles and heads; behind the last end of one nothing is searched, which would take quadratic time."""
    last = max((end.end() for end in UNSEEN_END.finditer(markup)), default=0)
    return UNSEEN.sub("", markup[:last]) + markup[last:]


def without_prefix(subject: str) -> str:
    """Return a subject without what says that the mail was forwarded, in the big languages: "Fwd: ", "WG: "."""
    return PREFIX.sub("", subject, count=1) if PREFIX.match(subject) else subject
