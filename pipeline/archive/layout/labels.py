"""Learn the words that say nothing of one story: of links ("Read more", "comments"), of bold leads ("Why it matters").

They are found by recurrence in the archive, whatever the language: words that lead to many addresses name none of them.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.archive.blocks import Block, Line, Span, is_address, plain
from pipeline.archive.extraction import LONGEST_LINKED
from pipeline.core.urls import host_of, url_key

FEWEST = 3  # issues in which words must recur, or all where there are fewer
SHARE_OF_ISSUES = 0.1
ADDRESSES = range(4, 11)  # fewest addresses that words must lead to, in small and in large archives
ADDRESSES_PER_ISSUE = 0.35
ALONE = 0.5  # share of the places of some words that are all of an item or a heading, above which they are titles …
USUAL = 0.5  # … unless they stand in so many of the issues, as the answers of a poll do
LONGEST = 40  # characters
COUNTED = re.compile(r"^\d+(?= [^\W\d_]+$)")  # "14 comments"
PEOPLE = 3  # accounts in a row
WORD = re.compile(r"\w+")
VERSION = re.compile(r"\d+(?:\.\d+){2,3}")
LETTER = re.compile(r"[^\W\d_]")
ENDING = re.compile(r"[(\[（【]([^()\[\]（）【】]{2,30})[)\]）】]\s*$")
SHARE_OF_ENDINGS = 0.25  # of the issues in which titles end with the same words in brackets
SHARE_OF_TITLES = 0.04  # and of all titles; "(part 2)" is rare
ARROWS = "→➔➜⟶➝"
HANDLE = re.compile(r"@[\w.]+")
READ_ON = re.compile(
    r"://|\b(?:read|more|full|continue|article|story|link|lire|suite|weiter|mehr|leer|más|leggi|ler|mais|читать|далее)\b|"
    r"[→»›]|阅读|全文|続き|더 ?보기",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Labels:
    """Words that recur."""

    links: frozenset[str] = frozenset()
    leads: frozenset[str] = frozenset()  # bold words that begin paragraphs
    endings: frozenset[str] = frozenset()  # of titles, in brackets: "5 minute read"
    kinds: frozenset[str] = frozenset()  # before titles: "Residency: "

    def is_label(self, link: Span) -> bool:
        """Do the words of a link say nothing of where it leads?"""
        if is_mark(link.text):
            return True
        return bool(self.links) and _key_among(link.text, self._first_words) in self.links

    @cached_property
    def _first_words(self) -> frozenset[str]:
        return frozenset(map(_first_word, self.links))

    def is_lead_label(self, lead: str) -> bool:
        """Do the bold words at the beginning of a paragraph name no story?"""
        return label_key(lead) in self.leads

    def without_ending(self, title: str, url: str = "") -> str:
        """Drop from a title an arrow, and in brackets words that end many, "(5 minute read)", or its site."""
        title = _without_arrow(title) or title
        found = ENDING.search(title)
        rest = title[: found.start()].rstrip() if found else ""
        is_extra = found is not None and (ending_key(found[1]) in self.endings or _is_site(found[1], url))
        return rest if rest and is_extra else title


def is_mark(text: str) -> bool:
    """Is the text of a link a number, a sign or an address, without words? The number of a version is a name."""
    return is_address(text) or (not text[:1].isalpha() and LETTER.search(text) is None and not VERSION.fullmatch(text))


def is_person(link: Span) -> bool:
    """Does a link lead to somebody's account, named by its handle?"""
    return "@" in link.text[:2] and HANDLE.fullmatch(link.text.strip()) is not None


def is_list_of_people(block: Block) -> bool:
    """Is a block a row of accounts, each named as its address ends?"""
    links = block.links
    return len(links) >= PEOPLE and all(_is_account(link) for link in links)


def names_account(block: Block) -> bool:
    """Is a list item nothing but the name of somebody's account, as in a list of those who helped?"""
    links = block.links
    is_alone = block.kind == "item" and len(links) == 1 and links[0].text.strip() == block.text.strip()
    return is_alone and _is_account(links[0]) and "/" not in links[0].text


def _is_account(link: Span) -> bool:
    path = (link.url or "").partition("://")[2].partition("/")[2].strip("/")
    return path.lstrip("@").casefold() == link.text.strip(" @").casefold() != ""


@lru_cache(maxsize=1_000)  # asked for several times about one link
def label_key(text: str) -> str:
    """Return the words as they are compared: small letters, without marks, and with any count as the same."""
    words = text.casefold()
    is_plain = words.replace(" ", "").isalnum()  # as most are, and read in a third of the time
    words = " ".join(words.split() if is_plain else WORD.findall(words))
    return COUNTED.sub("0", words, count=1) if words[:1].isdigit() else words


def _key_among(text: str, first_words: Set[str]) -> str:
    """Return the key of short words that begin as some keys do; "" of others, for which it need not be made."""
    return label_key(text) if len(text) <= LONGEST and _first_word(text) in first_words else ""


def _first_word(text: str) -> str:
    """Return the first word of a text, which its key begins with too; any count is the same."""
    found = WORD.search(text.casefold())
    return "" if found is None else "0" if found[0][0].isdigit() else found[0]


def ending_key(words: str) -> str:
    """Return the words at the end of a title as they are compared: any number is the same."""
    return re.sub(r"\d+", "0", " ".join(words.casefold().split()))


def _is_site(words: str, url: str) -> bool:
    site = words.strip().casefold().removeprefix("www.")
    return "." in site and f".{host_of(url)}".endswith(f".{site}")


