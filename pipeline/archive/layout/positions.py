"""Say where in a block its first outward link stands: leading it, after a bold lead, or inside a sentence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from pipeline.archive.blocks import Block, Span, count_words, is_address, plain
from pipeline.archive.layout.accounts import is_person
from pipeline.archive.layout.kinds import kind_before
from pipeline.archive.layout.labels import Labels, is_mark, label_key
from pipeline.archive.layout.leads import bold_lead
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
CITED = re.compile(r"(?:[,;]?\s*@[\w.-]+)*\)\W*")  # behind a link in brackets that ends an entry: "(#123, @account)"
BACK_ISSUE = re.compile(r"\W*#\s*\d+\W*")
BLANK = Span(" ")  # between lines
WORDS_OF_TITLE = 5  # a leading link with so many words is a title whatever follows
LONGEST_LABEL = 30  # characters of a bold lead with colon that is a label: "Podcast: [title](url)"
BEHIND_DASH = re.compile(r"\s[-–—|]\s*$")
WORDS_OF_OUTLET = 2
WORDS_OF_NAME = 4  # that follow a title and end its block
WORDS_BEFORE = 3  # words before the link that ends a list item from which they are its title
WORDS_BESIDE = 2  # words beside a link without words of its own from which these are the title


class Spot(NamedTuple):
    """A block's first outward link and where it stands."""

    position: Position
    link: Span
    title: str
    before: str
    after: str


class _Place(NamedTuple):
    """A block, its first outward link, and the words of the block that are the link's, before it and behind it."""

    block: Block
    link: Span
    text: str
    before: str
    after: str
    lead: str  # bold words that the block begins with, before the link

    @property
    def is_item(self) -> bool:
        return self.block.kind == "item"

    @property
    def ends_line(self) -> bool:
        """Whether nothing follows the link in its line, while the block goes on."""
        return any(line and line[-1] is self.link for line in self.block.lines[:-1])

    @property
    def is_first(self) -> bool:
        """Whether nothing stands before the link but a number, a tag or a sign."""
        return NUMBER_OR_TAG.fullmatch(self.before) is not None

    def spot(self, position: Position, title: str | None = None) -> Spot:
        return Spot(position, self.link, self.text if title is None else title, self.before, self.after)

    def leading(self, title: str | None = None) -> Spot:
        """Return the spot of a link whose entry begins with its title."""
        return self.spot("item" if self.is_item else "title line", title)

    def in_sentence(self) -> Spot:
        """Return the spot of a link within a sentence."""
        return self.spot("sentence in item" if self.is_item else "sentence")


def find_spot(block: Block, leads_out: Callable[[Span], bool], labels: Labels | None = None) -> Spot | None:
    """Find the first outward link of a block; None if it has none."""
    labels = labels or Labels()
    if usual := _usual_item(block, leads_out, labels):
        return usual
    place = _find_place(_without_project(block), leads_out, labels)
    if place is None:
        return None
    if place.lead:
        is_beside = len(place.lead) <= LONGEST_LABEL and bool(NUMBER_OR_TAG.fullmatch(place.before[len(place.lead) :]))
        if not _is_lead_label(place, is_beside, labels):
            return place.spot("bold lead", without_signs(place.lead).strip(" .:：—–-"))
        place = place._replace(before="") if is_beside else place
    if labels.is_label(place.link):
        return _spot_of_label(place, labels)
    if not place.is_item and labels.kinds and place.before and kind_before(place.before) in labels.kinds:
        return place.spot("title line")
    return _spot_of_author(place) or _spot_of_outlet(place) or _spot_of_title(place)


def _usual_item(block: Block, leads_out: Callable[[Span], bool], labels: Labels) -> Spot | None:
    """Return the spot of a list item of one line that begins with its only link, as most do; None of others."""
    if block.kind != "item" or len(block.lines) != 1 or len(block.links) != 1:
        return None
    link, *rest = block.lines[0]
    is_title = link.url is not None and not labels.is_label(link) and not is_person(link)
    if not (is_title or block.is_record_of(link)) or not leads_out(link):
        return None
    return Spot("item", link, plain((link,)), "", plain(tuple(rest)))


