"""Give every entry of a feed an address of its own. Pure.

An article is known by its address (`url_key`), so two entries with one address would be one article. The rule:

1. An entry's address is its link. Where the link is the site's home page or missing, it is its guid, if that is a web
   address on its own page. So it is where the link is the home page of the guid's site.
2. Entries of one feed with one address are one story if they have the same mark, and each story gets a place on that
   page: the anchor of its link or guid, if no other has it, else `#/` and 8 hex digits of the mark's hash. So does a
   single entry whose page is the home page.
3. The mark is the guid, where it says more than the link and is not shared by entries with different titles; else
   the title and the link's fragment, and the date where these are equal and there is no guid.
4. An entry without title, text and address is left out and counted.

What shaped it: NixOS (99 entries link to one page and have no guid), Nixers (111 entries with one title, distinguished
by the fragment), Arts & Letters Daily (10 entries link to the home page), the BBC (guids link#0 and link#3 for one
story), feeds with one guid for all entries, changelogs, podcasts without links.

How a second night recognizes an entry is the store's half of the rule: `pipeline.store.articles`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pipeline.core.secret_urls import without_signature
from pipeline.core.urls import canonical_url, host_of, place_on_page, url_key
from pipeline.feeds.entry import Entry

BY_TITLE = "title|"  # begins a mark that is no guid


@dataclass(frozen=True, slots=True)
class _Located:
    entry: Entry
    page: str  # canonical
    is_shared: bool  # the page is no address of one story

    @property
    def fragment(self) -> str:
        return _split_fragment(self.entry.link or "")

    @property
    def anchor(self) -> str:
        guid = self.entry.guid or ""
        return self.fragment or (_split_fragment(guid) if url_key(canonical_url(guid)) == url_key(self.page) else "")


def locate(entries: Sequence[Entry], home: str | None, feed_url: str) -> tuple[list[tuple[Entry, str]], int]:
    """Return the entries with their addresses, in their order, and how many were left out.

    Parameters
    ----------
    home : str, optional
        The site's address as the feed gives it.
    feed_url : str
        Where the feed was served. Its query is in no address returned: it may hold a secret.
    """
    site = canonical_url(home or "")
    site = site if site and url_key(site) != url_key(feed_url) else without_query(feed_url)
    homes = {url_key(site), host_of(feed_url), host_of(site)}
    shared_guids = _shared_guids(entries)
    groups: dict[str, list[_Located]] = defaultdict(list)
    order: list[tuple[_Located, str]] = []
    n_left_out = 0
    for entry in entries:
        located = _locate(entry, site, homes)
        if located is None:
            n_left_out += 1
            continue
        groups[url_key(located.page)].append(located)
    for group in groups.values():
        order += _places(group, shared_guids)
    position = {id(entry): n for n, entry in enumerate(entries)}
    order.sort(key=lambda pair: position[id(pair[0].entry)])
    return [(located.entry, url) for located, url in order], n_left_out


def without_query(url: str) -> str:
    """Return the address without query, fragment and credentials."""
    return canonical_url(urlsplit(url)._replace(query="", fragment="").geturl())


def _locate(entry: Entry, site: str, homes: set[str]) -> _Located | None:
    link, guid = (canonical_url(without_signature(address or "")) for address in (entry.link, entry.guid))
    if not (link or guid or entry.title or entry.summary or entry.content):
        return None
    is_home = url_key(link) in homes or (url_key(link) == host_of(guid) and bool(link))
    if link and not is_home:
        return _Located(entry, link, False)
    if guid and url_key(guid) not in homes:
        return _Located(entry, guid, False)
    return _Located(entry, link or site, True)


def _shared_guids(entries: Sequence[Entry]) -> set[str]:
    titles: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.guid:
            titles[entry.guid].add(entry.title or entry.summary)
    return {guid for guid, of in titles.items() if len(of) > 1}


def _places(group: Sequence[_Located], shared_guids: set[str]) -> list[tuple[_Located, str]]:
    marks = [_mark(located, shared_guids) for located in group]
    dates: dict[str, set[object]] = defaultdict(set)
    for mark, located in zip(marks, group, strict=True):
        if not located.entry.guid:
            dates[mark].add(located.entry.published)
    stories: dict[str, _Located] = {}
    for mark, located in zip(marks, group, strict=True):
        if len(dates[mark]) > 1:
            mark += f"|{located.entry.published or ''}"
        stories.setdefault(mark, located)
    if len(stories) == 1 and not group[0].is_shared:
        return [(group[0], group[0].page)]
    anchors = Counter(located.anchor for located in stories.values())
    return [
        (located, place_on_page(located.page, mark, located.anchor if anchors[located.anchor] == 1 else ""))
        for mark, located in stories.items()
    ]


def _mark(located: _Located, shared_guids: set[str]) -> str:
    entry = located.entry
    guid = entry.guid or ""
    if guid and guid not in shared_guids and url_key(canonical_url(guid) or guid) != url_key(located.page):
        return guid
    return f"{BY_TITLE}{entry.title or entry.summary[:200] or entry.content[:200]}|{located.fragment}"


def _split_fragment(link: str) -> str:
    try:
        return urlsplit(link).fragment
    except ValueError:
        return ""
