"""Choose the link of an entry whose title has none: the first below it, or the one that reads on at its end.

Which of the two leads to the stories is learned from the archive: an address often repeats words of its title.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.archive.blocks import Block, Line, Span, is_address, plain
from pipeline.archive.layout.labels import Labels
from pipeline.archive.layout.leads import leads_in
from pipeline.archive.layout.lone_links import READ_ON
from pipeline.core.urls import canonical_url, host_of

SHARED_WORDS = 0.4  # of the title's, from which an address is taken to be the title's
SHORTEST_WORD = 4
VARIED = 0.5  # hosts of closing links per entry above which they lead to different places
MARKS = re.compile(r"[\W\d_]*")
FIELD = re.compile(
    r"\W{0,9}(?:link|url|source|quelle|lien|enlace|fonte|ссылка|链接|リンク|링크)\W{0,9}[:：]\W{0,9}", re.IGNORECASE
)
LeadsOut = Callable[[Span, Block], bool]


@dataclass(frozen=True)
class EntryLinks:
    """The two links of an entry that may be its story's."""

    first: Span
    closing: Span | None = None  # the last, if it ends the entry with words that recur; the first behind "Link:"
    reads_on: bool = False  # the closing link's words, or those before it, say so
    stands_alone: bool = False  # the closing link is a paragraph of its own


@dataclass
class LinkChoice:
    """How often the first and the closing link's addresses repeat the words of the title."""

    first: int = 0
    closing: int = 0
    n_both: int = 0
    hosts: set[str] = field(default_factory=set)  # of the closing links

    def observe(self, title: str, links: EntryLinks) -> None:
        """Count an entry that has both."""
        if links.closing is not None and links.closing.url != links.first.url:
            self.n_both += 1
            self.first += shares_words(title, links.first.url or "")
            self.closing += shares_words(title, links.closing.url or "")
            self.hosts.add(host_of(canonical_url(links.closing.url or "")))

    def of(self, links: EntryLinks) -> Span:
        """Return the story's link."""
        if links.closing is None or self.first > self.closing:
            return links.first
        leads_elsewhere = len(self.hosts) > VARIED * self.n_both  # "comments" always lead to one place
        if self.closing > self.first or links.reads_on or (links.stands_alone and leads_elsewhere):
            return links.closing
        return links.first


def shares_words(title: str, url: str) -> bool:
    """Does an address repeat words of a title?"""
    wanted = set(_words(title))
    path = url.partition("://")[2].partition("/")[2]
    return bool(wanted) and len(wanted & set(_words(path))) >= SHARED_WORDS * len(wanted)


def _words(text: str) -> list[str]:
    plain_text = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return [word for word in re.findall(r"[a-z]+", plain_text) if len(word) >= SHORTEST_WORD]


def find_links(blocks: Sequence[Block], labels: Labels, leads_out: LeadsOut) -> EntryLinks | None:
    """Find the first outward link of an entry, and the last if it ends the entry with words that recur."""
    found = list(_outward(blocks, leads_out))
    if not found:
        return None
    block, line, rest, last = found[-1]
    first = found[0][-1]
    if FIELD.fullmatch(leads_in(found[0][1], first)):
        return EntryLinks(first, first)
    lead_in = leads_in(line, last)
    reads_on = READ_ON.search(last.text) is not None or READ_ON.search(lead_in) is not None
    are_alike = first is not last and first.text == last.text  # "LINK, LINK"
    is_closing = (MARKS.fullmatch(rest) and not is_address(first.text) and not are_alike) and (
        labels.is_label(last) or labels.is_lead_label(lead_in) or READ_ON.search(last.text)
    )
    if not is_closing:
        return EntryLinks(first)
    return EntryLinks(first, last, reads_on, MARKS.fullmatch(block.text.replace(last.text, "", 1)) is not None)


def _outward(blocks: Sequence[Block], leads_out: LeadsOut) -> Iterator[tuple[Block, Line, str, Span]]:
    """Yield each outward link with its block, its line and the words after it in the block."""
    for block in blocks:
        if block.kind == "quote":
            continue
        for nth, line in enumerate(block.lines):
            for at, span in enumerate(line):
                if span.url is not None and leads_out(span, block):
                    rest = " ".join([plain(line[at + 1 :]), *map(plain, block.lines[nth + 1 :])])
                    yield block, line, rest, span
