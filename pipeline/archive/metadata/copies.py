"""Tell copies of one issue, as drafts and translations beside it, from issues that share furniture."""

from collections import Counter
from collections.abc import Sequence

from pipeline.archive.document import Document

SAME = 0.5  # share of the addresses of the shorter of two documents that both must have for one to be a copy
RARE = 3  # documents in which an address may stand, and be a story's rather than furniture


def originals(documents: Sequence[Document]) -> list[int]:
    """Return for each document the place of the first one that it is a copy of, or that is one of it, else its own."""
    linked = [{link.url for block in each.blocks for link in block.links if link.url} for each in documents]
    counts = Counter(url for urls in linked for url in urls)
    own = [{url for url in urls if counts[url] <= RARE} for urls in linked]
    first: dict[str, int] = {}
    found: list[int] = []
    for nth, urls in enumerate(own):
        shared = Counter(first.setdefault(url, nth) for url in urls)
        place, n = max(shared.items(), key=lambda item: (item[0] != nth, item[1]), default=(nth, 0))
        found.append(place if n >= SAME * min(len(urls), len(own[place])) else nth)
    return found
