"""What the shortlist's page shows: its rows, counts, filters, and what is left to read."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.remaining_picks import Remaining, remaining
from pipeline.core.errors import NotFoundError
from pipeline.desk import listing
from pipeline.desk.bulk import Tail, tail_of
from pipeline.desk.query import STATES, Query
from pipeline.desk.session import Desk
from pipeline.store import shortlist as stored
from pipeline.store.shortlist import Story

SOURCES = 12  # offered as filters: those with most stories


@dataclass(frozen=True, slots=True)
class Column:
    """A section of the next issue: its picks and its usual number of them."""

    key: str
    name: str
    hue: int
    quota: int
    picked: list[Story] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Facets:
    """How many stories in the state shown each section and source has; the most frequent first."""

    sections: Mapping[str, int]
    sources: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class View:
    """The content of the shortlist's page."""

    query: Query
    rows: list[Story]
    members: Mapping[str, list[Story]]  # by id of an entry's first story: the others
    found: int  # number of rows that match the query, shown or not
    counts: Mapping[str, int]  # stories in each state
    facets: Facets
    columns: list[Column]
    left: Remaining | None  # with `tail`, None where the probabilities are not calibrated
    tail: Tail | None


def view(desk: Desk, query: Query) -> View:
    """Build the content of the shortlist's page."""
    everything = desk.stories()
    rows = [*everything, *(ran_before(desk) if query.state == "ran" else ())]
    since = query.since(desk.as_of.time)
    chosen = listing.choose(rows, query.section, query.state, query.source, query.words, query.sort, since)
    heads, members = entries(chosen, everything)
    if query.minutes:
        heads = listing.within(heads, query.minutes)
    counts = {state: sum(story.state == state for story in everything) for state in STATES}
    undecided = [story.relevance for story in everything if story.state == "new" and story.relevance is not None]
    return View(
        query, heads[: query.limit], members, len(heads), counts, facets(rows, query.state), columns(desk, everything),
        remaining(undecided) if desk.is_calibrated else None, tail_of(everything) if desk.is_calibrated else None,
    )  # fmt: skip


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


def facets(stories: Sequence[Story], state: str) -> Facets:
    """Count the stories of a state by section and by source."""
    there = [story for story in stories if story.state == state]
    sources = Counter(story.source for story in there)
    return Facets(Counter(story.section for story in there if story.section), sources.most_common(SOURCES))


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


def ran_before(desk: Desk, id: str | None = None) -> list[Story]:
    """Return what the last night left out because an earlier issue published it; with `id` only that one.

    What an issue published since that night is among the desk's stories, in the state "ran".
    """
    with desk.workspace.database.reading() as connection:
        return stored.ran_before(connection, id)


def story_of_any_list(desk: Desk, id: str) -> Story:
    """Return a story of the shortlist, or one that an earlier issue ran. Raises NotFoundError if it is neither."""
    try:
        return desk.story(id, ranked=False)
    except NotFoundError:
        ran = ran_before(desk, id)
        if not ran:
            raise
        return ran[0]
