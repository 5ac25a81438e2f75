"""Find which keys of front matter or of an export hold a date, and which the day of sending."""

import re
from collections.abc import Mapping
from typing import Any

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
SENDING = re.compile(rf"(?:{PUBLISHED}|{SENT}){TIME}")


def given_dates(meta: Mapping[str, Any]) -> list[Any]:
    """Return the values of the keys that hold a date, the surest first."""
    keys = {_plain(key): value for key, value in meta.items() if value}
    return [value for pattern in DATE_KEYS for key, value in keys.items() if pattern.fullmatch(key)]


def is_unsent(meta: Mapping[str, Any]) -> bool:
    """Are there keys for the day of publication or sending, and is each of them empty?"""
    times = [value for key, value in meta.items() if SENDING.fullmatch(_plain(key))]
    return bool(times) and not any(times)


def _plain(key: Any) -> str:
    return re.sub(r"[-_ ]", "", str(key)).lower()
