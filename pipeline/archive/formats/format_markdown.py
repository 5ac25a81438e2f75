"""Turn Markdown into blocks and front matter. Text in, records out."""

import re
import tomllib
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from pipeline.archive.blocks import LINK_ATTRIBUTES, Block, Kind, Line, Span, merge, with_bare_addresses
from pipeline.archive.formats import format_html
from pipeline.archive.formats.data_files import load_yaml
from pipeline.archive.formats.markdown_pictures import is_picture, link_after, linked_pictures
from pipeline.archive.formats.simple_markdown import blocks_by_part
from pipeline.archive.formats.template_tags import without_template_tags
from pipeline.archive.formats.text_conventions import to_markdown
from pipeline.core.errors import InputError

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
TOML_MATTER = re.compile(r"\A\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
# Pelican and others write `Title: …` lines without a fence
BARE_MATTER = re.compile(r"\A(?:[A-Z][a-z]+: .*\n){2,}(?=\s*\n)")
# `[date]: / "May 3, 2024"`: values kept as titles of references that lead nowhere
REFERENCE_MATTER = re.compile(
    r"^\[(date|title|number|published|issue)\]:[ \t]+(?!http)\S+[ \t]+\"(.*)\"[ \t]*$", re.M | re.I
)
COMMENT_MATTER = re.compile(r"^<!--[ \t]*([A-Za-z][\w-]*):[ \t]*(\S.*?)-->[ \t]*$", re.MULTILINE)
BOLD_TAG = re.compile(r"<(/?)(?:b|strong)\s*>", re.IGNORECASE)
MONTH_AND_YEAR = re.compile(r"[^\W\d_]{3,12}\.? \d{4}")
# one inline link with an address among words that mean nothing else in Markdown
SIMPLE = re.compile(
    r"([^\[\]()*_`<>!\\&\n]*)\[([^\[\]()*_`<>!\\&\n]+)\]\((https?://[^\s()<>\\&\"']+)\)([^\[\]()*_`<>!\\&\n]*)"
)
KEY = re.compile(
    r"^[\"']?[^\W\d_][^\n:]{0,80}:(?:[ \t]|$)", re.MULTILINE
)  # without one below an empty line, text stands between two rules
KEY_AND_VALUE = re.compile(r"^([A-Za-z][\w-]*):[ \t]+([^[{|>&*!\s].*)$", re.MULTILINE)
IDENTITY = re.compile(r"<!-- triage: issue (\d{1,10}) of (\d{4}-\d{2}-\d{2}) -->")
ESCAPED_COLON = "\ue000"  # "https\\://" is text, as it is to other readers of Markdown
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
TIGHT_HEADING = re.compile(
    r"^(#{2,6})(?=[^\s#])", re.MULTILINE
)  # "##News", as GitHub read it until 2017; "#news" is a tag


class _Parser(MarkdownIt):
    """CommonMark that leaves addresses as they are written, so that they are what was published."""

    def normalizeLink(self, url: str) -> str:
        return url


def _parse_inline(state: StateCore) -> None:
    """Parse inline text as CommonMark does; a single link among plain words, the usual item, by one expression."""
    for token in state.tokens:
        if token.type != "inline":
            continue
        simple = SIMPLE.fullmatch(token.content)
        if simple is None:
            token.children = []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
            continue
        before, words, url, after = simple.groups()
        link = Token("link_open", "a", 1, attrs={"href": url})
        texts = [Token("text", "", 0, content=text) for text in (before, words, after)]
        token.children = [texts[0], link, texts[1], Token("link_close", "a", -1), texts[2]]


class _FastParser(_Parser):
    def __init__(self, preset: str) -> None:
        super().__init__(preset)
        self.core.ruler.at("inline", _parse_inline)


PARSER = _FastParser("commonmark").enable("table").disable("text_join")
TEXT_PARSER = _FastParser("commonmark").disable(["code", "text_join"])  # plain text is indented at will


def read_markdown(text: str, name: str) -> tuple[dict[str, Any], list[Block]]:
    """Split a Markdown file into its front matter and its blocks.

    Raises
    ------
    InputError
        If the front matter is neither YAML nor TOML; the message names file and line.
    """
    meta, blocks = _read_markdown(text, name)
    identity = IDENTITY.search(text)
    if identity:  # of a draft whose form says neither
        meta = {"number": int(identity[1]), "date": identity[2], **meta}
    return meta, blocks


def _read_markdown(text: str, name: str) -> tuple[dict[str, Any], list[Block]]:
    match = FRONT_MATTER.match(text)
    if match and (KEY.search(match[1]) or not match[1].startswith("\n")):
        return _front_matter(match[1], name), to_blocks(text[match.end() :], match[0].count("\n"))
    match = TOML_MATTER.match(text)
    if match:
        return _toml_matter(match[1], name), to_blocks(text[match.end() :], match[0].count("\n"))
    match = BARE_MATTER.match(text)
    if match:
        fields = (line.split(": ", 1) for line in match[0].splitlines())
        return {key.lower(): value.strip() for key, value in fields}, to_blocks(
            text[match.end() :], match[0].count("\n")
        )
    pairs = [*COMMENT_MATTER.findall(text), *REFERENCE_MATTER.findall(text)]
    return {key.lower(): value.rstrip() for key, value in pairs}, to_blocks(text)


def to_blocks(text: str, lines_before: int = 0) -> list[Block]:
    """Turn Markdown into blocks; `lines_before` is how many lines of the file stand above it."""
    text = LINK_ATTRIBUTES.sub("", without_template_tags(text)) if "{" in text else text
    text = TIGHT_HEADING.sub(r"\1 ", text) if "##" in text else text
    return list(blocks_by_part(text, lines_before, _parse, _inline))


def _parse(text: str, lines_before: int) -> Iterator[Block]:
    return _walk(PARSER.parse(text), lines_before)


def _inline(content: str) -> tuple[Line, ...]:
    tokens: list[Token] = []
    PARSER.inline.parse(content, PARSER, {}, tokens)
    return _lines(tokens)


def text_blocks(text: str) -> list[Block]:
    """Turn plain text with addresses into blocks: it is read as Markdown whose indents mean nothing."""
    return list(_walk(TEXT_PARSER.parse(to_markdown(text)), 0))


def _front_matter(text: str, name: str) -> dict[str, Any]:
    try:
        data = load_yaml(text)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        # a colon in an unquoted title, an hour 24: the site generator reads it, so do we
        if pairs := KEY_AND_VALUE.findall(text):
            return {key.lower(): value.strip().strip("\"'") for key, value in pairs}
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise InputError(f"{name}, line {line}: the front matter is not YAML; correct it and import again") from error
    if not isinstance(data, dict):
        raise InputError(f"{name}, line 2: the front matter is not a list of key: value; correct it and import again")
    return {str(key).lower(): value for key, value in data.items()}


def _toml_matter(text: str, name: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{name}, line 2: the front matter is not TOML ({error}); correct it and import again"
        ) from error
    return {str(key).lower(): value for key, value in data.items()}


def _walk(tokens: list[Token], lines_before: int) -> Iterator[Block]:
    """Follow the tokens; the innermost heading, item or quote that is open says what a text is."""
    open_: list[str] = []
    row: list[Span] = []
    row_line = 0
    number = ""  # of the item, in an ordered list
    is_fresh_item = False
    for token in tokens:
        line = (token.map[0] if token.map else 0) + lines_before + 1
        if token.type == "hr":
            yield Block("rule", line)
        elif token.type == "html_block":
            yield from format_html.to_blocks(token.content, line - 1)
        elif token.type == "list_item_open":
            number = token.info
        elif token.type == "tr_open":
            row, row_line = [], line
        elif token.type == "tr_close":
            yield Block("item", row_line, (merge(row),), 1)
        elif token.type == "inline" and "tr" in open_:
            lines = _lines(token.children or [])
            row += [*[span for each in lines for span in (*each, Span("\n"))][:-1], Span(" | ")]
        elif token.type == "inline":
            kind, level = _kind(open_, is_fresh_item)
            is_fresh_item = is_fresh_item and kind != "item"
            lines = _lines(token.children or [])
            above, below = _pictures(token.children or [], line)
            yield from above
            if kind == "item" and number and MONTH_AND_YEAR.fullmatch(token.content):  # "12. May 2026" is a date
                kind, lines, level = "paragraph", ((Span(f"{number}. {token.content}"),),), 0
            if lines or not above:
                yield Block(kind, line, lines, level)
            yield from below
        if token.nesting == 1:
            open_.append(token.tag)
            is_fresh_item = is_fresh_item or token.tag == "li"
        elif token.nesting == -1:
            open_.pop()


def _pictures(tokens: list[Token], line: int) -> tuple[list[Block], list[Block]]:
    """Return the linked pictures above the words of a text, and those below some."""
    if not any(map(is_picture, tokens)):
        return [], []
    above, below = ([Block("picture", line, url=url) for url in urls] for urls in linked_pictures(tokens))
    return above, below


def _kind(open_: list[str], is_fresh_item: bool) -> tuple[Kind, int]:
    innermost = open_[-1] if open_ else "p"
    if re.fullmatch("h[1-6]", innermost):
        return "heading", int(innermost[1])
    depth = open_.count("li")
    if "blockquote" in open_:
        return "quote", depth
    return ("item" if depth and is_fresh_item else "paragraph"), depth


def _lines(tokens: list[Token]) -> tuple[Line, ...]:
    lines: list[list[Span]] = [[]]
    url: str | None = None
    bold = 0
    text = ""
    for token, after in zip_longest(tokens, tokens[1:]):
        if token.type in ("text", "text_special"):
            text += ESCAPED_COLON if token.markup == "\\:" else token.content
            if after is None or after.type not in ("text", "text_special"):
                lines[-1] += [
                    span._replace(text=span.text.replace(ESCAPED_COLON, ":")) if ESCAPED_COLON in text else span
                    for span in with_bare_addresses(Span(text, url, bold > 0))
                ]
                text = ""
        elif token.type in ("link_open", "link_close"):
            url = link_after(token, url)
        elif token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and BREAK.match(token.content)):
            lines.append([])
        elif token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type == "html_inline":
            url, bold = link_after(token, url), _weight(token.content, bold)
        elif token.type == "code_inline":
            lines[-1].append(Span(token.content, url, bold > 0))
    return tuple(merged for line in lines if (merged := merge(line)))


def _weight(tag: str, bold: int) -> int:
    """Follow `<b>` and `<strong>` written in Markdown."""
    weight = BOLD_TAG.match(tag)
    return max(0, bold + (-1 if weight[1] else 1)) if weight else bold
