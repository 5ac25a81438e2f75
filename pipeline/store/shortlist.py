"""Read the shortlist as the desk shows it: `review` joined with articles, and the excluded articles."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from pipeline.core.types import Reason, State
from pipeline.store.archive_counts import count_archive
from pipeline.store.database import Connection, incoming
from pipeline.store.runs import last_report


@dataclass(frozen=True)
class Story:  # without slots, so that `moved` copies the fields at once
    """One row of the shortlist with the article's other fields."""

    rank: int | None  # 1 is best; None: not on the shortlist
    id: str
    url: str
    title: str
    source: str
    author: str | None
    published: datetime | None
    first_seen: datetime
    section: str | None  # key; None: fits none
    section_probability: float | None
    sections: dict[str, float] = field(default_factory=dict)
    relevance: float | None = None  # calibrated P(picked); None: not ranked
    reasons: tuple[Reason, ...] = ()
    state: State = "new"
    duplicate_ids: tuple[str, ...] = ()  # ids of other articles about the same story
    sources: tuple[str, ...] = ()
    exploration: bool = False
    summary: str = ""
    text: str = ""  # of the article, where it was fetched
    origin: str = "feed"  # feed | import | editor
    language: str | None = None
    paywalled: bool | None = None
    # from the journal; the desk keeps these up to date
    chosen_section: str = ""  # key of the editor's choice; "": `section` is the model's
    note: str = ""  # the blurb
    headline: str = ""  # the title in the issue, where the editor changed it
    byline: str = ""  # the byline in the issue, where the editor changed it
    entry: str | None = None  # id of the first story of its entry, where several make one
    editor: str | None = None  # who gave it its state
    seq: int = 0  # of the last decision

    def moved(self, rank: int, relevance: float, exploration: bool) -> "Story":
        """Return this story at another place. Far faster than `replace`: thousands move with each decision."""
        moved = object.__new__(Story)
        moved.__dict__.update(self.__dict__, rank=rank, relevance=relevance, exploration=exploration)
        return moved


def shortlist(connection: Connection) -> list[Story]:
    """Return the whole shortlist, best first."""
    return _stories(
        connection,
        """SELECT r.*, coalesce(a.summary, '') AS summary, coalesce(a.text, '') AS text,
                  coalesce(a.origin, 'feed') AS origin, a.language, a.paywalled
           FROM review r LEFT JOIN articles a ON a.id = r.id ORDER BY r.rank NULLS LAST, r.id""",
    )


def ran_before(connection: Connection, id: str | None = None) -> list[Story]:
    """Return the articles excluded because an earlier issue ran them, newest first; with `id` only that one."""
    return _stories(
        connection,
        """SELECT NULL AS rank, a.id, a.url, a.title, a.source, a.author, a.published_at AS published,
                  a.first_seen_at AS first_seen, NULL AS section, NULL AS section_probability, 'ran' AS state,
                  a.summary, a.text, a.origin, a.language, a.paywalled,
                  [{'kind': k.why, 'text': k.detail, 'contribution': 0.0, 'issue': k.issue, 'url': k.url}]::JSON
                      AS reasons
           FROM exclusions k JOIN articles a ON a.id = k.article_id
           WHERE k.why = 'ran' AND a.id = coalesce($id, a.id) ORDER BY a.first_seen_at DESC, a.id""",
        {"id": id},
    )


