"""Reduce titles, HTML and names to plain text that is safe to show and fit for the models. Pure.

What format a text has is the feed format's to say: `from_html` where it says HTML, `from_plain` where it says plain
text (Atom's `type="text"`, JSON Feed's titles), and `from_unknown` where nothing says it (RSS).
"""

import html
import re
from html.entities import html5

from lxml import etree
from lxml.html import defs

SUMMARY_LENGTH = 1000  # characters
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
HTML_TAGS = (defs.tags | {"main", "dialog", "picture", "data", "template", "slot", "search", "big", "nobr"}) - {"math"}
DROPPED_TAGS = ("script", "style", "template", "noscript")
BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|li|ul|ol|h[1-6]|tr|td|th|dt|dd|section|article|blockquote|pre|hr|figure|figcaption|iframe)\b)",
    re.I,
)
# libxml2 reads an iframe's content as text to the end of the document where it was closed as in XHTML
IFRAME = re.compile(r"</?iframe\b[^<>]*>", re.I)
# a comment without an end, CDATA's marks, and what is no comment: each would take text along up to the next ">"
UNCLOSED_COMMENT = re.compile(r"<!--[^>]*(?:>|\Z)")
CDATA_MARK = re.compile(r"<!\[CDATA\[|\]\]>")
WRAPPED = re.compile(r"\s*<!\[CDATA\[(.*)\]\]>\s*", re.S)  # escaped by a feed that wraps its texts twice
NO_COMMENT = re.compile(r"<!(?!--|\[|doctype\b)", re.I)
# a type in a text, List<String> or vector<int>, is no markup
TYPE = re.compile(r"<(?<=\w<)(?=([A-Za-z_][\w:]{0,30})[\w:,&* \[\]<]{0,30}>)")
# nor is "a<b$" of a formula, "<ann@a.example>" and "<https://a.example>"
NO_TAG = re.compile(r"<(?=/?[A-Za-z][\w:-]{0,40}(?:[$,;@(){}\[\]!?*+^&|%~]|\.(?:\s|\Z)|\Z)|https?://)", re.I)
NAME = "[A-Za-z][A-Za-z0-9:-]*"
TAG = re.compile(rf"<(/?)({NAME})(?=[\s/>])")
# HTML reads some names and all numbers also without a semicolon; as in its attributes, where no letter or "=" follows
BARE_ENTITY = "|".join(name for name in html5 if not name.endswith(";"))
ENTITY = re.compile(
    r"&(?:(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});|"
    rf"(?:#\d{{2,7}}|#[xX][0-9a-fA-F]{{2,6}}|{BARE_ENTITY})(?![A-Za-z0-9=]))"
)
# of typography and within a name (AT&amp;T), left over where a feed escaped its text twice or thrice; never of markup:
# a text may be about &lt;
LEFT_OVER = re.compile(r"&(?:nbsp|[mn]dash|[lr][sd]quo|hellip|bull|middot|#39|#160|#8\d{3});|(?<=\w)&amp;(?=\w)")
# markup without a closing tag: void elements, but for code in backticks, and elements with an attribute
VOID = re.compile(r"(?<!`)<(?:br|wbr|hr)\s*/?>|<([A-Za-z][A-Za-z0-9]*)\s+[A-Za-z-]+\s*=[^<>]{0,500}>", re.I)
# an element of another vocabulary, such as SVG's; in a text that is no title
FOREIGN = re.compile(rf"<({NAME})\s+[A-Za-z:-]+\s*=\s*[\"'][^<>]{{0,500}}>")
PARAGRAPH = re.compile(r"<(?:p|li|div|tr|td|blockquote)>|(?<=--)>", re.I)  # or the end of a comment


def from_plain(text: str | None) -> str:
    """Return a plain text as one line without control characters."""
    return " ".join(_without_controls(text).split())


def _without_controls(text: str | None) -> str:
    if text and text.isprintable():  # most lines
        return text
    return CONTROL.sub("", replace_surrogates(text))


def from_html(markup: str | None, *, is_title: bool = False) -> str:
    """Return the text of some HTML as one line; a title that would become empty is kept as written."""
    if not markup:
        return ""
    if "<" not in markup and "&" not in markup:  # most titles
        return from_plain(markup)
    clean = _without_controls(markup)
    is_kept = is_title and not VOID.search(clean) and not _is_markup(clean)
    return _decode_left_over(_text_of(clean)) or (from_plain(clean) if is_kept else "")


def from_unknown(text: str | None, *, is_title: bool = False) -> str:
    """Return the text of an RSS element, which may be HTML or plain: HTML only where it clearly is.

    Clear are a closed pair of tags of HTML, a void tag, and a tag with an attribute; in a text that is no title also a
    paragraph's tag, and tags of any name that are closed or have an attribute in quotes. In anything else, such as
    "Why <dialog> beats a modal", only entities are decoded.
    """
    if not text or ("<" not in text and "&" not in text):
        return from_plain(text)
    if wrapped := WRAPPED.fullmatch(text):
        return from_unknown(wrapped[1], is_title=is_title)
    foreign = frozenset() if is_title else _foreign_tags(text)
    if foreign or _is_markup(text) or (not is_title and PARAGRAPH.search(text)):
        escaped = _escape_unknown(text, foreign)
        return (
            _decode_left_over(_text_of(_without_controls(escaped)))
            if foreign
            else from_html(escaped, is_title=is_title)
        )
    return _decode_left_over(from_plain(ENTITY.sub(lambda found: html.unescape(found[0]), text)))


