"""Tables `review` and `exclusions`: the shortlist, and the articles it leaves out. Written by `rank`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline.core.types import Candidate, Reason
from pipeline.store.database import Connection, replace_rows
from pipeline.store.decisions import STATES, decisions_before, states

PARQUET_NAME = "review.parquet"  # which other programs may keep open
INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("rank", pa.int32()),
        *((name, pa.string()) for name in ("id", "url", "title", "source", "author")),
        ("published", INSTANT),
        ("first_seen", INSTANT),
        ("section", pa.string()),
        ("section_probability", pa.float64()),
        ("sections", pa.string()),
        ("relevance", pa.float64()),
        ("reasons", pa.string()),
        ("state", pa.string()),
        ("duplicate_ids", pa.list_(pa.string())),
        ("sources", pa.list_(pa.string())),
        ("exploration", pa.bool_()),
    ]
)
EXCLUSION_SCHEMA = pa.schema(
    [("issue", pa.int32()), *((name, pa.string()) for name in ("article_id", "why", "detail", "url"))]
)


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An article that the shortlist leaves out: a row of table `exclusions`."""

    article_id: str
    why: str  # ran | muted | lapsed
    detail: str  # a sentence
    issue: int | None = None  # where it ran
    url: str | None = None  # the pick it repeats


def replace_review(
    connection: Connection, candidates: Sequence[Candidate], sources: Mapping[str, Sequence[str]], before: date
) -> None:
    """Replace the shortlist by these candidates.

    State and section follow the decisions read in this transaction, so that one made while the step was computing is
    not lost.
    """
    decisions = decisions_before(connection, before)
    state = states(decisions)
    chosen = {d.article_id: d.section for d in decisions if d.section is not None}
    order = {d.article_id: d.seq for d in decisions if d.verdict in STATES}
    section_order = {d.article_id: d.seq for d in decisions if d.section is not None}
    stories = [(c.article.id, *c.duplicate_ids) for c in candidates]
    state_of = [state.get(max(ids, key=lambda id: order.get(id, 0)), "new") for ids in stories]
    section_of = [
        chosen.get(max(ids, key=lambda id: section_order.get(id, 0))) or c.section
        for c, ids in zip(candidates, stories, strict=True)
    ]
    replace_rows(connection, "review", _table(candidates, section_of, state_of, sources))


def replace_exclusions(connection: Connection, left: Sequence[Exclusion]) -> None:
    """Replace the rows of the table."""
    rows = [asdict(row) for row in sorted(left, key=lambda row: row.article_id)]
    replace_rows(connection, "exclusions", pa.Table.from_pylist(rows, schema=EXCLUSION_SCHEMA))


def write_parquet(connection: Connection, path: Path) -> None:
    """Write the shortlist to a Parquet file."""
    target = str(path).replace("'", "''")
    connection.execute(f"COPY (FROM review ORDER BY rank, id) TO '{target}' (FORMAT parquet)")


def _table(
    candidates: Sequence[Candidate],
    sections: Sequence[str | None],
    states: Sequence[str],
    sources: Mapping[str, Sequence[str]],
) -> pa.Table:
    """Return the rows of the table; `sections` are those that are shown."""
    articles = [c.article for c in candidates]
    columns = {
        "rank": [c.rank for c in candidates],
        "id": [a.id for a in articles],
        "url": [a.url for a in articles],
        "title": [a.title for a in articles],
        "source": [a.source for a in articles],
        "author": [a.author for a in articles],
        "published": [a.published_at for a in articles],
        "first_seen": [a.first_seen_at for a in articles],
        "section": sections,
        "section_probability": [
            c.sections.get(key) if key and key == c.section else None
            for c, key in zip(candidates, sections, strict=True)
        ],
        "sections": [_to_json(c.sections) for c in candidates],
        "relevance": [c.relevance for c in candidates],
        "reasons": [_to_json(c.reasons) for c in candidates],
        "state": states,
        "duplicate_ids": [c.duplicate_ids for c in candidates],
        "sources": [sources.get(a.id, [a.source]) for a in articles],
        "exploration": [c.exploration for c in candidates],
    }
    return pa.table(columns, schema=SCHEMA)


def _plain(reason: Reason) -> dict[str, object]:
    """Return a reason as a dict; `asdict` takes five times as long, and there are four for each candidate."""
    return {name: getattr(reason, name) for name in Reason.__slots__}


_to_json = json.JSONEncoder(ensure_ascii=False, default=_plain).encode  # `json.dumps` makes an encoder for each value
