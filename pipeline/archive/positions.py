"""Say where in a block its first outward link stands: leading it, after a bold lead, or inside a sentence."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pipeline.archive.blocks import Block, Line, Span, is_address, plain

Position = Literal["heading", "below heading", "title line", "bold lead", "item", "sentence", "sentence in item"]
# before a leading link there is nothing but a number in any script, a tag, an emoji or an opening quote
NUMBER_OR_TAG = re.compile(
    r"[\W\d_]*(?:[\[【(（][^\])】）]{1,24}[\])】）][\W\d_]*)?(?:第?[一二三四五六七八九十百]{1,4}[、.．:：)）])?[\W\d_]*"
)
NUMBERED = re.compile(r"^\W*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.、．:：)）](?!\d)")  # not "6.7" of a version
# after a title line comes nothing, a byline or a new sentence; after the first words of a sentence the sentence goes on
AFTER_TITLE = re.compile(r"\s*(?:$|[-–—:：|,，(（.。!！?？;·•/\[]|by\b|von\b|par\b|por\b|di\b|от\b)", re.IGNORECASE)
WORDS_OF_TITLE = 5  # a leading link with so many words is a title whatever follows
READ_ON = re.compile(
    r"://|\b(?:read|more|full|continue|article|story|link|lire|suite|weiter|mehr|leer|más|leggi|ler|mais|читать|далее)\b|"
    r"[→»›]|阅读|全文|続き|더 ?보기",
    re.IGNORECASE,
)
READ_MORE = 40  # longest text, in characters, of a link that stands alone under a comment: "Read the article"
LONGEST_LABEL = 30  # characters of a bold lead that ends with a colon


@dataclass(frozen=True, slots=True)
class Spot:
    """A block's first outward link and where it stands."""

    position: Position
    link: Span
    title: str
    before: str
    after: str


def find_spot(block: Block, leads_out: Callable[[Span], bool]) -> Spot | None:
    """Find the first outward link of a block; None if it has none."""
    spans = [span for nth, line in enumerate(block.lines) for span in (*line, Span(" "))]
    first = next((n for n, span in enumerate(spans) if span.url is not None and leads_out(span)), None)
    if first is None:
        return None
    link = spans[first]
    last = first
    while last + 1 < len(spans) and spans[last + 1].url == link.url:
        last += 1  # a link cut by an image or a line break
    text = plain(tuple(spans[first : last + 1]))
    before, after = plain(tuple(spans[:first])), plain(tuple(spans[last + 1 :]))
    lead = _bold_lead(spans[:first])
    is_item = block.kind == "item"
    if lead and not lead.endswith((":", "：")):
        return Spot("bold lead", link, lead.strip(" .:：—–-"), before, after)
    if lead and NUMBER_OR_TAG.fullmatch(before[len(lead) :]) and len(lead) <= LONGEST_LABEL:
        before = ""  # a label: "Podcast: [title](url)"
    if is_address(text) and before.strip(" .-–—:："):
        return Spot("item" if is_item else "title line", link, _title_before(before, text), before, after)
    if NUMBER_OR_TAG.fullmatch(before):
        reads_as_title = (
            is_item or NUMBERED.match(before) or AFTER_TITLE.match(after) or len(text.split()) >= WORDS_OF_TITLE
        )
        position: Position = ("item" if is_item else "title line") if reads_as_title else "sentence"
        return Spot(position, link, text, before, after)
    if is_item:
        return Spot("sentence in item", link, text, before, after)
    return Spot("sentence", link, text, before, after)


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


def split_title_lines(block: Block) -> list[Block]:
    """Split a paragraph of which every line begins with a link into its lines."""
    if block.kind != "paragraph" or len(block.lines) < 2 or not all(map(_begins_with_link, block.lines)):
        return [block]
    return [Block(block.kind, block.line + nth, (line,), block.level) for nth, line in enumerate(block.lines)]


def _begins_with_link(line: Line) -> bool:
    first = next((n for n, span in enumerate(line) if span.url is not None), None)
    return (
        first is not None
        and NUMBER_OR_TAG.fullmatch(plain(line[:first])) is not None
        and not is_address(line[first].text)
    )


def _bold_lead(spans: list[Span]) -> str:
    """Return the bold words that a block begins with; "" where it does not, or where they are all there is."""
    lead = ""
    for span in spans:
        if span.is_bold:
            lead += span.text
        elif span.text.strip() or lead.strip():
            if not lead.strip() and not re.search(r"[^\W\d_]", span.text):
                continue  # a number or an emoji before it
            break
    return " ".join(lead.split()) if re.search(r"\w", lead) else ""


def _title_before(before: str, text: str) -> str:
    """Return the words before an address that is written out."""
    words = before.strip(" .-–—:：|<>([")
    return NUMBERED.sub("", words, count=1).strip() or text
