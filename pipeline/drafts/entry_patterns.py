r"""Write a past entry as a pattern: names in braces where its title, address, author and text stand.

`- [{title}]({url}){? by {byline}}`, `### {title}\n\n{blurb}\n\n[Read more]({url})`.
"""

import re

from pipeline.archive.blocks import Block
from pipeline.archive.extraction import Story
from pipeline.archive.layout.labels import ENDING, Labels
from pipeline.archive.layout.link_rows import split_link_row
from pipeline.archive.pieces import Entry, Piece, written
from pipeline.drafts.beside_titles import LETTERS, SHORT, name_after, name_before, name_number, name_text
from pipeline.drafts.story_links import anchor, find_link, split_marks

SEPARATED = re.compile(r"\s+[^\w\s(\[*_\"]+\s|\s*[:：]")  # by a dash, a bar, a colon
INLINE_BLURB = re.compile(r"\{\?[^{}]*\{blurb\}[^{}]*\}")


def pattern_of(entry: Entry) -> str:
    """Return the pattern of one past entry: its Markdown with names for its title, address, author and text."""
    story = entry.stories[0]
    head = _head(entry.head, story)
    parts = [head]
    has_blurb = "{blurb}" in head
    has_url = "{url}" in head
    for piece in entry.pieces[1:]:
        if piece.is_blank:
            continue
        if not has_url and any(link.url == story.link.url for link in piece.block.links):
            text = _substituted(piece.text, piece.block, story, has_blurb)
            has_url = True
        else:
            if has_blurb and parts == [head] and (bare := INLINE_BLURB.sub("", head)) != head:
                parts, has_blurb = [bare], False  # a text of its own is rather the blurb than what ends a title
            text = "" if has_blurb else f"{_prefix(piece)}{{blurb}}"
        has_blurb = has_blurb or "{blurb}" in text
        parts += [text] if text else []
    return "\n\n".join(parts)


def _prefix(piece: Piece) -> str:
    indent = re.match(r"[ \t]*", piece.text)
    space = indent[0] if indent else ""
    if piece.block.kind == "quote":
        return f"{space}> "
    if piece.block.kind == "item":
        return f"{space}- "
    return space if piece.block.level else ""


def _head(piece: Piece, story: Story) -> str:
    if story.kind == "inline":
        mark = re.match(r"[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d+[.)][ \t]+)*", piece.text)
        prefix = name_number(mark[0]) if mark and piece.block.kind in ("item", "quote") else ""
        return f"{prefix}{{blurb}}"
    row = split_link_row(piece.block, Labels())
    if len(row) > 1:  # each link of a row becomes a block of its own
        return _substituted(written(row[0]), row[0], story, has_blurb=False)
    return _substituted(_own_line(piece, story), piece.block, story, has_blurb=False)


def _own_line(piece: Piece, story: Story) -> str:
    """Of a paragraph whose every line is a story, return the line of this one."""
    lines = piece.text.splitlines()
    if piece.block.kind == "paragraph" and len(lines) > 1 and all(line.lstrip().startswith("[") for line in lines):
        line = next((line for line in lines if (story.link.url or "\0") in line), lines[0])
        return re.sub(r"(?<!\s)\s*<br\s*/?>\s*$", "", line.rstrip())
    return piece.text


def _substituted(text: str, block: Block, story: Story, has_blurb: bool) -> str:
    """Write names for what is this story's own in the text of one block."""
    link = find_link(text, story)
    if link is None:
        text = written(block)  # the file has a reference where the block has the address
        link = find_link(text, story)
    if link is None:
        return _without_link(text, story)
    before, whole, after = text[: link.start], text[link.start : link.end], text[link.end :]
    words = link.words
    title = _plain(story.link.text)
    if words is None:
        linked = whole.replace(story.link.url or "", "{url}")
        return _titled_before(before, linked, after, story, has_blurb)
    opening, marked, closing = split_marks(words)
    if title and title in (_plain(marked), _plain(ENDING.sub("", marked))):  # "(5 minute read)" is no title
        linked = whole.replace(words, f"{opening}{{title}}{closing}", 1).replace(story.link.url or "", "{url}")
        return _beside(linked, before, after, story, has_blurb)
    if title and _plain(marked) in (title + _plain(story.byline or ""), _plain(story.byline or "") + title):
        linked = f"[{opening}{{title}}{closing}]({{url}})"  # an author within the link would be read as title
        return _beside(linked, before, after, story, has_blurb)
    linked = f"[{anchor(words, story)}]({{url}})"
    return _titled_before(before, linked, after, story, has_blurb)


