"""Reduce what feeds and pages say to plain text that is safe to show and fit for the models. Pure."""

import html
import re
from datetime import UTC, datetime, timedelta
from time import struct_time

import nh3

SUMMARY_LENGTH = 1000  # characters
# what a browser that runs scripts would not read as markup
DROPPED_TAGS = {
    "script",
    "style",
    "noscript",
    "noembed",
    "noframes",
    "xmp",
    "iframe",
    "template",
    "plaintext",
    "textarea",
}
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
BLOCK = re.compile(r"(?=</?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|dt|dd|section|article|blockquote|pre|hr)\b)", re.I)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
# a type in a title, List<String>, is no markup
TYPE = re.compile(r"(?<=\w)<(?=[A-Z][\w,& *\[\]]{0,40}>)")


def to_text(markup: str | None) -> str:
    """Turn HTML, or text that may hold some, into one line of plain text: no tags, scripts or control characters."""
    if not markup:
        return ""
    if "<" not in markup and "&" not in markup:  # most titles: there is no markup to take away
        return " ".join(CONTROL.sub("", replace_surrogates(markup)).split())
    bare = nh3.clean(
        TYPE.sub("&lt;", BLOCK.sub(" ", replace_surrogates(markup))), tags=set(), clean_content_tags=DROPPED_TAGS
    )
    return " ".join(CONTROL.sub("", replace_surrogates(html.unescape(bare))).split())


def shorten(text: str, length: int = SUMMARY_LENGTH) -> str:
    """Cut a text at the last word that fits."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def replace_surrogates(text: str | None) -> str:
    """Replace halves of surrogate pairs, which no file can hold."""
    return (text or "").encode("utf-8", "replace").decode("utf-8")


def to_datetime(parsed: struct_time | datetime | None, seen_at: datetime) -> datetime | None:
    """Turn a parsed date into aware UTC; None where it is missing or cannot be true."""
    try:
        when = datetime(*parsed[:6], tzinfo=UTC) if isinstance(parsed, struct_time) else parsed
    except (ValueError, OverflowError, TypeError):
        return None
    return plausible(when, seen_at)


def plausible(when: datetime | None, seen_at: datetime) -> datetime | None:
    """Return a time if it can be true, else None."""
    return when if when and EARLIEST <= when <= seen_at + timedelta(days=1) else None


def to_language(value: str | None) -> str | None:
    """Reduce a language tag to its language: "en-GB" is "en"."""
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", value or "")
    return found[1].lower() if found else None