def search_older(connection: Connection, words: Sequence[str], limit: int) -> list[Story]:
    """Return articles that contain all words and are not on the shortlist, not published, not decided; newest first."""
    return _stories(
        connection,
        """SELECT NULL AS rank, id, url, title, source, author, published_at AS published, first_seen_at AS first_seen,
                  NULL AS section, NULL AS section_probability, summary, text, origin, language, paywalled,
                  '[]' AS reasons
           FROM articles a
           WHERE list_bool_and([contains(lower(title || ' ' || source || ' ' || summary), lower(w)) FOR w IN $words])
             AND NOT EXISTS (FROM review r WHERE r.id = a.id OR list_contains(r.duplicate_ids, a.id))
             AND NOT EXISTS (FROM picks p WHERE p.url_key = a.url_key)
             AND coalesce((SELECT arg_max(d.verdict, d.seq) FROM decisions d WHERE d.article_id = a.id
                           AND d.verdict IN ('pick', 'skip', 'later', 'undo')), 'undo') IN ('undo', 'later')
           ORDER BY first_seen_at DESC, id LIMIT $limit""",
        {"words": list(words) or [""], "limit": limit},
    )


def add(connection: Connection, story: Story) -> None:
    """Insert a story that the editor added into `review`; an existing row stays as it is."""
    connection.execute(
        "INSERT INTO review VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [
            story.rank, story.id, story.url, story.title, story.source, story.author, story.published,
            story.first_seen, story.section, story.section_probability, json.dumps(story.sections), story.relevance,
            json.dumps([asdict(reason) for reason in story.reasons]), story.state, list(story.duplicate_ids),
            list(story.sources), story.exploration,
        ],
    )  # fmt: skip


def ids_starting_with(connection: Connection, prefixes: Sequence[str]) -> dict[str, list[str]]:
    """Return for each prefix the ids of articles that begin with it: of the shortlist if any does, else of all."""
    found = {}
    for prefix in prefixes:
        for table in ("review", "articles"):
            ids = connection.execute(
                f"SELECT id FROM {table} WHERE starts_with(id, ?) ORDER BY id LIMIT 3",  # noqa: S608 (one of two)
                [prefix],
            ).fetchall()
            if ids:
                break
        found[prefix] = [id for (id,) in ids]
    return found


def version(connection: Connection) -> object:
    """Return a value that changes with each `rank` and when a story is added or removed."""
    return connection.execute(
        """SELECT (SELECT max(started_at) FROM runs WHERE step = 'rank'), count(*), bit_xor(hash(id)) FROM review"""
    ).fetchone()


def write_order(connection: Connection, order: Sequence[Story]) -> None:
    """Write rank, relevance and exploration of the stories given, in one statement."""
    rows = pa.table(
        {
            "id": pa.array([story.id for story in order], pa.string()),
            "rank": pa.array([story.rank for story in order], pa.int32()),
            "relevance": pa.array([story.relevance for story in order], pa.float64()),
            "exploration": pa.array([story.exploration for story in order], pa.bool_()),
        }
    )
    with incoming(connection, rows):
        connection.execute(
            """UPDATE review SET rank = i.rank, relevance = i.relevance, exploration = i.exploration
               FROM incoming i WHERE i.id = review.id"""
        )


def ranked_for(connection: Connection) -> str | None:
    """Return the date the shortlist was last ranked for, None if it never was."""
    row = connection.execute(
        "SELECT CAST(as_of AS VARCHAR) FROM runs WHERE step = 'rank' ORDER BY started_at DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else None


def is_calibrated(connection: Connection) -> bool:
    """Return whether the shortlist's probabilities, and what is estimated from them, can be shown.

    As the last `rank` recorded: the level of the probabilities was learned, from enough past issues. Where no rank
    said so (an earlier version's), enough past issues must be known.
    """
    said = (last_report(connection, "rank") or {}).get("is_calibrated")
    return not count_archive(connection).is_few if said is None else bool(said)


def _stories(connection: Connection, query: str, values: dict[str, Any] | None = None) -> list[Story]:
    cursor = connection.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    return [_story(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def _story(record: dict[str, Any]) -> Story:
    record["reasons"] = tuple(Reason(**reason) for reason in json.loads(record["reasons"]))
    record["sections"] = json.loads(record.get("sections", "{}"))
    record["duplicate_ids"], record["sources"] = (
        tuple(record.get("duplicate_ids", ())),
        tuple(record.get("sources", ())),
    )
    return Story(**record)