def _find_place(block: Block, leads_out: Callable[[Span], bool], labels: Labels) -> _Place | None:
    spans = [span for line in block.lines for span in (*line, BLANK)]
    first = _first_link(spans, leads_out, labels)
    if first is None:
        return None
    last = _last_of_link(spans, first)
    before, link, after = tuple(spans[:first]), tuple(spans[first : last + 1]), tuple(spans[last + 1 :])
    return _Place(block, link[0], plain(link), plain(before), plain(after), bold_lead(before))


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


def _is_lead_label(place: _Place, is_beside: bool, labels: Labels) -> bool:
    """Do the bold words name no story: "Why it matters", or "Podcast:" and "[Podcast]" right before the title?"""
    is_wordless = not re.search(r"[^\W\d_]", place.lead)  # a date
    is_named = (
        is_beside and not labels.is_label(place.link) and (is_wordless or place.lead.endswith((":", "：", "]", "】")))
    )
    return is_named or labels.is_lead_label(place.lead)


def _spot_of_author(place: _Place) -> Spot | None:
    """Find the title before the linked name of its author: `“Title” by [Jane Roe](…)`; without quotes in items."""
    found = TITLE_BY.fullmatch(place.before) if is_name(place.text) else None
    if found is None or not (found["open"] or place.is_item) or not AFTER_TITLE.match(place.after):
        return None
    return place.leading(found["title"].strip())


def _spot_of_outlet(place: _Place) -> Spot | None:
    """Find the title before the linked name of its outlet, which ends a paragraph: `Title – [The Paper](…)`."""
    if place.is_item or not BEHIND_DASH.search(place.before) or re.search(r"\w", place.after):
        return None
    words = title_before(place.block, place.link) if is_brief(place.text) else ""
    return place.spot("closing", first_sentence(words)) if count_words(words) >= WORDS_OF_TITLE else None


def _spot_of_title(place: _Place) -> Spot:
    """Say whether a link with words of its own is the title of its entry or stands in a sentence."""
    if place.is_first:
        is_title = (
            place.is_item
            or place.ends_line
            or NUMBERED.match(place.before)
            or AFTER_TITLE.match(place.after)
            or len(place.text.split()) >= WORDS_OF_TITLE
            or is_name(place.after)
        )
        return place.leading() if is_title else place.in_sentence()
    is_quoted = AUTHOR_BEFORE.fullmatch(place.before) and QUOTE_ENDS.fullmatch(place.after)
    return place.leading() if is_quoted and not place.is_item else place.in_sentence()


def is_brief(text: str) -> bool:
    """Are the words of a link as few as those of an outlet: "Crowd Supply"?"""
    return 0 < len(text.split()) <= WORDS_OF_OUTLET


def is_name(text: str) -> bool:
    """Are the words a name alone: "Ann van Roe"?"""
    words = text.split()
    return 0 < len(words) <= WORDS_OF_NAME and all(w[0].isupper() for w in (words[0], words[-1])) and text[-1].isalpha()


def _spot_of_label(place: _Place, labels: Labels) -> Spot:
    """Find the title of a link whose own words are none: in another cell, in the words before it or beside it."""
    block, link, text, before, after, _ = place
    if title := cell_title(block):
        return place.spot("item", title)
    words = title_before(block, link)
    may_end_title = is_mark(text) and not BACK_ISSUE.fullmatch(text)
    is_reference = may_end_title and (place.is_item or not after or place.ends_line)
    if words and (is_address(text) or is_reference):
        return place.spot("label", words) if label_key(words) in labels.links else place.leading(words)
    if is_address(text) and not words:
        return place.leading(title_below(block, link) or text)
    if is_mark(text) and (behind := title_after(block, link)):
        return place.leading(behind)
    is_cited = before.endswith("(") and CITED.fullmatch(after) is not None
    if count_words(words) >= WORDS_BEFORE and (is_cited or _ends_entry(block, link, labels)):
        return place.spot("item" if place.is_item else "closing", first_sentence(words))
    if len(re.findall(r"\w+", before + " " + after)) < WORDS_BESIDE:
        return place.spot("label")
    return place.spot("item") if place.is_item and place.is_first else place.in_sentence()


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
