"""Turn a file that is one issue into a document, and a text of an export into blocks, in whatever markup they are."""

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from pipeline.archive.blocks import Block, without_anchors
from pipeline.archive.document import Document, unix_text
from pipeline.archive.extraction import Rules
from pipeline.archive.files import File
from pipeline.archive.formats import format_html, format_text
from pipeline.archive.formats.export_bodies import nested_links
from pipeline.archive.formats.format_bbcode import bbcode_to_html, is_bbcode, without_tags
from pipeline.archive.formats.format_docx import docx_to_html
from pipeline.archive.formats.format_latex import latex_to_markdown
from pipeline.archive.formats.format_mail import html_part
from pipeline.archive.formats.format_markdown import read_markdown, text_blocks, to_blocks
from pipeline.archive.formats.format_markup import (
    adoc_to_markdown,
    gemtext_to_markdown,
    mediawiki_to_markdown,
    org_to_markdown,
    rst_to_html,
)
from pipeline.archive.formats.forwarded import headers_at_the_top
from pipeline.archive.formats.script_lists import drawn_blocks

LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*+<(?:!doctype|html|body|div|p|h[1-6]|ul|table|section|article)\b",
    re.I | re.S,
)
FIRST_TAG = re.compile(r"(?:\s*<[?!][^>]*>)*+\s*<([a-z][\w:-]*)[^>]*>", re.IGNORECASE)
LINE_END = re.compile(r"<br\b", re.IGNORECASE)
MARKDOWN = re.compile(r"\]\(|\n\s*\n|^(?:#{1,6}|[-*+>]|\d+[.)])\s", re.MULTILINE)  # a link, an empty line, a mark
LOOKS_LIKE_WIKI = re.compile(
    r"^(={2,5})[^=\n]+\1\s*$|(?<![\]\w])\[https?://[^\s\[\]]++ [^\]\n]{1,1000}+\]", re.MULTILINE
)
WEB_PAGES = (".mht", ".mhtml")  # a page with its pictures in the form of a mail, as browsers save it
TEXT_SUFFIXES = (".txt", ".text")
IDENTIFIER = re.compile(r"(?<=\w)[-_ ](?=[0-9a-f]*[a-f])(?=[0-9a-f]*\d)[0-9a-f]{12,}$")  # of Notion and Medium
MEDIUM_FOOTER = re.compile(r"<footer>.*?(?:</footer>|\Z)", re.DOTALL)
Meta = Mapping[str, Any]
TO_MARKDOWN: dict[str, Callable[[str], tuple[Meta, str]]] = {
    ".org": org_to_markdown,
    ".adoc": adoc_to_markdown,
    ".asciidoc": adoc_to_markdown,
    ".wiki": lambda text: ({}, mediawiki_to_markdown(text)),
    ".mediawiki": lambda text: ({}, mediawiki_to_markdown(text)),
    ".gmi": lambda text: ({}, gemtext_to_markdown(text)),
    ".gemini": lambda text: ({}, gemtext_to_markdown(text)),
    ".tex": latex_to_markdown,
}


def read_single(file: File, rules: Rules) -> Document:
    """Read a file that is one issue.

    Raises
    ------
    InputError
        If it is no text, or its front matter cannot be read.
    """
    meta, blocks, is_markdown = _read(file, rules)
    blocks = [without_anchors(block) for block in blocks]
    markdown = file if is_markdown else ""
    return Document(
        file.name, file.folder, meta, blocks, _own_stem(file), file.is_named, file.modified, file.name, markdown
    )


def _read(file: File, rules: Rules) -> tuple[Meta, list[Block], bool]:
    if file.suffix == ".docx":
        return {}, format_html.to_blocks(docx_to_html(file.body, file.name)), False
    text = html_part(file.body) if file.suffix in WEB_PAGES else unix_text(file)
    if file.suffix in TEXT_SUFFIXES:
        return *_plain_text(text, rules), False
    if file.suffix in (".html", ".htm", ".xhtml", *WEB_PAGES):
        page = MEDIUM_FOOTER.sub("", text) if 'class="h-entry"' in text else text
        blocks = format_html.to_blocks(page)
        return format_html.page_meta(text), drawn_blocks(text, blocks) or blocks, False
    if file.suffix == ".rst":
        fields, body = rst_to_html(text)
        return fields, format_html.to_blocks(body), False
    if file.suffix in TO_MARKDOWN:
        meta, body = TO_MARKDOWN[file.suffix](text)
        return meta, to_blocks(body), False
    meta, blocks = read_markdown(text, file.name)
    if any(isinstance(value, list) for value in meta.values()) and not any(block.links for block in blocks):
        return meta, [*blocks, *nested_links(meta, 1)], False  # the site shows what its front matter lists
    return meta, blocks, True


def _own_stem(file: File) -> str:
    """Return the file's name, of `2024-05-03-letter/index.md` the folder's."""
    folder = PurePosixPath(file.folder).name
    return folder if file.stem.lower() == "index" and re.search(r"\d", folder) else IDENTIFIER.sub("", file.stem)


def _plain_text(text: str, rules: Rules) -> tuple[dict[str, Any], list[Block]]:
    """Read plain text: with its addresses like Markdown, without them by the form of its lines."""
    mail, text = headers_at_the_top(text)
    start = re.search(r"^.*\w.*$", text, re.MULTILINE)  # below any line of signs
    title, _, body = text[start.start() if start else 0 :].partition("\n")
    subtitle = body.lstrip().partition("\n")[0].strip()
    meta = {"title": title.strip(" #=*"), "subtitle": subtitle if ";" in subtitle else ""} | mail
    if is_bbcode(text):
        return {"title": without_tags(title).strip(" #=*")}, format_html.to_blocks(bbcode_to_html(text))
    return meta, text_blocks(text) if "://" in text else format_text.to_blocks(text, rules)


def body_blocks(body: str) -> list[Block]:
    """Turn the body of a mail or a record into blocks: HTML, BBCode, a wiki's text or Markdown, as it may be."""
    if LOOKS_LIKE_HTML.match(body) or _is_element(body) or (LINE_END.search(body) and not MARKDOWN.search(body)):
        return format_html.to_blocks(body)
    if is_bbcode(body):
        return format_html.to_blocks(bbcode_to_html(body))
    is_wiki = "](" not in body and LOOKS_LIKE_WIKI.search(body)
    return to_blocks(mediawiki_to_markdown(body) if is_wiki else body)


def _is_element(body: str) -> bool:
    """Is a text one element of XML or HTML, behind any declarations? So are the notes of Evernote (`<en-note>`)."""
    first = FIRST_TAG.match(body)
    return first is not None and body.rstrip().endswith(f"</{first[1]}>")
