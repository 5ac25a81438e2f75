"""Turn HTML into blocks. Markup in, records out; scripts, styles and frames are dropped, nothing is fetched."""

import re
from collections.abc import Iterator
from itertools import groupby

from lxml import etree, html
from lxml.etree import iterwalk

from pipeline.archive.blocks import Block, Kind, Line, Span, merge, with_bare_addresses

DROPPED = {"script", "style", "head", "title", "template", "noscript", "svg", "iframe", "object", "figcaption"}
BOLD = {"b", "strong"}
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")  # libxml2 refuses a declared encoding in text
NOT_SHOWN = re.compile(r"(?:^|;)\s*display\s*:\s*none\b", re.IGNORECASE)
BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
WORD = re.compile(r"[^\W\d_]{2}")
FOOTNOTE_MARK = re.compile(r"\W*\d*\W*")
NO_STORY = {"tag", "mention", "hashtag"}  # what a link is by its rel or class: it names a topic or a person
# fmt: off
INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "u", "var", "wbr",
}
# fmt: on


def to_blocks(markup: str, lines_before: int = 0) -> list[Block]:
    """Turn a page, a mail or a piece of HTML into blocks; what is not HTML at all gives none."""
    root = _parsed(markup)
    if root is None:
        return []
    head = root.find("head")
    if head is not None and root.find("body") is None:
        head.tag = "body"  # libxml2 knows no <article> and keeps it in the head, where no body was written
    return list(_Walker(lines_before).walk(root))


def _parsed(markup: str) -> html.HtmlElement | None:
    """Return a page's tree; None if it is no HTML.

    A mail that never closes its <font> and <b> nests each line in the last one: at 256 levels libxml2 would cut it off.
    """
    try:
        return html.document_fromstring(DECLARATION.sub("", markup), parser=html.HTMLParser(huge_tree=True))
    except (etree.ParserError, ValueError):
        return None


class _Walker:
    """Collects runs of text until a block-level tag begins or ends."""

    def __init__(self, lines_before: int) -> None:
        self.lines_before = lines_before
        self.open: list[str] = []
        self.lines: list[list[Span]] = [[]]
        self.url: str | None = None
        self.pictures: list[Block] = []  # within the text that is open
        self.dropped = 0
        self.bold = 0
        self.styled = 0  # elements that are set in bold by their style
        self.line = 1
        self.is_continued = False  # within an item that has given a block

    def walk(self, root: html.HtmlElement) -> Iterator[Block]:
        for event, node in iterwalk(root, events=("start", "end")):
            if not isinstance(node.tag, str):  # a comment
                self._text(node.tail if event == "end" else None)
                continue
            if event == "start":
                yield from self._start(node)
                self._text(node.text)
            else:
                yield from self._end(node)
                self._text(node.tail)
        yield from self._flush()

    def _start(self, node: html.HtmlElement) -> Iterator[Block]:
        tag = str(node.tag)
        if tag == "img" and self.url is None and not self.dropped and (words := _words_of(node)):
            yield from self._picture(Block("picture", self.line, words))
        self.styled += _is_set_in_bold(node)
        if _is_dropped(node):
            self.dropped += 1
        elif tag == "a":
            self.url = None if NO_STORY & _names(node) else node.get("href")
        elif tag in BOLD:
            self.bold += 1
        elif tag == "br":
            self.lines.append([])
        elif tag not in INLINE and tag != "img":
            yield from self._flush()
            self.open.append(tag)
            self.is_continued = self.is_continued and tag != "li"
            self.line = (node.sourceline or 1) + self.lines_before
            if tag == "hr" and not self.dropped:
                yield Block("rule", self.line)

    def _end(self, node: html.HtmlElement) -> Iterator[Block]:
        tag = str(node.tag)
        self.styled -= _is_set_in_bold(node)
        if _is_dropped(node):
            self.dropped -= 1
        elif tag == "a":
            if self.url and not self.dropped and _is_picture(node):
                picture = next(node.iter("img"))
                yield from self._picture(Block("picture", self.line, _words_of(picture), url=self.url))
            self.url = None
        elif tag in BOLD:
            self.bold -= 1
        elif tag not in INLINE and tag not in ("br", "img"):
            yield from self._flush()
            self.open.pop()

    def _text(self, text: str | None) -> None:
        if text and not self.dropped:
            self.lines[-1] += with_bare_addresses(
                Span(re.sub(r"\s+", " ", text), self.url, self.bold + self.styled > 0)
            )

    def _flush(self) -> Iterator[Block]:
        lines, self.lines = [merge(_stripped(line)) for line in self.lines], [[]]
        # two <br> in a row end a paragraph, as mails write it
        for has_text, paragraph in groupby(lines, key=bool):
            if has_text:
                kind, level = self._kind()
                yield Block(kind, self.line, tuple(paragraph), level)
        pictures, self.pictures = self.pictures, []
        yield from pictures

    def _picture(self, picture: Block) -> Iterator[Block]:
        """Give a picture, or keep it until the text that is open ends."""
        if any(span.text.strip() for line in self.lines for span in line):
            self.pictures.append(picture)
        else:
            yield picture

    def _kind(self) -> tuple[Kind, int]:
        heading = next((tag for tag in reversed(self.open) if re.fullmatch("h[1-6]", tag)), None)
        if heading:
            return "heading", int(heading[1])
        depth = self.open.count("li")
        if "blockquote" in self.open:
            return "quote", depth
        if depth and not self.is_continued:
            self.is_continued = True
            return "item", depth
        return "paragraph", depth


