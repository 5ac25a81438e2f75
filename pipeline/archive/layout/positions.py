"""Say where in a block its first outward link stands: leading it, after a bold lead, or inside a sentence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from pipeline.archive.blocks import Block, Line, Span, count_words, is_address, plain
from pipeline.archive.layout.kinds import kind_before
from pipeline.archive.layout.labels import READ_ON, Labels, bold_lead, is_mark, is_person, label_key
from pipeline.archive.layout.story_titles import (
    cell_title,
    first_sentence,
    title_after,
    title_before,
    title_below,
    without_signs,
)

Position = Literal["heading", "below heading", "title line", "bold lead", "item", "closing", "sentence",
                   "sentence in item", "label"]  # fmt: skip
# before a leading link there is nothing but a number in any script, a tag, an emoji or an opening quote
NUMBER_OR_TAG = re.compile(
    r"[\W\d_]*(?:[\[【(（][^\])】）]{1,24}[\])】）][\W\d_]*)?(?:第?[一二三四五六七八九十百]{1,4}[、.．:：)）])?[\W\d_]*"
)
# not "6.7" of a version
NUMBERED = re.compile(r"^\W*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*(?:[、．：)）]|[.:](?!\d))")
# after a title line comes nothing, a byline or a new sentence; after the first words of a sentence the sentence goes on
AFTER_TITLE = re.compile(r"\s*(?:$|[-–—:：|,，(（.。!！?？;·•/\\\[]|by\b|von\b|par\b|por\b|di\b|от\b)", re.IGNORECASE)
# an author before a title in quotes, and the end of the quotes: `Jane Roe, “[title](url)”:`
AUTHOR_BEFORE = re.compile(r"[^.!?。！？:：]{2,40}[,:：–—-]\s*[\"“«‹‘'『「„]")
QUOTE_ENDS = re.compile(r"[\"”»›’'』」“]?[\s:：.,]*")
TITLE_BY = re.compile(
    r"[^\w\"“„«‹『「]*(?P<open>[\"“„«‹『「]?)(?P<title>\w[^\"”“»›』」]{4,140}?)[\"”“»›』」]?"
    r"(?:\s*[,，]?\s(?:by|von|par|por|от|av|af|door|przez)|\s*[-–—|·,，])\s*",
    re.IGNORECASE,
)
BACK_ISSUE = re.compile(r"\W*#\s*\d+\W*")
BLANK = Span(" ")  # between lines
WORDS_OF_TITLE = 5  # a leading link with so many words is a title whatever follows
READ_MORE = 40  # longest text, in characters, of a link that stands alone under a comment: "Read the article"
LONGEST_LABEL = 30  # characters of a bold lead with colon that is a label: "Podcast: [title](url)"
BEHIND_DASH = re.compile(r"\s[-–—|]\s*$")
WORDS_OF_OUTLET = 2
WORDS_OF_NAME = 4  # that follow a title and end its block
WORDS_BEFORE = 3  # words before the link that ends a list item from which they are its title
LEADING_LINES = 0.6  # share of a paragraph's lines that must begin with a link for each to be an entry
WORDS_BESIDE = 2  # words beside a link without words of its own from which these are the title


class Spot(NamedTuple):
    """A block's first outward link and where it stands."""

    position: Position
    link: Span
    title: str
    before: str
    after: str


