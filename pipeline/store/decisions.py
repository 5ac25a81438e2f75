"""Table `decisions`: the journal as a table, and the states that follow from it."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from pipeline.core.errors import InputError, StoreError
from pipeline.core.section_choice import placed
from pipeline.core.types import Decision, State
from pipeline.store.database import Connection, Database
from pipeline.store.journal import Journal

COLUMNS = "seq, article_id, verdict, editor, decided_at, section, text"
INSERT = """
    INSERT INTO decisions (seq, article_id, verdict, editor, decided_at, section, text)
    SELECT unnest($seq::BIGINT[]), unnest($article_id::VARCHAR[]), unnest($verdict::VARCHAR[]),
           unnest($editor::VARCHAR[]), unnest($decided_at::TIMESTAMPTZ[]), unnest($section::VARCHAR[]),
           unnest($text::VARCHAR[])"""
# a verdict on a story is one on its twins; the last one stands
SET_STATES = """
    UPDATE review SET state = last.state
    FROM (
        SELECT rows.id, arg_max(given.state, given.seq) AS state
        FROM (SELECT id, unnest(list_append(duplicate_ids, id)) AS member FROM review) AS rows
        JOIN (SELECT unnest($seq::BIGINT[]) AS seq, unnest($id::VARCHAR[]) AS id, unnest($state::VARCHAR[]) AS state)
             AS given ON given.id = rows.member
        GROUP BY rows.id
    ) AS last
    WHERE review.id = last.id"""
MUTES = ("source", "author", "phrase")
MAX_MUTED = 200  # characters
STATES: dict[str, State] = {"pick": "picked", "skip": "skipped", "later": "later", "undo": "new"}


def record(journal: Journal, database: Database, decisions: Sequence[Decision]) -> list[Decision]:
    """Write decisions to the journal, then to the table. Returns them with their seq.

    Raises
    ------
    StoreError
        If the table cannot be written, as on a full disk; the message says that the decisions are kept.
    """
    stored = journal.append(as_one_request(decisions))
    try:
        catch_up(journal, database)
    except StoreError as error:
        kept = f"what was decided is kept in {journal.path.name}, and the next command stores it"
        raise StoreError(f"{kept}; {error}") from error
    return stored


def as_one_request(decisions: Sequence[Decision], request_id: str | None = None) -> list[Decision]:
    """Return the decisions with the request's id; several without one get one, for the desk undoes a request."""
    id = request_id or (secrets.token_hex(12) if len(decisions) > 1 else None)
    return [replace(decision, request_id=id) for decision in decisions]


def mute(kind: str, value: str, verdict: str, editor: str, at: datetime) -> Decision:
    """Return the decision that keeps a source, an author or a phrase out of the shortlist, or lets it in again.

    Raises
    ------
    InputError
        If the kind is none of these, the value is empty, or the verdict is neither mute nor unmute.
    """
    value = " ".join(value.split())[:MAX_MUTED]
    if kind not in MUTES or not value or verdict not in ("mute", "unmute"):
        raise InputError(f"mute takes a kind ({', '.join(MUTES)}) and a value, not {kind!r} and {value!r}")
    return Decision(None, verdict, editor, at, text=f"{kind}:{value}")  # type: ignore[arg-type]  # one of two


def catch_up(journal: Journal, database: Database) -> int:
    """Insert the journal's newer decisions into the table. Returns how many were missing.

    If the journal is shorter, as after its loss, the table's newer decisions are appended to it.
    """
    with database.reading() as connection:
        last = last_seq(connection)
        # after the table: others go on deciding, and a journal read first could seem to be behind
        journalled = journal.read()
        beyond = all_decisions(connection)[len(journalled) :] if last > len(journalled) else []
    if beyond:
        journal.append(beyond)
    if len(journalled) <= last:
        return 0
    with database.writing() as connection:
        missing = journal.read(after=last_seq(connection))
        insert(connection, missing)
    return len(missing)


def insert(connection: Connection, decisions: Sequence[Decision]) -> None:
    """Store decisions and update state and section in `review`, in sets: a skip of thousands is one statement."""
    connection.execute(INSERT, _columns(decisions))
    set_states(connection, decisions)
    for d in decisions:
        if d.article_id is not None and d.section is not None:
            _set_section(connection, d.article_id, d.section)


def set_states(connection: Connection, decisions: Sequence[Decision]) -> None:
    """Give each story of `review` that is decided on the state of its last verdict among these."""
    if moved := [d for d in decisions if d.verdict in STATES]:
        states = [STATES[d.verdict] for d in moved]
        connection.execute(
            SET_STATES, {"seq": [d.seq for d in moved], "id": [d.article_id for d in moved], "state": states}
        )


def _set_section(connection: Connection, article_id: str, chosen: str) -> None:
    row = connection.execute(
        "SELECT id, sections FROM review WHERE id = $id OR list_contains(duplicate_ids, $id)", {"id": article_id}
    ).fetchone()
    if row is not None:
        id, sections = row
        connection.execute(
            "UPDATE review SET section = ?, section_probability = ? WHERE id = ?",
            [*placed(json.loads(sections), chosen), id],
        )


def _columns(decisions: Sequence[Decision]) -> dict[str, list[object]]:
    return {name: [getattr(d, name) for d in decisions] for name in COLUMNS.split(", ")}


def last_seq(connection: Connection) -> int:
    """Return the seq of the last decision in the table, 0 if there is none."""
    row = connection.execute("SELECT coalesce(max(seq), 0) FROM decisions").fetchone()
    return int(row[0]) if row else 0


def all_decisions(connection: Connection) -> list[Decision]:
    """Return every decision in the table, in the order they were made."""
    return decisions_before(connection, date.max)


def decisions_before(connection: Connection, day: date) -> list[Decision]:
    """Return the decisions dated before a day, in the order they were made."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM decisions WHERE decided_at < CAST(? AS DATE) ORDER BY seq",  # noqa: S608 (constant)
        [day],
    ).fetchall()
    return [
        Decision(article_id, verdict, editor, decided_at, section, text, seq)
        for seq, article_id, verdict, editor, decided_at, section, text in rows
    ]


def states(decisions: Sequence[Decision]) -> dict[str, State]:
    """Return each article's state after its last verdict."""
    return {d.article_id: STATES[d.verdict] for d in decisions if d.article_id and d.verdict in STATES}
