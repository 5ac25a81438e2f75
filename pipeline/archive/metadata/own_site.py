"""Find the newsletter's own site in what its issues say of themselves: links to it are no picks."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pipeline.archive.document import Document
from pipeline.core.urls import canonical_url, host_of, url_key

PAGE_KEYS = ("url", "canonical_url", "absolute_url")
IMAGE_KEYS = ("image", "cover", "cover_image", "og_image", "featured_image")
ALWAYS = 0.8  # share of the issues whose image must lie on one host for it to be the site's
FEWEST = 3
ADDRESSED = 0.3  # share of the links to a host that must lead to issues of the archive by their names
SLUG = re.compile(r"(?:\d{4}-\d\d-\d\d-|\d+\.)?([^\W_]+(?:[-_][^\W_]+)+)")  # two words at least, behind a day or an id


def find_own_hosts(documents: Sequence[Document]) -> list[frozenset[str]]:
    """Return for each issue the hosts that are the newsletter's: of its page, of the images and links of all issues."""
    images = Counter(host for document in documents for host in {_host(document, *IMAGE_KEYS)} if host)
    host, n = images.most_common(1)[0] if images else ("", 0)
    site = _site(host) if n >= max(FEWEST, ALWAYS * len(documents)) else frozenset()
    site |= _hosts_of_issues(documents)
    pages = [_host(document, *PAGE_KEYS) for document in documents]
    no_site = {""} | (_host_of_picks(documents) if any(pages) else set())
    return [frozenset({page} - no_site) | site for page in pages]


def _host_of_picks(documents: Sequence[Document]) -> set[str]:
    """Return the host to which most links lead that stand in one issue only: of a list's archive, or a platform."""
    named = {url_key(str(d.meta.get(key) or "")) for d in documents for key in PAGE_KEYS}
    issues_with = Counter(
        address
        for document in documents
        for address in {url_key(link.url) for block in document.blocks for link in block.links if link.url}
        if address not in named and address.rpartition("/")[0] not in named  # an issue's page, or its comments
    )
    hosts = Counter(address.partition("/")[0] for address, n in issues_with.items() if n == 1)
    return {host for host, n in hosts.most_common(1) if n > hosts.total() / 2}


def _hosts_of_issues(documents: Sequence[Document]) -> frozenset[str]:
    """Return the hosts whose pages are called as the issues are: cards of back issues and buttons lead there."""
    names = (str(n) for d in documents for n in (PurePosixPath(d.name).stem, d.meta.get("slug") or ""))
    slugs = {found[1] for name in names if (found := SLUG.fullmatch(name.casefold()))}
    pages: dict[str, Counter[str]] = {}
    for host, page in _pages(documents) if len(slugs) >= FEWEST else ():
        pages.setdefault(host, Counter())[page if page in slugs else ""] += 1
    return frozenset(
        host
        for host, counts in pages.items()
        if len(counts - Counter({"": counts[""]})) >= FEWEST and counts[""] <= (1 - ADDRESSED) * counts.total()
    )


def _pages(documents: Sequence[Document]) -> Iterator[tuple[str, str]]:
    """Yield host and last part of the path of each link."""
    for link in (link for document in documents for block in document.blocks for link in block.links):
        address = (link.url or "").casefold().partition("?")[0].partition("#")[0].rstrip("/")
        if address.count("/") > 2:
            yield host_of(address), address.rpartition("/")[2]


def _host(document: Document, *keys: str) -> str:
    return next((host for key in keys if (host := host_of(canonical_url(str(document.meta.get(key) or ""))))), "")


def _site(host: str) -> frozenset[str]:
    """Return a host of images and, if it is one of a site's, the site."""
    site = host.partition(".")[2]
    return frozenset({host, site, f"www.{site}"} if site.count(".") else {host})
