"""Find in the tokens of a paragraph of Markdown the links around pictures without words."""

import re
from collections.abc import Iterable
from html import unescape as html_entities

from markdown_it.token import Token

ANCHOR = re.compile(r"""<a\s[^>]*?\bhref\s*=\s*(["'])(.*?)\1""", re.IGNORECASE | re.DOTALL)
WORDS = ("text", "text_special", "code_inline")


def linked_pictures(tokens: Iterable[Token]) -> tuple[list[str], list[str]]:
    """Return the addresses of the pictures above all words of a text, and of those below some."""
    above: list[str] = []
    below: list[str] = []
    url: str | None = None
    has_words = has_picture = is_worded = False  # the text, and the link that is open
    for token in tokens:
        after = link_after(token, url)
        if url is not None and after is None and has_picture and not is_worded:
            (below if has_words else above).append(url)
        if url != after:
            has_picture = is_worded = False
        has_picture = has_picture or is_picture(token)
        if token.type in WORDS and token.content.strip():
            has_words = is_worded = True
        url = after
    return above, below


def is_picture(token: Token) -> bool:
    """Is it a picture, in Markdown or HTML?"""
    return token.type == "image" or (token.type == "html_inline" and token.content[:4].lower() == "<img")


def link_after(token: Token, url: str | None) -> str | None:
    """Return the address of the link that is open after a token."""
    if token.type == "link_open":
        return str(token.attrGet("href") or "")
    link = ANCHOR.match(token.content) if token.type == "html_inline" else None
    if link:
        return html_entities(link[2])
    is_end = token.type == "link_close" or (token.type == "html_inline" and token.content.lower() == "</a>")
    return None if is_end else url
