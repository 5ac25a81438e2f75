"""Learn from all issues together what repeats in them: footers, greetings, navigation. Repeated links are no picks."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from pipeline.archive.blocks import Block, Span
from pipeline.core.urls import url_key

FEWEST = 3  # issues in which an address or a text must occur
SHARE_OF_ISSUES = 0.1
SHARE_IN_ANY_WORDS = 0.5  # of the issues; an address that is worded differently may be news more than once
FEWEST_OF_ITEMS = 5
SHARE_OF_ITEMS = 0.8  # of the issues; a list item may be printed for months, as an event is
WORDS_BESIDE = 2
SEVERAL = 4  # spaces between the words beside an address from which these are compared alone
BACK_ISSUE = re.compile(
    r"(?:issue|edition|newsletter|weekly|digest|letter|ausgabe|numero)s?[-_/#]*\d{1,4}(?:\D[^/]*)?/?$", re.IGNORECASE
)
TRACKERS = re.compile(
    r"//(?:[\w-]+\.)*(?:github|gitlab|bitbucket|codeberg|atlassian)\.|/bugs?\b|bugzilla", re.IGNORECASE
)


@dataclass(frozen=True)
class Furniture:
    """Addresses and texts that recur."""

    addresses: frozenset[str] = frozenset()  # url_key
    texts: frozenset[str] = frozenset()
    constant_addresses: frozenset[str] = frozenset()  # in nearly all issues
    own_issues: frozenset[str] = frozenset()  # addresses of back issues, digits removed

    def has_text(self, block: Block) -> bool:
        """Do the words of the block recur? Those of an item may: an event is announced for weeks."""
        return block.kind != "item" and text_key(block) in self.texts

    def has_address(self, url: str, block: Block) -> bool:
        """Does the address recur, or lead to a back issue?"""
        if self.own_issues and _template(url) in self.own_issues:
            return True
        recurrent = self.constant_addresses if block.kind == "item" else self.addresses
        return bool(recurrent) and url_key(url) in recurrent

    def is_furniture(self, block: Block) -> bool:
        """Do the words or all addresses of the block recur?"""
        return self.has_text(block) or all(self.has_address(link.url or "", block) for link in block.links)


def learn_furniture(issues: Sequence[Sequence[Block]]) -> Furniture:
    """Count in how many issues each address and each text of a block with links occurs."""
    fewest = max(FEWEST, math.ceil(SHARE_OF_ISSUES * len(issues)))
    often = max(FEWEST, math.ceil(SHARE_IN_ANY_WORDS * len(issues)))
    constant = max(FEWEST_OF_ITEMS, math.ceil(SHARE_OF_ITEMS * len(issues)))
    addresses = recurring(_addresses(blocks) for blocks in issues)
    recurrent = {address for address, n in addresses.items() if n >= fewest}
    contexts: dict[str, set[str]] = {}
    for block in (block for blocks in issues for block in blocks):
        for address, context in _contexts(block, recurrent) if recurrent else ():
            contexts.setdefault(address, set()).add(context)
    texts = recurring(map(text_key, filter(_has_address, blocks)) for blocks in issues)
    templates = recurring(map(_template, _urls(blocks)) for blocks in issues)
    return Furniture(
        frozenset(a for a in recurrent if addresses[a] >= often or len(contexts[a]) <= addresses[a] / 2),
        frozenset(text for text, n in texts.items() if n >= fewest),
        frozenset(a for a in recurrent if addresses[a] >= constant),
        frozenset(template for template, n in templates.items() if n >= 2),
    )


def _urls(blocks: Sequence[Block]) -> Iterator[str]:
    return (link.url for block in blocks for link in block.links if link.url and "://" in link.url)


def _addresses(blocks: Sequence[Block]) -> Iterator[str]:
    return map(url_key, _urls(blocks))


def _has_address(block: Block) -> bool:
    return any(link.url and "://" in link.url for link in block.links)


def _contexts(block: Block, addresses: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield each of some linked addresses with the words beside it: furniture is worded alike, names are not."""
    spans = [span for line in block.lines for span in line]
    for nth, span in enumerate(spans):
        if span.url and "://" in span.url and (address := url_key(span.url)) in addresses:
            before = spans[nth - 1].text.split()[-WORDS_BESIDE:] if nth else []
            after = spans[nth + 1].text.split()[:WORDS_BESIDE] if nth + 1 < len(spans) else []
            yield address, _words(" ".join([*before, span.text, *after]))


def _template(url: str) -> str:
    """Return the address of a back issue without its digits; "" of any other address."""
    if not BACK_ISSUE.search(url) or TRACKERS.search(url):
        return ""
    return re.sub(r"\d+", "0", url_key(url))


def text_key(block: Block) -> str:
    """Return the words of a block as they are compared between issues; if there are several, without addresses."""
    if any(span.is_bare for line in block.lines for span in line):
        spans = [span for line in block.lines for span in (*line, Span(" "))]
        words = _words("".join(span.text for span in spans if not span.is_bare))
        if words.count(" ") >= SEVERAL:
            return words
    return _words(block.text)


def _words(text: str) -> str:
    return " ".join(text.casefold().split())


def recurring(keys_of_issues: Iterable[Iterable[str]]) -> Counter[str]:
    """Count in how many issues each key occurs."""
    counts: Counter[str] = Counter()
    for keys in keys_of_issues:
        counts.update({key for key in keys if key})
    return counts
