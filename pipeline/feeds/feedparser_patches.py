"""Make feedparser keep what a feed wrote, read what it leaves out, and join no address twice."""

from functools import lru_cache, partialmethod
from typing import Any

import feedparser
from feedparser import mixin
from feedparser.mixin import _FeedParserMixin
from feedparser.parsers.loose import _LooseFeedParser
from feedparser.parsers.strict import _StrictFeedParser
from feedparser.util import FeedParserDict

from pipeline.core.urls import PLAIN
from pipeline.feeds import feedparser_dicts
from pipeline.feeds.references import escape_bare

push_content, pop_content = _FeedParserMixin.push_content, _FeedParserMixin.pop_content
resolve_uri, start_link = _FeedParserMixin.resolve_uri, _FeedParserMixin._start_link
ENTRIES = frozenset({"item", "entry", "source"})  # feedparser keeps what a source says apart
OF_AN_ENTRY = frozenset({
    "title", "link", "guid", "id", "description", "summary", "content", "pubdate", "published", "updated", "issued",
    "modified", "created",
})  # fmt: skip
# what feedparser itself keeps of an entry, as lists and dictionaries
ITS_OWN = ("links", "authors", "contributors", "tags", "author_detail", "contributor_detail", "publisher_detail")


def apply() -> None:
    """Keep ids, authors and texts as the feed wrote them, and read an XHTML div of an item as its content.

    An id is never changed (RFC 4287, 4.2.6): joined to the site's address it would become another with it. An author is
    taken apart by a pattern that cuts addresses after four letters of ".example" or ".online".
    An element in a text that has the name of a feed's element (HTML's summary, source, title, body) ends the text, and
    the description of an item's picture is read as a second description of the item. So is what an entry says of
    others: elements within one of another vocabulary (activity:object, a list of related articles) are that one's, and
    a title or a link within a picture or a person.
    An element with the name of one of feedparser's own lists (links, authors) would take that list's place.
    An ampersand that begins no entity is text: of "Q&A" the lenient parser makes "Q&A;".
    The link of an RSS item is its own, whichever atom:link stands behind it.
    """
    _FeedParserMixin.can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}
    _FeedParserMixin._sync_author_detail = _sync_author_detail
    _FeedParserMixin.content_depth = 0  # of the element that holds the text being read
    _FeedParserMixin.content_name = ""  # "div" or "body", where that element is one
    _FeedParserMixin.push_content = _push_content
    _FeedParserMixin.pop_content = _pop_content
    _FeedParserMixin.resolve_uri = _resolve_uri
    _FeedParserMixin._start_link = _start_link
    _StrictFeedParser.unknown_starttag = _start_tag  # in the lenient parser an element may never end
    _StrictFeedParser.unknown_endtag = _end_tag
    _LooseFeedParser.feed = _feed
    _LooseFeedParser.unknown_starttag = _start_tag_leniently
    _LooseFeedParser.unknown_endtag = _end_tag_leniently
    for name in ("div", "body"):
        for prefix in ("", "xhtml_"):
            setattr(_FeedParserMixin, f"_start_{prefix}{name}", partialmethod(_start_div, name))
            setattr(_FeedParserMixin, f"_end_{prefix}{name}", partialmethod(_end_div, name))
    for name in ITS_OWN:
        setattr(_FeedParserMixin, f"_start_{name}", partialmethod(_start_own, name))
        setattr(_FeedParserMixin, f"_end_{name}", partialmethod(_end_own, name))
    _FeedParserMixin.namespaces |= {
        "http://www.google.com/schemas/play-podcasts/1.0": "itunes",  # of the same names
        "http://purl.org/dc/elements/1.0/": "dc",
    }
    for name in ("creator", "date", "title", "description"):  # DCMI terms include the elements of Dublin Core
        for side in ("start", "end"):
            setattr(_FeedParserMixin, f"_{side}_dcterms_{name}", getattr(_FeedParserMixin, f"_{side}_dc_{name}"))
    _FeedParserMixin._start_itunes_description = _FeedParserMixin._start_itunes_summary
    _FeedParserMixin._end_itunes_description = _FeedParserMixin._end_itunes_summary
    _FeedParserMixin._start_media_description = _start_media_description
    _FeedParserMixin._end_media_description = _end_media_description
    feedparser.api.PREFERRED_XML_PARSERS[:] = ["pipeline.feeds.expat_driver"]
    mixin.make_safe_absolute_uri = lru_cache(mixin.make_safe_absolute_uri)  # the base of every element, mostly the same
    mixin._cp1252 = feedparser_dicts.Translation(mixin._cp1252)
    feedparser_dicts.apply()


