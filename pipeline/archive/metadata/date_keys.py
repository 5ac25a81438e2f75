"""Find which keys of front matter or of an export hold a date, and which the day of sending."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

Meta = Mapping[str, Any]
Kind = tuple[str, str]  # key and value
KIND_KEYS = ("type", "post_type", "status")
FEWEST = 3  # rows of the usual kind
TIME = "(?:date|day|time|at|on)"
PUBLISHED = r"(?:date|first)?(?:publish(?:ed)?|publication|pub|post(?:ed)?)"
SENT = r"(?:date|email|campaign)?(?:sent|send|sending|start(?:ed)?|scheduled?|due)"
SAVED = r"(?:date|time)?(?:creat(?:ed|ion)|added|saved|starred|bookmarked)"
DATE_KEYS = [  # the surest first, of a key in any spelling: publish_date, publishDate, date-published
    re.compile(rf"date|issue{TIME}"),
    re.compile(rf"{PUBLISHED}{TIME}?"),
    re.compile(rf"{SENT}{TIME}?"),
    re.compile(rf"{SAVED}{TIME}?|timestamp"),
]
START_DAY = re.compile("start(?:date|day)")  # of a period that an issue covers, if its end stands beside
MAILED = re.compile(rf"{SENT}{TIME}|.*subject(?:line)?")
SENDING = re.compile(rf"(?:{PUBLISHED}|{SENT}){TIME}")


def given_dates(meta: Meta) -> list[Any]:
    """Return the values of the keys that hold a date, the surest first."""
    keys = {_plain(key): value for key, value in meta.items() if value}
    keys |= {
        key: keys[end] for key in keys if START_DAY.fullmatch(key) and (end := key.replace("start", "end")) in keys
    }
    return [value for pattern in DATE_KEYS for key, value in keys.items() if pattern.fullmatch(key)]


def is_unsent(meta: Meta) -> bool:
    """Are there keys for the day of publication or sending, and is each of them empty?"""
    times = [value for key, value in meta.items() if SENDING.fullmatch(_plain(key))]
    return bool(times) and not any(times)


def kinds_never_sent(metas: Sequence[Meta]) -> set[Kind]:
    """Find what rows of an export are of which none was sent, where most of the most frequent kind were.

    A kind (Substack's `restack`) must have been mailed; a status (beehiiv's `archived`) may also have been published.

    Returns
    -------
    set of (key, value)
    """
    found: set[Kind] = set()
    for key in KIND_KEYS:
        sent: dict[str, list[bool]] = {}
        for meta in metas:
            if key in meta:
                sent.setdefault(str(meta[key]), []).append(_was_sent(meta, is_published_enough=key == "status"))
        usual = max(sent.values(), key=len, default=[])
        if len(usual) >= FEWEST and sum(usual) > len(usual) / 2:
            found |= {(key, value) for value, each in sent.items() if not any(each)}
    return found


def _was_sent(meta: Meta, *, is_published_enough: bool) -> bool:
    filled = [_plain(key) for key, value in meta.items() if value]
    return any(MAILED.fullmatch(key) or (is_published_enough and SENDING.fullmatch(key)) for key in filled)


@lru_cache(maxsize=1_000)  # the rows of an export have the same keys
def _plain(key: Any) -> str:
    return re.sub(r"[-_ ]", "", str(key)).lower()