def _decode_left_over(text: str) -> str:
    return from_plain(LEFT_OVER.sub(lambda found: html.unescape(found[0]), text)) if "&" in text else text


def _is_markup(text: str) -> bool:
    opened = set()
    for slash, name in TAG.findall(text):
        name = name.lower()
        if slash and name in opened:
            return True
        if not slash and name in HTML_TAGS:
            opened.add(name)
    return any(not found[1] or found[1].lower() in HTML_TAGS for found in VOID.finditer(text))


def _foreign_tags(text: str) -> frozenset[str]:
    """Return the names of elements that are not HTML's and are still markup: closed, or with an attribute in quotes."""
    opened: set[str] = set()
    foreign = {str(found[1]).lower() for found in FOREIGN.finditer(text)}
    for slash, name in TAG.findall(text):
        name = name.lower()
        if not slash:
            opened.add(name)
        elif name in opened:
            foreign.add(name)
    return frozenset(foreign - HTML_TAGS)


def _escape_unknown(text: str, foreign: frozenset[str]) -> str:
    """Escape what looks like a tag and is none, such as a type in angle brackets."""

    def escape(found: re.Match[str]) -> str:
        name = found[2].lower()
        return found[0] if name in HTML_TAGS or name in foreign or ":" in name else "&lt;" + found[0][1:]

    return TAG.sub(escape, text)


def markup_of_unknown(text: str) -> str:
    """Return an RSS element that is no title as HTML, by the rule of `from_unknown`."""
    foreign = _foreign_tags(text)
    if foreign or _is_markup(text) or PARAGRAPH.search(text):
        return _escape_unknown(text, foreign)
    return text.replace("<", "&lt;").replace("\n", "<br>")


def markup_of_plain(text: str) -> str:
    """Return a plain text as HTML that keeps its line breaks."""
    return html.escape(text, quote=False).replace("\n", "<br>")


def title_and_text(page: str) -> tuple[str, str]:
    """Return the title of a web page, and all its text with a line for each piece."""
    tree = parse_html(page)
    if tree is None:
        return "", ""
    title = " ".join(tree.xpath("string(//title[1])").split())
    body = next(iter(tree.xpath("//body")), tree)
    return title, "\n".join(filter(None, (text.strip() for text in body.itertext())))


def parse_html(markup: str) -> etree._Element | None:
    """Parse HTML, without its scripts, styles and comments; None if nothing is in it.

    Spaces keep the texts of neighbouring blocks apart.
    """
    escaped = NO_TAG.sub("&lt;", _repair_comments(markup))
    escaped = TYPE.sub(lambda found: "<" if found[1].lower() in HTML_TAGS else "&lt;", escaped)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    try:
        tree = etree.fromstring(BLOCK.sub(" <", IFRAME.sub(" ", escaped)).encode(), parser)
    except etree.XMLSyntaxError:  # nothing in it but white space and comments
        return None
    if tree is not None:
        etree.strip_elements(tree, *DROPPED_TAGS, with_tail=False)
    return tree


def _repair_comments(markup: str) -> str:
    if "<!" not in markup:
        return markup
    head, end, rest = markup.rpartition("-->")
    return NO_COMMENT.sub("&lt;!", CDATA_MARK.sub("", head + end + UNCLOSED_COMMENT.sub("", rest)))


def _text_of(markup: str) -> str:
    tree = parse_html(markup)
    return "" if tree is None else from_plain("".join(tree.itertext()))


def shorten(text: str, length: int = SUMMARY_LENGTH) -> str:
    """Cut a text at the last word that fits."""
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def replace_surrogates(text: str | None) -> str:
    """Replace halves of surrogate pairs, which no file can hold."""
    return (text or "").encode("utf-8", "replace").decode("utf-8")


EMAIL = re.compile(r"(?:mailto:)?[^\s<>()\[\],;:]{1,100}@[^\s<>()\[\],;:]{1,100}", re.I)
EMPTY_BRACKETS = re.compile(r"[(<\[]\s*[)>\]]")


def author_name(text: str | None) -> str:
    """Return a person's name without the address beside it: "ann@a.example (Ann)" is "Ann"."""
    text = from_unknown((text or "")[:1000], is_title=True)
    if "@" not in text:
        return text
    name = EMPTY_BRACKETS.sub("", EMAIL.sub("", text)).strip(" ,;-")
    wrapped = re.fullmatch(r"\([^()]*\)|\"[^\"]*\"", name)
    return " ".join((name[1:-1] if wrapped else name).split()) or text.removeprefix("mailto:")