def _beside(linked: str, before: str, after: str, story: Story, has_blurb: bool) -> str:
    """Write what stands before and behind a linked title; of two texts the first is the blurb."""
    named = name_before(before, story)
    return named + linked + name_after(after, story, has_blurb or "{blurb}" in named)


def _titled_before(before: str, linked: str, after: str, story: Story, has_blurb: bool) -> str:
    """Write a block whose link is not its title: that stands before the link, or in a heading above."""
    match = _title_in(before, story)
    if match is None:
        return _untitled(before, linked, after, story, has_blurb)
    head, rest = before[: match.start()], before[match.end() :]
    if match[0].count("**") % 2:  # only its first words are bold
        head = head.removesuffix("**")
    closing = re.match(r"[.:!?…。：*_]*", rest)
    marks = closing[0] if closing else ""
    titled = name_before(head, story) + "{title}" + marks
    text = rest[len(marks) :]
    if LETTERS.search(text):
        return titled + _blurb_between(text, linked, after, has_blurb)
    if not LETTERS.search(after):
        return titled + text + linked + after.strip()
    has_tail = "{url}" not in linked[:6] and not has_blurb and "\n" not in text
    return titled + text + linked + (name_after(after, story, has_blurb) if has_tail else "")


def _untitled(before: str, linked: str, after: str, story: Story, has_blurb: bool) -> str:
    """Write a block that has the link and no title: text before the link is the blurb."""
    mark = re.match(r"[ \t]*(?:(?:[-*+>]|\d+[.)])[ \t]+)*", before)
    is_label = len(LETTERS.findall(before)) <= SHORT and has_blurb  # "- Source: [link](…)" below the text
    text = "" if has_blurb else "{blurb} "
    lead = before if is_label or not LETTERS.search(before) else f"{name_number(mark[0]) if mark else ''}{text}"
    return lead + linked + ("" if has_blurb or "{blurb}" in lead else name_after(after, story, has_blurb))


def _blurb_between(text: str, linked: str, after: str, has_blurb: bool) -> str:
    """Write the text between a title and its link as the blurb; where the link is a word of it, all of it."""
    if LETTERS.search(after) and not text.rstrip(" ").endswith("\n"):
        return "" if has_blurb else _text_behind(text)
    space = SEPARATED.match(text) or re.match(r"\s*", text)
    end = re.search(r"(?<![\s(（\[])[\s(（\[]*\Z", text)
    tail = "" if LETTERS.search(after) else after.strip()
    return (space[0] if space else "") + "{blurb}" + (end[0] if end else "") + linked + tail


def _text_behind(text: str) -> str:
    """Write the text behind a title; a comma between them is the sentence's."""
    return name_text(text) if SEPARATED.match(text) else " {blurb}"


def _without_link(text: str, story: Story) -> str:
    """Write a block that has the title, and whose link is below it or a word of its text."""
    match = _title_in(text, story)
    if match is None:
        return "{blurb}"
    marks = re.match(r"[.:!?…。：*_]*", text[match.end() :])
    tail = text[match.end() + len(marks[0] if marks else "") :]
    has_own_line = tail.lstrip(" ").startswith("\n")
    rest = "" if not LETTERS.search(tail) else "  \n{blurb}" if has_own_line else _text_behind(tail)
    return name_before(text[: match.start()], story) + "{title}" + (marks[0] if marks else "") + rest


def _title_in(text: str, story: Story) -> re.Match[str] | None:
    words = re.findall(r"\w+", story.link.text)
    return re.search(r"[\W_]+?".join(map(re.escape, words)), text) if words else None


def _plain(text: str) -> str:
    return "".join(re.findall(r"\w+", re.sub(r"\\(?=\W)", "", text).casefold()))
