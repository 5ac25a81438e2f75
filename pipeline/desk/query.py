"""The query string of the shortlist's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pipeline.core.errors import InputError
from pipeline.desk.listing import SORTS

ROWS = 60  # in the first page; its script loads more as they are needed
MAX_ROWS = 10_000
MAX_WORDS = 300  # characters
STATES = ("new", "picked", "later", "skipped", "ran")
AGES = {1: "a day", 3: "3 days", 7: "a week", 30: "a month"}  # offered as filters


@dataclass(frozen=True, slots=True)
class Query:
    """The page's query string, parsed."""

    state: str = "new"
    section: str | None = None
    source: str | None = None
    words: str = ""
    sort: str = "rank"
    minutes: int | None = None
    age: int | None = None  # days
    limit: int = ROWS
    at: str | None = None  # id of the story to show beside the list

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Query":
        """Read a query string. Raises InputError naming what is wrong."""
        state, sort = given.get("state") or "new", given.get("sort") or "rank"
        if state not in STATES or sort not in SORTS:
            raise InputError(f"state is one of {', '.join(STATES)}, sort one of {', '.join(SORTS)}")
        return cls(
            state,
            given.get("section") or None,
            given.get("source") or None,
            (given.get("q") or "").strip()[:MAX_WORDS],
            sort,
            _number(given, "minutes", 24 * 60),
            _number(given, "age", 3660),
            _number(given, "limit", MAX_ROWS) or ROWS,
            (given.get("at") or "")[:MAX_WORDS] or None,
        )

    def address(self, **changes: Any) -> str:
        """Return the page's address with some of it changed."""
        usual = Query()
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__slots__}
        given = {k: v for k, v in wanted.items() if v and v != getattr(usual, k)}
        if "words" in given:
            given["q"] = given.pop("words")
        return "/" + (f"?{urlencode(given)}" if given else "")

    def without(self, **changes: Any) -> str:
        """Return the address of the whole list under a changed filter: the first rows, the cursor on the best."""
        return self.address(limit=None, at=None, **changes)

    def since(self, now: datetime) -> datetime | None:
        """Return the earliest time of publication that is asked for."""
        return now - timedelta(days=self.age) if self.age else None

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter but the state is set."""
        return bool(self.section or self.source or self.words or self.minutes or self.age)


def _number(given: Mapping[str, str], name: str, most: int) -> int | None:
    text = given.get(name) or ""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
        raise InputError(f"{name} is a whole number from 1 to {most}, not {text[:20]!r}")
    return int(text)
