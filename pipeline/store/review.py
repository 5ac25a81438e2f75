"""Tables `review` and `exclusions`: the shortlist, and the articles it leaves out. Written by `rank`."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from pipeline.core.atomic_write import replacing
from pipeline.core.types import Candidate, Reason
from pipeline.store.database import Connection, Database, replace_rows
from pipeline.store.decisions import STATES, decisions_before, states

PARQUET_NAME = "review.parquet"
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
    rows = []
    for candidate in candidates:
        ids = (candidate.article.id, *candidate.duplicate_ids)
        current = state.get(max(ids, key=lambda id: order.get(id, 0)), "new")
        section = chosen.get(max(ids, key=lambda id: section_order.get(id, 0))) or candidate.section
        rows.append(_row(candidate, section, current, sources.get(candidate.article.id, [candidate.article.source])))
    replace_rows(connection, "review", pa.Table.from_pylist(rows, schema=SCHEMA))


def replace_exclusions(connection: Connection, left: Sequence[Exclusion]) -> None:
    """Replace the rows of the table."""
    rows = [asdict(row) for row in sorted(left, key=lambda row: row.article_id)]
    replace_rows(connection, "exclusions", pa.Table.from_pylist(rows, schema=EXCLUSION_SCHEMA))


def write_parquet(database: Database, path: Path) -> None:
    """Write the shortlist to a Parquet file, which other programs may keep open."""
    with replacing(path) as unfinished, database.reading() as connection:
        target = str(unfinished).replace("'", "''")
        connection.execute(f"COPY (FROM review ORDER BY rank, id) TO '{target}' (FORMAT parquet)")


def _row(candidate: Candidate, section: str | None, state: str, sources: Sequence[str]) -> dict[str, object]:
    article = candidate.article
    return {
        "rank": candidate.rank,
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "source": article.source,
        "author": article.author,
        "published": article.published_at,
        "first_seen": article.first_seen_at,
        "section": section,
        "section_probability": candidate.sections.get(section) if section and section == candidate.section else None,
        "sections": _to_json(candidate.sections),
        "relevance": candidate.relevance,
        "reasons": _to_json(candidate.reasons),
        "state": state,
        "duplicate_ids": list(candidate.duplicate_ids),
        "sources": list(sources),
        "exploration": candidate.exploration,
    }


def _plain(reason: Reason) -> dict[str, object]:
    """Return a reason as a dict; `asdict` takes five times as long, and there are four for each candidate."""
    return {name: getattr(reason, name) for name in Reason.__slots__}


_to_json = json.JSONEncoder(ensure_ascii=False, default=_plain).encode  # `json.dumps` makes an encoder for each value
