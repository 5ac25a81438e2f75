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
    r"(?:issue|edition|newsletter|weekly|digest|letter|ausgabe|numero)s?[-_/#]*\d{1,4}(?:\D[^/]*)?/?$"
)
NUMBER_AT_END = re.compile(r"/(\d{1,4})/?$")  # of an address, with which its words begin too: "8: Tides"
FILE = re.compile(r"\.(?:mp3|m4a|ogg|opus|mp4|pdf|epub)(?:[?#]|$)", re.IGNORECASE)
# reports of bugs are numbered issues too, but not the files of a repository
TRACKERS = re.compile(
    r"//(?:[\w-]+\.)*(?:github|gitlab|bitbucket|codeberg|atlassian)\.(?!io/)(?!.*/(?:blob|src|raw)/)|/bugs?\b|bugzilla",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Furniture:
    """Addresses, as the issues write them, and texts that recur."""

    addresses: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    constant_addresses: frozenset[str] = frozenset()  # in nearly all issues
    own_issues: frozenset[str] = frozenset()  # addresses of back issues

    def has_text(self, block: Block) -> bool:
        """Do the words of the block recur? Those of an item may: an event is announced for weeks."""
        return block.kind != "item" and text_key(block) in self.texts

    def has_address(self, url: str, block: Block) -> bool:
        """Does the address recur, or lead to a back issue?"""
        return url in self.own_issues or url in (self.constant_addresses if block.kind == "item" else self.addresses)

    def is_furniture(self, block: Block) -> bool:
        """Do the words or all addresses of the block recur?"""
        return self.has_text(block) or all(self.has_address(link.url or "", block) for link in block.links)


def learn_furniture(issues: Sequence[Sequence[Block]]) -> Furniture:
    """Count in how many issues each address and each text of a block with links occurs."""
    fewest = max(FEWEST, math.ceil(SHARE_OF_ISSUES * len(issues)))
    often = max(FEWEST, math.ceil(SHARE_IN_ANY_WORDS * len(issues)))
    constant = max(FEWEST_OF_ITEMS, math.ceil(SHARE_OF_ITEMS * len(issues)))
    keys = [list(map(_place_key, _urls(blocks))) for blocks in issues]
    counts = recurring(keys)
    written: dict[str, str] = {}  # address as it is written → its key, of those that recur
    for blocks, of_issue in zip(issues, keys, strict=True):
        written.update((url, key) for url, key in zip(_urls(blocks), of_issue, strict=True) if counts[key] >= fewest)
    contexts: dict[str, set[str]] = {}
    for block in (block for blocks in issues for block in blocks) if written else ():
        for url, context in _contexts(block, written.keys()):
            contexts.setdefault(written[url], set()).add(context)
    texts = recurring(map(text_key, filter(_may_recur, blocks)) for blocks in issues)
    return Furniture(
        frozenset(u for u, key in written.items() if counts[key] >= often or len(contexts[key]) <= counts[key] / 2)
        | _own_files(issues, often),
        frozenset(text for text, n in texts.items() if n >= fewest),
        frozenset(url for url, key in written.items() if counts[key] >= constant),
        _own_issues(issues),
    )


def _own_issues(issues: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Return the addresses that differ in digits alone from those of other issues, and name an issue."""
    templates = [
        {link.url: found for block in blocks for link in block.links if link.url and (found := _template(link))}
        for blocks in issues
    ]
    counts = recurring(found.values() for found in templates)
    return frozenset(url for found in templates for url, template in found.items() if counts[template] >= 2)


def _own_files(issues: Sequence[Sequence[Block]], often: int) -> frozenset[str]:
    """Return the addresses of the issues' own recordings or printed versions, which differ in digits alone."""
    files = [{url: re.sub(r"\d+", "0", url) for url in _urls(blocks) if FILE.search(url)} for blocks in issues]
    counts = recurring(found.values() for found in files)
    return frozenset(url for found in files for url, template in found.items() if counts[template] >= often)


def _place_key(url: str) -> str:
    """Return the key of an address with its place on the page: a list of releases has another entry in each issue."""
    return url_key(url) + (f"#{place}" if (place := url.partition("#")[2]) else "")


def _urls(blocks: Sequence[Block]) -> Iterator[str]:
    return (link.url for block in blocks for link in block.links if link.url and "://" in link.url)


def _may_recur(block: Block) -> bool:
    return block.kind != "item" and any(link.url and "://" in link.url for link in block.links)


def _contexts(block: Block, addresses: Set[str]) -> Iterator[tuple[str, str]]:
    """Yield each of some linked addresses with the words beside it: furniture is worded alike, names are not."""
    if not any(link.url in addresses for link in block.links):
        return
    spans = [span for line in block.lines for span in line]
    for nth, span in enumerate(spans):
        if span.url and span.url in addresses:
            before = spans[nth - 1].text.split()[-WORDS_BESIDE:] if nth else []
            after = spans[nth + 1].text.split()[:WORDS_BESIDE] if nth + 1 < len(spans) else []
            yield span.url, _words(" ".join([*before, span.text, *after]))


def _template(link: Span) -> str:
    """Return the address of a back issue without its digits; "" of any other address."""
    url = link.url or ""
    number = NUMBER_AT_END.search(url)
    is_numbered = number and re.match(rf"\W*{number[1]}\s*[:：.、–-]\s*[^\W\d]", link.text)
    if not (is_numbered or BACK_ISSUE.search(url.lower())) or TRACKERS.search(url) or "://" not in url:
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
