"""Turn BBCode, the markup of forums, into HTML. Text in, text out."""

import html
import re

LINK = re.compile(r"\[url(?:=[^\[\]\n]{1,2000})?\]", re.IGNORECASE)
TAG = re.compile(r"\[(?P<end>/?)(?P<name>[a-z]{1,20}[1-6]?|\*)(?:=(?P<value>[^\[\]\n]{0,2000}))?\]", re.IGNORECASE)
BARE_URL = re.compile(r"\[url\]\s*([^\s\[\]]{1,2000})\s*\[/url\]", re.IGNORECASE)
PICTURE = re.compile(r"\[img[^\]\n]{0,200}\][^\[\]]{0,2000}\[/img\]", re.IGNORECASE)
HTML_TAGS = {"b": "b", "list": "ul", "ul": "ul", "ol": "ol", "li": "li", "quote": "blockquote", "table": "table",
             "tr": "tr", "td": "td", "th": "td", "hr": "hr", "h": "h2",
             **{f"h{n}": f"h{n}" for n in range(1, 7)}}  # fmt: skip
OTHERS = {"i", "u", "s", "size", "color", "font", "center", "left", "right", "justify", "align", "indent", "spoiler",
          "code", "email", "sub", "sup", "highlight", "anchor", "heading", "youtube", "media"}  # fmt: skip


def is_bbcode(text: str) -> bool:
    """Does a text have a link of BBCode: `[url=…]Title[/url]`?"""
    return LINK.search(text) is not None and "[/url]" in text.lower()


def bbcode_to_html(text: str) -> str:
    """Return BBCode as HTML; what is no tag of it stays as it is written."""
    text = PICTURE.sub("[picture]", BARE_URL.sub(r"[url=\1]\1[/url]", text))
    return TAG.sub(_tag, html.escape(text, quote=False)).replace("\n", "<br>\n")


def without_tags(text: str) -> str:
    """Return the words of BBCode."""
    return TAG.sub(lambda tag: tag[0] if _tag(tag) == tag[0] else "", text)


def _tag(tag: re.Match[str]) -> str:
    name = tag["name"].lower()
    if name == "*":
        return "<li>"
    if name == "url":
        address = (tag["value"] or "").strip("\"' ").replace('"', "%22")
        return "</a>" if tag["end"] else f'<a href="{address}">'
    if name == "picture":
        return "<img>"
    if name in OTHERS:
        return ""
    return f"<{tag['end']}{HTML_TAGS[name]}>" if name in HTML_TAGS else tag[0]