def _without_arrow(title: str) -> str:
    bare = title.rstrip()
    return bare.rstrip(ARROWS).rstrip() if bare[-1:] in ARROWS else title


def _endings(issues: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Find the words in brackets that end titles in many issues, and a good part of all titles."""
    counts: Counter[str] = Counter()
    in_issues: dict[str, set[int]] = {}
    titles: set[str] = set()
    for nth, blocks in enumerate(issues):
        for text in (_without_arrow(text) for block in blocks for text in _titles(block)):
            if text in titles:
                continue
            titles.add(text)
            if (found := ENDING.search(text)) and LETTER.search(found[1]):
                counts[ending_key(found[1])] += 1
                in_issues.setdefault(ending_key(found[1]), set()).add(nth)
    fewest = max(FEWEST, math.ceil(SHARE_OF_ENDINGS * len(issues)))
    often = {key for key, found in in_issues.items() if len(found) >= fewest}
    return frozenset(key for key in often if counts[key] >= SHARE_OF_TITLES * len(titles))


def _titles(block: Block) -> Iterator[str]:
    """Yield what may be a title: linked words, a heading, a line that a mark ends."""
    for above, line in zip(((), *block.lines), block.lines, strict=False):
        for link in line:
            if link is line[0] and above and is_address(link.text):
                yield plain(above)
            elif link.url and "://" in link.url:
                yield " ".join((leads_in(line, link, LONGEST_LINKED) if is_mark(link.text) else link.text).split())
    if block.kind == "heading" and not block.links:
        yield block.text


def learn_labels(issues: Sequence[Sequence[Block]], known: re.Pattern[str] | None = None) -> Labels:
    """Find the words of links that lead to many addresses, and the bold words that begin paragraphs in many issues.

    `known` are words of links that are labels however rare.
    """
    fewest = max(min(FEWEST, len(issues)), math.ceil(SHARE_OF_ISSUES * len(issues)))
    enough = min(max(ADDRESSES[0], math.ceil(ADDRESSES_PER_ISSUE * len(issues))), ADDRESSES[-1])
    short = [list(_short_links(blocks)) for blocks in issues]
    often = Counter(words for links in short for words, _ in links)
    addresses: dict[str, set[str]] = {}
    in_issues: dict[str, set[int]] = {}
    leads: dict[str, set[int]] = {}
    for nth, (blocks, found) in enumerate(zip(issues, short, strict=True)):
        for words, url in found:
            if often[words] >= enough:
                addresses.setdefault(words, set()).add(url_key(url))
                in_issues.setdefault(words, set()).add(nth)
        for lead in _leads(blocks):
            leads.setdefault(lead, set()).add(nth)
    links = {w for w, several in addresses.items() if len(several) >= enough and len(in_issues[w]) >= fewest}
    first_words = set(map(_first_word, links))
    alone = Counter(
        key for blocks in issues if links for block in blocks if (key := _lone_link(block, first_words)) in links
    )
    usual = max(FEWEST, math.ceil(USUAL * len(issues)))
    given = (link.text for blocks in issues for block in blocks for link in block.links if known is not None)
    return Labels(
        frozenset(w for w in links if alone[w] <= ALONE * often[w] or len(in_issues[w]) >= usual)
        | {label_key(text) for text in given if known and known.fullmatch(text)},
        frozenset(_often(leads, max(2, fewest))),
        _endings(issues),
    )


def _often(found: dict[str, set[int]], fewest: int) -> Iterable[str]:
    return (key for key, issues in found.items() if len(issues) >= fewest)


def _short_links(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """Yield the words of each link, of an address those before it, with the address."""
    for line in (line for block in blocks for line in block.lines):
        for link in line:
            if not link.url or "://" not in link.url:
                continue
            words = leads_in(line, link, LONGEST_LINKED) if is_address(link.text) else link.text
            if len(words) <= LONGEST and (key := label_key(words)):
                yield key, link.url


def _lone_link(block: Block, first_words: Set[str]) -> str:
    """Return the key of a link that is all of an item or a heading, and so the title of its entry; "" of others."""
    is_title = block.kind == "heading" or (block.kind == "item" and block.level == 1)
    is_alone = is_title and len(block.lines) == 1 == len(block.lines[0]) and bool(block.links)
    return _key_among(block.text, first_words) if is_alone else ""


def _leads(blocks: Sequence[Block]) -> Iterator[str]:
    for line in (line for block in blocks if block.kind in ("paragraph", "item") for line in block.lines):
        lead = bold_lead(line) if any(span.is_bold for span in line) else ""
        if 0 < len(lead) <= LONGEST:
            yield label_key(lead)


def bold_lead(line: Line) -> str:
    """Return the bold words that a line begins with, after a number or an emoji; "" where it does not."""
    lead = ""
    for span in line:
        if span.is_bold:
            lead += span.text
        elif span.text.strip() or lead.strip():
            if not lead.strip() and not re.search(r"[^\W\d_]", span.text):
                continue
            break
    return " ".join(lead.split()) if re.search(r"\w", lead) else ""


def leads_in(line: Line, link: Span, longest: float = math.inf) -> str:
    """Return the words before a link in its line: "Read more:"; "" where they have more characters than `longest`."""
    before: list[Span] = []
    n_characters = 0
    for span in line:
        if span is link:
            return plain(tuple(before))
        before.append(span)
        n_characters += len(span.text)
        if n_characters > longest:
            break
    return ""
