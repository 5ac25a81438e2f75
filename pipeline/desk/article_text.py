"""Render an article's Markdown as HTML that is safe to show, with some of its sentences marked. Pure.

Tags in the text are escaped, pictures become their captions, and links lead to the web or nowhere.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.core.urls import canonical_url

MAX_TEXT = 60_000  # characters that are shown
MAX_PARAGRAPH = 4000  # characters; longer ones are split: the parser takes quadratic time for some
MAX_SENTENCES = 120  # that can be marked
SHORTEST = 40  # characters of a sentence that says something by itself
SENTENCE_END = re.compile(r"""(?<![.!?…])[.!?…]+["”’»)\]]*\s+|[。！？]["”’」』）]*\s*""")
PARSER = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable(["table", "strikethrough"])
# a table is as wide as its words, and scrolled by itself, with keys too
TABLE = '<div class="wide-table" tabindex="0" role="region" aria-label="Table">\n<table>\n', "</table>\n</div>\n"
PARSER.add_render_rule("table_open", lambda *_: TABLE[0])
PARSER.add_render_rule("table_close", lambda *_: TABLE[1])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text and where it stands."""

    block: int  # number of the paragraph, heading or list item
    start: int  # in the characters of the block
    end: int
    text: str


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a Markdown text that can stand alone, in order; headings and code are none."""
    found: list[Sentence] = []
    for block, inline in _blocks(_parse(text, "")):
        found += [s for s in _split(block, _plain(inline)) if len(s.text) >= SHORTEST]
        if len(found) >= MAX_SENTENCES:
            break
    return found[:MAX_SENTENCES]


def is_cut(text: str) -> bool:
    """Return whether a text is longer than what is shown of it."""
    return len(text) > MAX_TEXT


def to_html(text: str, url: str, marked: Collection[Sentence] = ()) -> str:
    """Render Markdown.

    Parameters
    ----------
    text : str
        Markdown, or plain text with a paragraph a line.
    url : str
        Of the article; relative links are resolved against it.
    marked : collection of Sentence
        Sentences of this text that are wrapped in <mark>.
    """
    tokens = _parse(text, url)
    spans: dict[int, list[Sentence]] = {}
    for sentence in marked:
        spans.setdefault(sentence.block, []).append(sentence)
    for block, inline in _blocks(tokens):
        if block in spans:
            inline.children = list(_with_marks(inline.children or [], spans[block]))
    return str(PARSER.renderer.render(tokens, PARSER.options, {}))


def _parse(text: str, url: str) -> list[Token]:
    text = text[:MAX_TEXT]
    if "\n\n" not in text:
        text = text.replace("\n", "\n\n")  # plain text: a paragraph a line
    tokens = PARSER.parse(_with_short_paragraphs(text))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = "h3"  # the page's own headings stand above
        token.children = [_safe(child, url) for child in token.children or ()] if token.type == "inline" else None
    return tokens


def _with_short_paragraphs(text: str) -> str:
    lines, length = [], 0
    for line in text.split("\n"):
        for start in range(0, len(line) or 1, MAX_PARAGRAPH):
            piece = line[start : start + MAX_PARAGRAPH]
            length = length + len(piece) if piece.strip() else 0
            if start or length > MAX_PARAGRAPH:
                lines.append("")
                length = len(piece)
            lines.append(piece)
    return "\n".join(lines)


def _safe(token: Token, url: str) -> Token:
    """Make a picture its caption, and a link one to the web."""
    if token.type == "image":
        caption = token.content or str(token.attrs.get("title") or "")
        return Token("text", "", 0, content=f"[{caption}]" if caption else "")
    if token.type == "link_open":
        address = canonical_url(urljoin(url, str(token.attrs.get("href", ""))))
        token.attrs = {"href": address, "target": "_blank", "rel": "noopener noreferrer"} if address else {}
    return token


def _blocks(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield the running text of each block but headings, with the block's number."""
    for n, token in enumerate(tokens):
        if token.type == "inline" and tokens[n - 1].type != "heading_open":
            yield n, token


def _plain(inline: Token) -> str:
    return "".join(map(_text_of, inline.children or ()))


def _text_of(token: Token) -> str:
    return " " if token.type in ("softbreak", "hardbreak") else token.content if token.nesting == 0 else ""


def _split(block: int, text: str) -> Iterator[Sentence]:
    start = 0
    for end in [*(match.end() for match in SENTENCE_END.finditer(text)), len(text)]:
        if words := text[start:end].strip():
            yield Sentence(block, start, start + len(text[start:end].rstrip()), words)
        start = end


def _with_marks(children: Sequence[Token], marked: Sequence[Sentence]) -> Iterator[Token]:
    """Split the running text at the marked sentences; a sentence across a link or an emphasis is several marks."""
    place = 0
    for child in children:
        length = len(_text_of(child))
        if child.type == "text":
            yield from _pieces(child.content, place, marked)
        else:
            yield child
        place += length


def _pieces(text: str, place: int, marked: Sequence[Sentence]) -> Iterator[Token]:
    at = 0
    for sentence in sorted(marked, key=lambda sentence: sentence.start):
        start, end = max(sentence.start - place, at), min(sentence.end - place, len(text))
        if start >= end:
            continue
        yield Token("text", "", 0, content=text[at:start])
        yield Token("mark_open", "mark", 1)
        yield Token("text", "", 0, content=text[start:end])
        yield Token("mark_close", "mark", -1)
        at = end
    yield Token("text", "", 0, content=text[at:])