def _sync_author_detail(self: Any, key: str = "author") -> None:
    context = self._get_context()
    detail = context.get(f"{key}s", [FeedParserDict()])[-1]
    if detail:
        context[key] = detail.get("name") or detail.get("email") or context.get(key)
    elif context.get(key):
        detail["name"] = context[key]
        context.setdefault(f"{key}_detail", detail)


def _resolve_uri(self: Any, uri: str) -> Any:
    return uri if PLAIN.fullmatch(uri) else resolve_uri(self, uri)


def _start_link(self: Any, attributes: dict[str, str]) -> None:
    context = self._get_context()
    own = context.get("link") if context.get("has_own_link") else None
    start_link(self, attributes)
    if own:
        context["link"] = own
    elif "href" not in attributes:  # it stands in the text that follows
        context["has_own_link"] = True


def _push_content(self: Any, *given: Any) -> None:
    self.content_depth, self.content_name = self.depth, ""
    push_content(self, *given)


def _pop_content(self: Any, tag: str) -> Any:
    """Count no text as ended that has not begun: after a stray end tag the next text would be none."""
    value = pop_content(self, tag)
    self.incontent = max(self.incontent, 0)
    return value


def _feed(self: Any, data: str) -> None:
    super(_LooseFeedParser, self).feed(escape_bare(data))


def _start_tag_leniently(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
    _end_open_text(self, tag)
    _FeedParserMixin.unknown_starttag(self, tag, attributes)


def _end_tag_leniently(self: Any, tag: str) -> None:
    _end_open_text(self, tag)
    _FeedParserMixin.unknown_endtag(self, tag)


def _end_open_text(self: Any, tag: str) -> None:
    """End a text that lacks its end tag where its entry ends, or it would take the next one along."""
    if self.incontent and tag.rpartition(":")[2] in ("item", "entry"):
        _FeedParserMixin.unknown_endtag(self, self.elementstack[-1][0])
        self.incontent = 0


def _start_tag(self: Any, tag: str, attributes: list[tuple[str, str]]) -> None:
    """Give an element without a prefix, within one of another vocabulary or of another thing, a prefix of that."""
    if not self.depth:
        self.open_tags = []
    if self.inentry and not self.incontent and ":" not in tag:
        parent = self.open_tags[-1]
        if ":" in parent or (tag in OF_AN_ENTRY and parent not in ENTRIES):
            tag = f"{parent.partition(':')[0]}:{tag}"
    self.open_tags.append(tag)
    _FeedParserMixin.unknown_starttag(self, tag, attributes)


def _end_tag(self: Any, _: str) -> None:
    """Take the end of an element within a text as text."""
    tag = self.open_tags.pop()
    if not (self.incontent and self.depth > self.content_depth):
        _FeedParserMixin.unknown_endtag(self, tag)
        return
    if self.contentparams.get("type") == "application/xhtml+xml":
        self.handle_data(f"</{tag.rpartition(':')[2]}>", escape=0)
    self.svgOK = 0  # it would keep the feed's own elements after an image from being read
    self.basestack.pop()
    self.langstack.pop()
    self.baseuri, self.lang = self.basestack[-1] or self.baseuri, self.langstack[-1]
    self.depth -= 1


def _start_div(self: Any, name: str, attributes: dict[str, str]) -> None:
    if self.inentry and not self.incontent:
        self.push_content("content", attributes, "application/xhtml+xml", 1)
        self.content_name = name
    else:
        self.push("div", 1)


def _start_own(self: Any, name: str, _: dict[str, str]) -> None:
    self.push(f"{name}_element", 1)


def _end_own(self: Any, name: str) -> None:
    self.pop(f"{name}_element")


def _start_media_description(self: Any, attributes: dict[str, str]) -> None:
    self.push_content("media_description", attributes, "text/plain", 1)


def _end_media_description(self: Any) -> None:
    self.pop_content("media_description")


def _end_div(self: Any, name: str) -> None:
    """End the text that a div or body began; in the lenient parser a stray end tag stands in any text."""
    if self.incontent and self.content_name == name and (name == "body" or self.depth <= self.content_depth):
        self._end_content()
    else:
        self.pop("div")
