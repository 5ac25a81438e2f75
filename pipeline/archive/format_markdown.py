"""Turn Markdown into blocks and front matter. Text in, records out."""

import re
from collections.abc import Iterator
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pipeline.archive import format_html
from pipeline.archive.blocks import Block, Kind, Line, Span, merge
from pipeline.core.errors import InputError

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
# Pelican and others write `Title: …` lines without a fence
BARE_MATTER = re.compile(r"\A(?:[A-Z][a-z]+: .*\n){2,}(?=\s*\n)")
BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class _Parser(MarkdownIt):
    """CommonMark that leaves addresses as they are written, so that they are what was published."""

    def normalizeLink(self, url: str) -> str:
        return url


PARSER = _Parser("commonmark")


def read_markdown(text: str, name: str) -> tuple[dict[str, Any], list[Block]]:
    """Split a Markdown file into its front matter and its blocks.

    Raises
    ------
    InputError
        If the front matter is not YAML; the message names file and line.
    """
    match = FRONT_MATTER.match(text)
    if match:
        return _front_matter(match[1], name), to_blocks(text[match.end() :], match[0].count("\n"))
    match = BARE_MATTER.match(text)
    if match:
        pairs = (line.split(": ", 1) for line in match[0].splitlines())
        return {key.lower(): value.strip() for key, value in pairs}, to_blocks(
            text[match.end() :], match[0].count("\n")
        )
    return {}, to_blocks(text)


def to_blocks(text: str, lines_before: int = 0) -> list[Block]:
    """Turn Markdown into blocks; `lines_before` is how many lines of the file stand above it."""
    return list(_walk(PARSER.parse(text), lines_before))


def _front_matter(text: str, name: str) -> dict[str, Any]:
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 2
        raise InputError(f"{name}, line {line}: the front matter is not YAML; mend it and import again") from error
    except (ValueError, OverflowError, RecursionError) as error:  # a 13th month, an offset of three days
        raise InputError(f"{name}, line 2: the front matter cannot be read ({error}); mend it") from error
    if not isinstance(data, dict):
        raise InputError(f"{name}, line 2: the front matter is not a list of key: value; mend it and import again")
    return {str(key).lower(): value for key, value in data.items()}


def _walk(tokens: list[Token], lines_before: int) -> Iterator[Block]:
    """Follow the tokens; the innermost heading, item or quote that is open says what a text is."""
    open_: list[str] = []
    is_fresh_item = False
    for token in tokens:
        line = (token.map[0] if token.map else 0) + lines_before + 1
        if token.type == "hr":
            yield Block("rule", line)
        elif token.type == "html_block":
            yield from format_html.to_blocks(token.content, line - 1)
        elif token.type == "inline":
            kind, level = _kind(open_, is_fresh_item)
            is_fresh_item = is_fresh_item and kind != "item"
            yield Block(kind, line, _lines(token.children or []), level)
        elif token.nesting == 1:
            open_.append(token.tag)
            is_fresh_item = is_fresh_item or token.tag == "li"
        elif token.nesting == -1:
            open_.pop()


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
    for token in tokens:
        if token.type == "link_open":
            url = str(token.attrGet("href") or "")
        elif token.type == "link_close":
            url = None
        elif token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and BREAK.match(token.content)):
            lines.append([])
        elif token.type in ("text", "code_inline"):
            lines[-1].append(Span(token.content, url))
    return tuple(merged for line in lines if (merged := merge(line)))