def find_spot(block: Block, leads_out: Callable[[Span], bool], labels: Labels | None = None) -> Spot | None:
    """Find the first outward link of a block; None if it has none."""
    labels = labels or Labels()
    if usual := _usual_item(block, leads_out, labels):
        return usual
    block = _without_project(block)
    spans = [span for line in block.lines for span in (*line, BLANK)]
    first = _first_link(spans, leads_out, labels)
    if first is None:
        return None
    last = _last_of_link(spans, first)
    link = spans[first]
    text = plain(tuple(spans[first : last + 1]))
    before, after = plain(tuple(spans[:first])), plain(tuple(spans[last + 1 :]))
    is_item = block.kind == "item"
    lead = bold_lead(tuple(spans[:first])) if first else ""
    if lead:
        is_beside = NUMBER_OR_TAG.fullmatch(before[len(lead) :]) is not None and len(lead) <= LONGEST_LABEL
        is_label = labels.is_lead_label(lead) or (
            lead.endswith((":", "：")) and is_beside and not labels.is_label(link)
        )
        if not is_label:
            return Spot("bold lead", link, without_signs(lead).strip(" .:：—–-"), before, after)
        before = "" if is_beside else before
    if labels.is_label(link):
        return _spot_of_label(block, link, text, before, after, labels)
    if not is_item and labels.kinds and before and kind_before(before) in labels.kinds:
        return Spot("title line", link, text, before, after)
    if (title := _title_by(block, text, before)) and AFTER_TITLE.match(after):
        return Spot("item" if is_item else "title line", link, title, before, after)
    if not is_item and BEHIND_DASH.search(before) and is_brief(text) and not re.search(r"\w", after):
        words = title_before(block, link)
        if count_words(words) >= WORDS_OF_TITLE:
            return Spot("closing", link, first_sentence(words), before, after)
    position = _position(block, text, before, after, _ends_line(block, link))
    if position == "sentence" and is_item:
        position = "sentence in item"
    return Spot(position, link, text, before, after)


def _usual_item(block: Block, leads_out: Callable[[Span], bool], labels: Labels) -> Spot | None:
    """Return the spot of a list item of one line that begins with its only link, as most do; None of others."""
    if block.kind != "item" or len(block.lines) != 1 or len(block.links) != 1:
        return None
    link, *rest = block.lines[0]
    if block.is_record_of(link) and leads_out(link):
        return Spot("item", link, plain((link,)), "", plain(tuple(rest)))
    if link.url is None or labels.is_label(link) or is_person(link) or not leads_out(link):
        return None
    return Spot("item", link, plain((link,)), "", plain(tuple(rest)))


def _first_link(spans: Sequence[Span], leads_out: Callable[[Span], bool], labels: Labels) -> int | None:
    """Return the place of the first outward link, of one with words of its own before others."""
    outward = [n for n, span in enumerate(spans) if span.url is not None and leads_out(span) and not is_person(span)]
    return next((n for n in outward if not labels.is_label(spans[n])), next(iter(outward), None))


def _without_project(block: Block) -> Block:
    """Drop a link to a project right before the mark that links to a page of it: `[project] [#901](…) what changed`."""
    line = block.lines[0] if block.lines else ()
    links = [n for n, span in enumerate(line) if span.url is not None][:2]
    if len(links) < 2 or not is_mark(line[links[1]].text):
        return block
    project, page = (line[n].url or "" for n in links)
    is_part = page.startswith(project.rstrip("/") + "/") and not re.search(r"\w", plain(line[links[0] + 1 : links[1]]))
    return replace(block, lines=(line[: links[0]] + line[links[1] :], *block.lines[1:])) if is_part else block


def _last_of_link(spans: Sequence[Span], first: int) -> int:
    """Return the end of a link that is cut by an image or a line break."""
    last = first
    for nth in range(first + 1, len(spans)):
        if spans[nth].url == spans[first].url:
            last = nth
        elif spans[nth].text.strip():
            break
    return last


def _ends_line(block: Block, link: Span) -> bool:
    """Does nothing follow the link in its line, while the block goes on?"""
    return any(line and line[-1] is link for line in block.lines[:-1])


def _position(block: Block, text: str, before: str, after: str, ends_line: bool) -> Position:
    is_item = block.kind == "item"
    if NUMBER_OR_TAG.fullmatch(before):
        reads_as_title = (
            is_item
            or ends_line
            or NUMBERED.match(before)
            or AFTER_TITLE.match(after)
            or len(text.split()) >= WORDS_OF_TITLE
            or is_name(after)
        )
        return ("item" if is_item else "title line") if reads_as_title else "sentence"
    if not is_item and AUTHOR_BEFORE.fullmatch(before) and QUOTE_ENDS.fullmatch(after):
        return "title line"
    return "sentence"


def _title_by(block: Block, text: str, before: str) -> str:
    """Return the title before the linked name of its author: `“Title” by [Jane Roe](…)`; without quotes in items."""
    found = TITLE_BY.fullmatch(before) if is_name(text) else None
    return found["title"].strip() if found and (found["open"] or block.kind == "item") else ""


def is_brief(text: str) -> bool:
    """Are the words of a link as few as those of an outlet: "Crowd Supply"?"""
    return 0 < len(text.split()) <= WORDS_OF_OUTLET


