"""Two things that feedparser changes in a feed and that must stay as written."""

from typing import Any

from feedparser.mixin import _FeedParserMixin
from feedparser.util import FeedParserDict


def apply() -> None:
    """Keep ids and authors as the feed wrote them.

    An id is never changed (RFC 4287, 4.2.6): joined to the site's address it would become another with it. An author is
    taken apart by a pattern that cuts addresses after four letters of ".example" or ".online".
    """
    _FeedParserMixin.can_be_relative_uri = _FeedParserMixin.can_be_relative_uri - {"id"}
    _FeedParserMixin._sync_author_detail = _sync_author_detail


def _sync_author_detail(self: Any, key: str = "author") -> None:
    context = self._get_context()
    detail = context.get(f"{key}s", [FeedParserDict()])[-1]
    if detail:
        context[key] = detail.get("name") or detail.get("email") or context.get(key)
    elif context.get(key):
        detail["name"] = context[key]
        context.setdefault(f"{key}_detail", detail)
