"""Decisions reach the tables in sets, with the outcome of one after the other."""

from datetime import timedelta
from random import Random

import pytest

from helpers import NOW
from pipeline.core.errors import StoreError
from pipeline.core.types import Decision
from pipeline.store import decisions

IDS = [f"a{n}" for n in range(12)]


@pytest.fixture
def connection(database):
    """A shortlist of six stories, each with a twin."""
    with database.writing() as connection:
        for n in range(0, 12, 2):
            connection.execute(
                """INSERT INTO review (rank, id, url, title, source, first_seen, section, sections, reasons, state,
                                       duplicate_ids, sources)
                   VALUES (?, ?, ?, 't', 's', ?, 'x', '{"x": 0.7, "y": 0.3}', '[]', 'new', ?, [])""",
                [n, IDS[n], f"https://e.example/{n}", NOW, [IDS[n + 1]]],
            )
        yield connection


def review(connection):
    return connection.execute("SELECT id, state, section FROM review ORDER BY id").fetchall()


def some_decisions(count, seed):
    random = Random(seed)
    verdicts = ["pick", "skip", "later", "undo", "note"]
    return [
        Decision(
            random.choice(IDS), random.choice(verdicts), "ann", NOW + timedelta(seconds=n),
            random.choice([None, "y"]), "it’s", n + 1,
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_many_at_once_end_as_one_after_the_other(connection, seed):
    """Of several verdicts on a story or its twin the last one stands, whatever order the set is worked through in."""
    given = some_decisions(40, seed)
    decisions.insert(connection, given)
    expected = {}
    for d in given:
        if d.verdict in decisions.STATES:
            expected[IDS[IDS.index(d.article_id) // 2 * 2]] = decisions.STATES[d.verdict]
    assert {id: state for id, state, _ in review(connection) if state != "new"} == {
        id: state for id, state in expected.items() if state != "new"
    }
    assert decisions.all_decisions(connection) == given


def test_a_bulk_skip_is_one_statement_however_long(connection):
    """Two thousand skips hold the lock for as many statements as two."""

    class Counting:
        count = 0

        def execute(self, *query):
            self.count += 1
            return connection.execute(*query)

    few, many = Counting(), Counting()
    decisions.insert(few, [Decision(f"f{n}", "skip", "ann", NOW, seq=n) for n in range(1, 3)])
    decisions.insert(many, [Decision(f"m{n}", "skip", "ann", NOW, seq=n) for n in range(3, 2003)])
    assert many.count == few.count


def test_decision_that_only_the_journal_could_take_is_said_to_be_kept(workspace, monkeypatch):
    """On a full disk the last block of the journal may have room where the database has none."""

    def refuse(*_):
        raise StoreError("the database could not be written; make room")

    pick = Decision("a0", "pick", "ann", NOW)
    with monkeypatch.context() as patched:
        patched.setattr(decisions, "insert", refuse)
        with pytest.raises(StoreError, match=r"kept in decisions\.journal.*; make room"):
            decisions.record(workspace.journal, workspace.database, [pick])
    assert decisions.catch_up(workspace.journal, workspace.database) == 1