def is_name(text: str) -> bool:
    """Are the words a name alone: "Ann van Roe"?"""
    words = text.split()
    return 0 < len(words) <= WORDS_OF_NAME and all(w[0].isupper() for w in (words[0], words[-1])) and text[-1].isalpha()


def _spot_of_label(block: Block, link: Span, text: str, before: str, after: str, labels: Labels) -> Spot:
    """Find the title of a link whose own words are none: in another cell, in the words before it or beside it."""
    is_item = block.kind == "item"
    if title := cell_title(block):
        return Spot("item", link, title, before, after)
    words = title_before(block, link)
    is_reference = (
        is_mark(text) and not BACK_ISSUE.fullmatch(text) and (is_item or not after or _ends_line(block, link))
    )
    if words and (is_address(text) or is_reference):
        position: Position = "label" if label_key(words) in labels.links else "item" if is_item else "title line"
        return Spot(position, link, words, before, after)
    if is_address(text) and not words:
        return Spot("item" if is_item else "title line", link, title_below(block, link) or text, before, after)
    if is_mark(text) and (words := title_after(block, link)):
        return Spot("item" if is_item else "title line", link, words, before, after)
    if count_words(words) >= WORDS_BEFORE and _ends_entry(block, link, labels):
        return Spot("item" if is_item else "closing", link, first_sentence(words), before, after)
    if len(re.findall(r"\w+", before + " " + after)) < WORDS_BESIDE:
        return Spot("label", link, text, before, after)
    if NUMBER_OR_TAG.fullmatch(before) and is_item:
        return Spot("item", link, text, before, after)
    return Spot("sentence in item" if is_item else "sentence", link, text, before, after)


def _ends_entry(block: Block, link: Span, labels: Labels) -> bool:
    """Does nothing follow the link but others of its kind: "Headline (The Paper, The Post and The Mail)"?"""
    spans = [span for line in block.lines for span in line]
    rest = spans[spans.index(link) + 1 :]
    return all(
        labels.is_label(s)
        if s.url is not None
        else len(re.findall(r"\w+", s.text)) < WORDS_BESIDE and "@" not in s.text
        for s in rest
    ) and not re.search(r"\w", plain((rest[-1],)) if rest and rest[-1].url is None else "")


def is_lone_link(block: Block) -> bool:
    """Is the paragraph nothing but one link, spelt out or to read more?"""
    links = block.links
    if block.kind != "paragraph" or not links or len({link.url for link in links}) != 1:
        return False
    text = plain(tuple(links))
    return block.text.strip(" →»>›|[]()") == text.strip(" →»>›|[]()") and (is_address(text) or len(text) <= READ_MORE)


def reads_on(block: Block) -> bool:
    """Is it a lone link that leads on from what is above: an address or "Read the article"?"""
    return is_lone_link(block) and READ_ON.search(block.text) is not None


def split_title_lines(block: Block, labels: Labels) -> list[Block]:
    """Split a paragraph into lines if most begin with a link, or all with bold words, and all have a link.

    "comments" stays with the line above.
    """
    if block.kind != "paragraph" or len(block.lines) < 2:
        return [block]
    if all(_has_link(line) and (lead := bold_lead(line)) and not labels.is_lead_label(lead) for line in block.lines):
        return [Block(block.kind, block.line + nth, (line,), block.level) for nth, line in enumerate(block.lines)]
    first = [_leading_link(line) for line in block.lines]
    n_leading = sum(link is not None for link in first)
    if n_leading < LEADING_LINES * len(first) or n_leading < min(2, len(first)) or not all(map(_has_link, block.lines)):
        return [block]
    starts = [nth for nth, link in enumerate(first) if nth == 0 or link is None or not labels.is_label(link)]
    ends = [*starts[1:], len(block.lines)]
    return [
        Block(block.kind, block.line + start, block.lines[start:end], block.level)
        for start, end in zip(starts, ends, strict=True)
    ]


def _has_link(line: Line) -> bool:
    return any(span.url is not None for span in line)


def _leading_link(line: Line) -> Span | None:
    first = next((n for n, span in enumerate(line) if span.url is not None), None)
    if first is None or NUMBER_OR_TAG.fullmatch(plain(line[:first])) is None or is_address(line[first].text):
        return None
    return line[first]
