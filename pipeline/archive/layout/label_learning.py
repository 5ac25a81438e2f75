"""Learn from all issues of an archive the words that say nothing of one story: see `labels`."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set

from pipeline.archive.blocks import Block, is_address, plain
from pipeline.archive.extraction import LONGEST_LINKED
from pipeline.archive.layout.labels import (
    ENDING,
    LONGEST,
    Labels,
    ending_key,
    first_word,
    is_mark,
    key_among,
    label_key,
    without_arrow,
)
from pipeline.archive.layout.leads import bold_lead, leads_in
from pipeline.core.urls import url_key

FEWEST = 3  # issues in which words must recur, or all where there are fewer
SHARE_OF_ISSUES = 0.1
ADDRESSES = range(4, 11)  # fewest addresses that words must lead to, in small and in large archives
ADDRESSES_PER_ISSUE = 0.35
ALONE = 0.5  # share of the places of some words that are all of an item or a heading, above which they are titles …
USUAL = 0.5  # … unless they stand in so many of the issues, as the answers of a poll do
SHARE_OF_ENDINGS = 0.25  # of the issues in which titles end with the same words in brackets
SHARE_OF_TITLES = 0.04  # and of all titles; "(part 2)" is rare
LETTER = re.compile(r"[^\W\d_]")


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
    first_words = set(map(first_word, links))
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
    return key_among(block.text, first_words) if is_alone else ""


def _leads(blocks: Sequence[Block]) -> Iterator[str]:
    for line in (line for block in blocks if block.kind in ("paragraph", "item") for line in block.lines):
        lead = bold_lead(line) if any(span.is_bold for span in line) else ""
        if 0 < len(lead) <= LONGEST:
            yield label_key(lead)


def _endings(issues: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Find the words in brackets that end titles in many issues, and a good part of all titles."""
    counts: Counter[str] = Counter()
    in_issues: dict[str, set[int]] = {}
    titles: set[str] = set()
    for nth, blocks in enumerate(issues):
        for text in (without_arrow(text) for block in blocks for text in _titles(block)):
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