def _is_dropped(node: html.HtmlElement) -> bool:
    """Is it no text, not shown (as the line that a mail writes for the list of mails), or the mark of a footnote?"""
    is_hidden = NOT_SHOWN.search(node.get("style") or "") is not None
    return node.tag in DROPPED or is_hidden or (node.tag == "a" and _is_footnote_mark(node))


def _is_set_in_bold(node: html.HtmlElement) -> bool:
    return "font-weight" in (style := node.get("style") or "") and BOLD_STYLE.search(style) is not None


def _words_of(picture: html.HtmlElement) -> tuple[Line, ...]:
    """Return the words that stand for a picture where it is not shown."""
    words = " ".join((picture.get("alt") or "").split())
    return ((Span(words),),) if WORD.search(words) else ()


def _names(link: html.HtmlElement) -> set[str]:
    return {*(link.get("rel") or "").split(), *(link.get("class") or "").split()}


def _is_picture(link: html.HtmlElement) -> bool:
    """Does a link stand around a picture and no words?"""
    return next(link.iter("img"), None) is not None and not link.text_content().strip()


def _is_footnote_mark(node: html.HtmlElement) -> bool:
    """Is it a number that leads to a note on the same page, or back?"""
    return (node.get("href") or "").startswith("#") and FOOTNOTE_MARK.fullmatch("".join(node.itertext())) is not None


def _stripped(line: list[Span]) -> list[Span]:
    """Drop the blank runs at both ends of a line."""
    while line and not line[0].text.strip():
        line = line[1:]
    while line and not line[-1].text.strip():
        line = line[:-1]
    return line


def page_title(markup: str) -> str:
    """Return what a page calls itself, without the site's name where it says so; "" if it has no title."""
    root = _parsed(markup)
    if root is None:
        return ""
    candidates = [*root.xpath('//meta[@property="og:title"]/@content'), *root.xpath("//title/text()")]
    return next((title for text in candidates if (title := " ".join(str(text).split()))), "")


def page_meta(markup: str) -> dict[str, str]:
    """Return what a page says of itself: title, day of publication, own address. Keys without a value are left out."""
    root = _parsed(markup)
    if root is None:
        return {}
    days = [
        *root.xpath('//meta[@property="article:published_time" or @name="date" or @name="dc.date"]/@content'),
        *root.xpath("//time/@datetime"),
    ]
    links = [
        *root.xpath('//link[@rel="canonical"]/@href'),
        *root.xpath('//meta[@property="og:url"]/@content'),
        *root.xpath(
            "//header//table//a[starts-with(normalize-space(), 'http')]/@href"
        ),  # among a page's properties, as Notion writes them
    ]
    found = {"title": page_title(markup), "date": next(iter(days), ""), "url": next(iter(links), "")}
    return {key: str(value) for key, value in found.items() if value}
