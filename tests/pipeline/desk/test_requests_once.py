"""A client that got no answer repeats its request; nothing is recorded twice and nothing is lost."""

import pytest

from pipeline.core.types import Decision
from pipeline.desk.overruling import OverruledError
from pipeline.desk.session import Desk

SKIP = {"verdict": "skip", "editor": "ann"}


def test_repeated_request_is_recorded_once(client, desk, ids):
    """The same request id gives the same answer, even after the desk was started again."""
    body = {**SKIP, "ids": ids[:2], "request_id": "r1"}
    first = client.post("/api/decisions", json=body).json()
    assert client.post("/api/decisions", json=body).json()["decisions"] == first["decisions"]
    again = Desk(desk.workspace)
    made = [Decision(ids[0], "skip", "ann", desk.as_of.time)]
    assert [d.seq for d in again.record(made, request_id="r1")] == [1, 2]
    assert len(desk.workspace.journal.read()) == 2


def test_torn_batch_is_completed(desk, ids):
    """Of a batch that a crash cut short, a repetition records what is missing."""
    desk.record([Decision(ids[0], "skip", "ann", desk.as_of.time)], request_id="r1")
    desk.record([Decision(id, "skip", "ann", desk.as_of.time) for id in ids[:3]], request_id="r1")
    assert [d.article_id for d in desk.workspace.journal.read()] == ids[:3]


def test_one_undo_reverts_a_whole_request(client, desk, ids):
    """A request about several stories is undone at once, by its id or as the last one, and only once."""
    client.post("/api/decisions", json={**SKIP, "ids": ids[:3], "request_id": "bulk"})
    client.post("/api/decisions", json={**SKIP, "ids": ids[5:6], "request_id": "one"})
    for _ in range(2):
        client.post("/api/undo", json={"of": "bulk", "request_id": "u1", "editor": "ann"})
    assert [desk.story(id).state for id in [*ids[:3], ids[5]]] == ["new", "new", "new", "skipped"]
    assert len(desk.workspace.journal.read()) == 7


def test_undo_of_what_was_refused_reverts_nothing_else(client, desk, ids):
    """An undo that names its request never reverts an earlier decision in its place."""
    client.post("/api/decisions", json={**SKIP, "ids": ids[:1], "request_id": "r1"})
    client.post("/api/undo", json={"of": "never-recorded", "editor": "ann"})
    assert desk.story(ids[0]).state == "skipped"


def test_autosaves_of_a_note_are_one_undo(client, desk, ids):
    """Notes saved while typing are one edit: one undo restores the text before it."""
    client.post("/api/notes", json={"id": ids[0], "text": "Before", "request_id": "a:1"})
    for n, text in enumerate(("N", "Ne", "New"), 1):
        client.post("/api/notes", json={"id": ids[0], "text": text, "request_id": f"b:{n}"})
    assert desk.story(ids[0]).note == "New"
    client.post("/api/undo", json={})
    assert desk.story(ids[0]).note == "Before"


def test_note_of_another_editor_is_not_overwritten_unseen(desk, ids):
    """Who has not seen another's blurb is refused once; who has, may replace it."""
    desk.record([Decision(ids[0], "note", "bob", desk.as_of.time, text="Bob's")])
    mine = [Decision(ids[0], "note", "ann", desk.as_of.time, text="Ann's")]
    with pytest.raises(OverruledError, match="Bob's"):
        desk.record(mine, seen=0)
    desk.record(mine, seen=1)
    assert desk.story(ids[0]).note == "Ann's"
