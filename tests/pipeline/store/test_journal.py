"""The decisions' journal is durable, and a changed line is detected."""

import errno
import os
from multiprocessing import get_context
from pathlib import Path

import pytest

from helpers import NOW
from pipeline.core.errors import JournalError
from pipeline.core.types import Decision
from pipeline.store import decisions
from pipeline.store.journal import Bookmark, Journal


def decision(article: str = "a", verdict: str = "pick", **more: str) -> Decision:
    return Decision(article, verdict, "ann", NOW, **more)  # type: ignore[arg-type]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "decisions.journal")


def append_many(path: Path, editor: str) -> None:
    for n in range(20):
        Journal(path).append([Decision(f"{editor}{n}", "pick", editor, NOW)])


def test_decisions_are_read_back_unchanged(journal):
    """What is appended is read back whole, numbered from 1."""
    stored = journal.append([decision("a", text="naïve\nnote"), decision("b", "skip", section="teams")])
    assert [d.seq for d in stored] == [1, 2]
    assert journal.read() == stored
    assert journal.read(after=1) == stored[1:]


def test_decision_is_on_disk_before_it_is_acknowledged(journal, monkeypatch):
    """The journal is fsynced with all its bytes by the time `append` returns, and its folder when it is new."""
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append((os.fstat(handle).st_ino, os.fstat(handle).st_size)))
    journal.append([decision("a")])
    file, folder = journal.path.stat(), journal.path.parent.stat()
    assert (file.st_ino, file.st_size) in synced
    assert folder.st_ino in [inode for inode, _ in synced]
    journal.append([decision("b")])
    assert synced[-1] == (file.st_ino, journal.path.stat().st_size)


def test_rewritten_journal_is_on_disk_under_its_name(journal, monkeypatch):
    """The folder is fsynced once the new journal is in its place: a power cut brings back no damaged one."""
    journal.append([decision("a"), decision("b")])
    synced = []
    monkeypatch.setattr(
        os, "fsync", lambda handle: synced.append((os.fstat(handle).st_ino, journal.path.stat().st_ino))
    )
    journal.rewrite([decision("a")])
    assert synced[-1] == (journal.path.parent.stat().st_ino, journal.path.stat().st_ino)


def test_torn_last_line_is_dropped(journal):
    """A line that was never finished was never acknowledged: it goes, all others stay."""
    journal.append([decision("a")])
    with journal.path.open("ab") as file:
        file.write(b'0123456789abcdef {"article_id":"tor')
    assert [d.article_id for d in journal.read()] == ["a"]
    journal.append([decision("b")])
    assert [(d.seq, d.article_id) for d in journal.read()] == [(1, "a"), (2, "b")]


@pytest.mark.parametrize("damage", [lambda t: t.replace('"pick"', '"skip"', 1), lambda t: t.split("\n", 1)[1]])
def test_changed_or_lost_line_shows(journal, damage):
    """A verdict altered by hand, or a line taken out, fails the chain of checksums and is named."""
    journal.append([decision("a"), decision("b"), decision("c")])
    journal.path.write_text(damage(journal.path.read_text()))
    with pytest.raises(JournalError, match="line 1"):
        journal.read()


def test_two_processes_interleave_without_loss(journal):
    """Two writers at once leave one unbroken chain with every decision in it."""
    context = get_context("spawn")
    writers = [context.Process(target=append_many, args=(journal.path, name)) for name in ("ann", "bob")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [d.seq for d in journal.read()] == list(range(1, 41))
    assert {d.article_id for d in journal.read()} == {f"{e}{n}" for e in ("ann", "bob") for n in range(20)}


def test_table_catches_up_with_the_journal(journal, database):
    """Decisions that reached only the journal before a crash are in the table after the next open, once."""
    journal.append([decision("a"), decision("b", "skip")])
    assert decisions.catch_up(journal, database) == 2
    assert decisions.catch_up(journal, database) == 0
    with database.reading() as connection:
        known = decisions.decisions_before(connection, NOW.date().replace(day=21))
    assert decisions.states(known) == {"a": "picked", "b": "skipped"}


def test_as_of_hides_later_decisions(journal, database):
    """A decision made on the day is unknown to the desk of the evening before."""
    decisions.record(journal, database, [decision("a")])
    with database.reading() as connection:
        assert decisions.decisions_before(connection, NOW.date()) == []


def test_follower_reads_only_what_is_new(journal):
    """A bookmark remembers how far one has read; a journal that was put back is read from its start."""
    first = journal.append([decision("a")])
    read, bookmark = journal.read_on(Bookmark())
    assert read == first
    second = journal.append([decision("b")])
    assert journal.read_on(bookmark)[0] == second
    journal.path.write_text("")
    assert journal.read_on(bookmark) == ([], Bookmark())


def test_full_disk_acknowledges_nothing(journal, monkeypatch):
    """Where the disk is full, the journal is unchanged and the next decision can be appended."""
    journal.append([decision("a")])
    write = os.write

    def torn(handle: int, data: bytes) -> int:
        write(handle, data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pipeline.store.journal.os.write", torn)
    with pytest.raises(JournalError, match="No space left"):
        journal.append([decision("b")])
    monkeypatch.undo()
    assert [d.article_id for d in journal.read()] == ["a"]
    assert journal.append([decision("c")])[0].seq == 2


def test_journal_that_cannot_be_opened_is_named(journal):
    """Where the folder may only be read, the decision is refused in one sentence."""
    journal.path.mkdir()  # the superuser, who runs tests in containers, may write what is read-only
    with pytest.raises(JournalError, match=f"cannot write {journal.path}"):
        journal.append([decision("a")])


def test_journal_cut_anywhere_keeps_all_whole_lines(journal):
    """Power lost at any byte: the whole lines before it are read, and the next decision can be appended."""
    journal.append([decision("a", text="naïve"), decision("b")])
    whole = journal.path.read_bytes()
    for cut in range(len(whole) + 1):
        journal.path.write_bytes(whole[:cut])
        lines = whole[:cut].count(b"\n")
        assert len(journal.read()) == lines
        assert journal.append([decision("c")])[0].seq == lines + 1
        assert journal.read()[-1].article_id == "c"


def test_rewritten_journal_is_the_one_that_is_appended_to(journal):
    """After a rewrite the old file is kept beside it, and appends go to the new one."""
    journal.append([decision("a"), decision("b")])
    aside = journal.rewrite([decision("a")])
    journal.append([decision("c")])
    assert [d.article_id for d in journal.read()] == ["a", "c"]
    assert [d.article_id for d in Journal(aside).read()] == ["a", "b"]
