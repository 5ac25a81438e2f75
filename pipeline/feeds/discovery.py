"""Find the feeds that a web page links to. Pure."""

import re
from urllib.parse import urljoin

import lxml.html
from lxml.etree import LxmlError

from pipeline.core.urls import canonical_url

TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
# of a page that stands where a feed was, and leads to its new address
REFRESH = re.compile(r"\s*(?:\d{1,4}\s*)?[;,]\s*url\s*=\s*['\"]?([^'\"]{1,2000})", re.I)
FEED_PATH = re.compile(r"\b(?:feeds?|rss2?|atom|index\.xml|index\.rdf)\b", re.I)
# tried on a site whose page links to no feed
COMMON_PATHS = ("feed", "rss.xml", "atom.xml", "index.xml", "feed.xml", "rss", "feed/", "feed.json")


def feed_links(body: bytes, url: str) -> list[str]:
    """Return the addresses of the feeds that a page links to, the page's own first, comment feeds last."""
    try:
        page = lxml.html.document_fromstring(body[:2_000_000])
    except (LxmlError, ValueError):
        return []
    base = next(iter(page.xpath("//base/@href")), "")
    found = [
        canonical_url(_join(_join(url, base), link.get("href") or ""))
        for link in page.xpath("//link[@href]")
        if (link.get("type") or "").split(";")[0].strip().lower() in TYPES
        and "alternate" in (link.get("rel") or "").lower().split()
    ]
    found += [canonical_url(_join(_join(url, base), address)) for address in _refresh(page)]
    return sorted(dict.fromkeys(filter(None, found)), key=lambda address: "comment" in address)


def _refresh(page: lxml.html.HtmlElement) -> list[str]:
    contents = (meta.get("content") or "" for meta in page.xpath("//meta[@http-equiv]") if _is_refresh(meta))
    found = [refresh[1].strip() for refresh in map(REFRESH.match, contents) if refresh]
    return [address for address in found if FEED_PATH.search(address.partition("://")[2].partition("/")[2] or address)]


def _is_refresh(meta: lxml.html.HtmlElement) -> bool:
    return str(meta.get("http-equiv")).strip().lower() == "refresh"


def common_feed_urls(url: str) -> list[str]:
    """Return the addresses at which sites commonly serve a feed."""
    return [_join(url, "/" + place) for place in COMMON_PATHS]


def _join(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:
        return ""
