"""View models and template filters: what the shortlist's page shows, safe links, ages, percentages."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined

from models.remaining_picks import Remaining, remaining
from pipeline.core.errors import InputError
from pipeline.core.urls import canonical_url
from pipeline.desk import listing
from pipeline.desk.session import Desk
from pipeline.store import shortlist as stored
from pipeline.store.shortlist import Story

ROWS = 100  # per page
MAX_ROWS = 10_000
STATES = ("new", "picked", "later", "skipped", "ran")
CLOSE = 0.6  # below this probability of the best section, the second is shown too
KEPT = "\n\t\u200c\u200d"  # with the zero-width joiners, which Persian and emoji need
MAX_CHARS = 300  # characters of a title or a name that are shown


@dataclass(frozen=True, slots=True)
class Query:
    """The page's query string, parsed."""

    state: str = "new"
    section: str | None = None
    source: str | None = None
    words: str = ""
    sort: str = "rank"
    minutes: int | None = None
    limit: int = ROWS
    at: str | None = None  # id of the story to show beside the list

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Query":
        """Read a query string. Raises InputError naming what is wrong."""
        state, sort = given.get("state") or "new", given.get("sort") or "rank"
        if state not in STATES or sort not in listing.SORTS:
            raise InputError(f"state is one of {', '.join(STATES)}, sort one of {', '.join(listing.SORTS)}")
        return cls(
            state,
            given.get("section") or None,
            given.get("source") or None,
            (given.get("q") or "").strip()[:MAX_CHARS],
            sort,
            _number(given, "minutes", 24 * 60),
            _number(given, "limit", MAX_ROWS) or ROWS,
            (given.get("at") or "")[:MAX_CHARS] or None,
        )

    def address(self, **changes: Any) -> str:
        """Return the page's address with some of it changed."""
        usual = Query()
        wanted = {name: changes.get(name, getattr(self, name)) for name in self.__slots__}
        given = {k: v for k, v in wanted.items() if v and v != getattr(usual, k)}
        if "words" in given:
            given["q"] = given.pop("words")
        return "/" + (f"?{urlencode(given)}" if given else "")


@dataclass(frozen=True, slots=True)
class Column:
    """A section of the next issue: its picks and its usual number of them."""

    key: str
    name: str
    hue: int
    quota: int
    picked: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class View:
    """The content of the shortlist's page."""

    query: Query
    rows: list[Story]
    members: Mapping[str, list[Story]]  # by id of an entry's first story: the others
    found: int  # number of rows that match the query, shown or not
    counts: Mapping[str, int]  # stories in each state
    columns: list[Column]
    left: Remaining


def view(desk: Desk, query: Query) -> View:
    """Build the content of the shortlist's page."""
    everything = desk.stories()
    rows = ran_before(desk) if query.state == "ran" else everything
    chosen = listing.choose(rows, query.section, query.state, query.source, query.words, query.sort)
    heads, members = entries(chosen, everything)
    if query.minutes:
        heads = listing.within(heads, query.minutes)
    counts = {state: sum(story.state == state for story in everything) for state in STATES}
    undecided = [story.relevance for story in everything if story.state == "new" and story.relevance is not None]
    return View(
        query, heads[: query.limit], members, len(heads), counts, columns(desk, everything), remaining(undecided)
    )


def current_story(shown: View) -> tuple[Story | None, str | None]:
    """Return the story to show beside the list, and the id of the next one."""
    at = next((n for n, story in enumerate(shown.rows) if story.id == shown.query.at), 0)
    ids = [story.id for story in shown.rows[at : at + 2]]
    return (shown.rows[at] if ids else None), (ids[1] if len(ids) == 2 else None)


def entries(chosen: Sequence[Story], everything: Sequence[Story]) -> tuple[list[Story], dict[str, list[Story]]]:
    """Fold the stories of one entry into one row, under its first."""
    there = {story.id for story in everything}
    members = defaultdict(list)
    for story in everything:
        if story.entry in there:
            members[story.entry or ""].append(story)
    return [story for story in chosen if story.entry not in there], members


def columns(desk: Desk, everything: Sequence[Story]) -> list[Column]:
    """Return each section with its picks and its usual number of them."""
    made = {
        section.key: Column(section.key, section.name, n % 12, desk.quotas.get(section.key, 0))
        for n, section in enumerate(desk.workspace.newsletter.sections)
    }
    for story in everything:
        if story.state == "picked" and story.section in made:
            made[story.section].picked.append(story)
    return list(made.values())


def ran_before(desk: Desk) -> list[Story]:
    """Return the candidates that an earlier issue published."""
    with desk.workspace.database.reading() as connection:
        return stored.ran_before(connection)


def templates(desk: Desk) -> Environment:
    """Return the template environment with its filters. All values are escaped."""
    environment = Environment(
        loader=PackageLoader("pipeline.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    filters: dict[str, Callable[..., Any]] = {
        "age": lambda story: listing.age(story, desk.as_of.time),
        "clip": clip,
        "link": canonical_url,  # "" for all but http and https, which become no link
        "minutes": lambda story: (m := listing.reading_minutes(story)) and ceil(m),
        "percent": lambda p: f"{p:.0%}",
        "second": second_section,
    }
    environment.filters.update(filters)
    return environment


def clip(text: str | None, longest: int = MAX_CHARS) -> str:
    """Shorten a text, and remove control characters such as those that change the text's direction."""
    text = "".join(c for c in (text or "")[: longest + 50] if c.isprintable() or c in KEPT)
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def second_section(story: Story) -> tuple[str, float] | None:
    """Return the second most probable section if it is close to the first."""
    others = [(p, key) for key, p in story.sections.items() if key != story.section]
    if not others or story.section_probability is None or story.section_probability >= CLOSE:
        return None
    p, key = max(others)
    return (key, p) if p >= 0.15 else None


def _number(given: Mapping[str, str], name: str, most: int) -> int | None:
    text = given.get(name) or ""
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
        raise InputError(f"{name} is a whole number from 1 to {most}, not {text[:20]!r}")
    return int(text)
