"""Find the newsletter's own site in what its issues say of themselves: links to it are no picks."""

from collections import Counter
from collections.abc import Sequence

from pipeline.archive.document import Document
from pipeline.core.urls import canonical_url, host_of

PAGE_KEYS = ("url", "canonical_url", "absolute_url")
IMAGE_KEYS = ("image", "cover", "cover_image", "og_image", "featured_image")
ALWAYS = 0.8  # share of the issues whose image must lie on one host for it to be the site's
FEWEST = 3


def find_own_hosts(documents: Sequence[Document]) -> list[frozenset[str]]:
    """Return for each issue the hosts that are the newsletter's: of its page, and of the images of all issues."""
    images = Counter(host for document in documents for host in {_host(document, *IMAGE_KEYS)} if host)
    host, n = images.most_common(1)[0] if images else ("", 0)
    site = _site(host) if n >= max(FEWEST, ALWAYS * len(documents)) else frozenset()
    return [frozenset({_host(document, *PAGE_KEYS)} - {""}) | site for document in documents]


def _host(document: Document, *keys: str) -> str:
    return next((host for key in keys if (host := host_of(canonical_url(str(document.meta.get(key) or ""))))), "")


def _site(host: str) -> frozenset[str]:
    """Return a host of images and, if it is one of a site's, the site."""
    site = host.partition(".")[2]
    return frozenset({host, site, f"www.{site}"} if site.count(".") else {host})
