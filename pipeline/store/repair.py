"""Check the database, the journal and the models against each other, and repair what can be repaired.

Damaged files are renamed, not deleted, and named in the finding.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline.core.counted import counted
from pipeline.core.errors import DamagedError, InputError
from pipeline.core.types import Decision
from pipeline.store.backup import unpack
from pipeline.store.checksums import table_checksums
from pipeline.store.database import Connection, Database
from pipeline.store.decisions import all_decisions, insert
from pipeline.store.journal import Journal, free_path
from pipeline.store.journal_recovery import Recovery, recover
from pipeline.store.model_cards import ModelCard, activate, all_cards, set_aside

BACKUPS = "backups"

# what a killed run may leave; the next night makes it again
LEFTOVERS = {
    "stories on the shortlist without an article": "review WHERE id NOT IN (SELECT id FROM articles)",
    "predictions without an article": "predictions WHERE article_id NOT IN (SELECT id FROM articles)",
    "vectors of a wrong width": "embeddings WHERE len(vector) <> TRY_CAST(split_part(model, '/', -2) AS INTEGER)",
    "picks without an issue": "picks WHERE issue NOT IN (SELECT number FROM issues)",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem that was found."""

    what: str  # one sentence
    fixed: bool


def file_fault(card: ModelCard, folder: Path) -> str | None:
    """Return what is wrong with the file of a model, None if it is as it was saved."""
    file = folder / f"{card.id}.skops"
    if not file.exists():
        return f"{file} is missing"
    if hashlib.sha256(file.read_bytes()).hexdigest() != card.sha256:
        return f"{file} was altered since it was saved: its SHA-256 differs"
    return None


def check_workspace(
    database: Database,
    journal: Journal,
    models_folder: Path,
    model_fault: Callable[[ModelCard, Path], str | None] = file_fault,
) -> list[Finding]:
    """Check everything, repair what can be repaired. Returns every problem found; an empty list: none."""
    return [
        *_check_database(database),
        *_check_journal(database, journal),
        *_check_models(database, models_folder, model_fault),
        *_check_leftovers(database),
    ]


def _check_database(database: Database) -> Iterator[Finding]:
    trouble = _unreadable(database)
    if trouble is None:
        return
    log = database.path.with_name(f"{database.path.name}.wal")
    if log.exists():
        aside = _set_aside(log)
        yield Finding(f"the database's log could not be replayed ({trouble}); it was set aside as {aside.name}", True)
        trouble = _unreadable(database)
        if trouble is None:
            return
    named = "is missing"
    if database.path.exists():
        named = f"is damaged ({trouble}) and was set aside as {_set_aside(database.path).name}"
    yield _replace_database(database, named)


def _unreadable(database: Database) -> str | None:
    """Read every block of the database; return what is wrong with it, None if nothing is."""
    if not database.path.exists():
        return "there is no file"
    try:
        with database.reading() as connection:
            table_checksums(connection)
    except (DamagedError, duckdb.Error) as error:
        return str(error.__cause__ or error).splitlines()[0]
    return None


def _replace_database(database: Database, named: str) -> Finding:
    """Restore the newest valid backup, or create an empty database; decisions come back from the journal."""
    folder = database.path.parent / BACKUPS
    for backup in sorted(folder.glob("*.zip"), key=lambda p: p.stat().st_mtime, reverse=True):
        with tempfile.TemporaryDirectory(dir=database.path.parent, prefix=".check-") as staging:
            try:
                unpack(backup, Path(staging) / "new", database.path.name)
            except InputError:
                continue
            (Path(staging) / "new" / database.path.name).rename(database.path)
            return Finding(f"{database.path.name} {named}; {backup.name} took its place", True)
    Database.create(database.path)
    return Finding(
        f"{database.path.name} {named}; there is no backup, so an empty one took its place: bring past issues back "
        "with: triage import issues PATH; the next night brings the articles",
        False,
    )


def _check_journal(database: Database, journal: Journal) -> Iterator[Finding]:
    with database.reading() as connection:
        table = {decision.seq: decision for decision in all_decisions(connection)}
    found = recover(journal.path.read_bytes() if journal.path.exists() else b"", table)
    whole = not found.damaged and not found.from_table
    if not (whole and _agrees(found, table)):
        aside = journal.rewrite(found.decisions)
        yield from _journal_findings(found, aside)
    if list(found.decisions) == list(table.values()):
        return
    with database.writing() as connection:
        connection.execute("DELETE FROM decisions")
        insert(connection, found.decisions)
    if missing := len(found.decisions) - len(table):
        yield Finding(
            f"{counted(missing, 'decision was', 'decisions were')} only in the journal and added to the database", True
        )


def _agrees(found: Recovery, table: Mapping[int, Decision]) -> bool:
    return all(decision == table[decision.seq] for decision in found.decisions if decision.seq in table)


def _journal_findings(found: Recovery, aside: Path | None) -> Iterator[Finding]:
    kept = f"; the old journal was set aside as {aside.name}" if aside else ""
    for number in found.damaged:
        if number in found.lost:
            yield Finding(f"journal line {number} cannot be read and the database has no copy{kept}", False)
        elif number in found.unproven:
            yield Finding(f"journal line {number} fails its checksum and was kept as it reads{kept}", False)
        else:
            yield Finding(f"journal line {number} was damaged and is whole again{kept}", True)
    if found.from_table:
        were = counted(found.from_table, "decision was", "decisions were")
        yield Finding(f"{were} only in the database and written back{kept}", True)
    elif not found.damaged:
        yield Finding(f"journal and database disagreed; the decisions of both were kept, by their time{kept}", True)


def _check_models(
    database: Database, folder: Path, model_fault: Callable[[ModelCard, Path], str | None]
) -> Iterator[Finding]:
    """Deactivate models that cannot be loaded. One that was set aside before is not reported again."""
    with database.reading() as connection:
        cards = all_cards(connection)
    faults = {card.id: why for card in cards if (why := model_fault(card, folder))}
    loadable = [card for card in cards if card.id not in faults]
    for card in cards:
        if card.id in faults and (card.active or not card.set_aside):
            yield _set_model_aside(database, card, faults[card.id], loadable)


def _set_model_aside(database: Database, card: ModelCard, why: str, loadable: list[ModelCard]) -> Finding:
    other = next((c for c in loadable if c.kind == card.kind), None) if card.active else None
    with database.writing() as connection:
        set_aside(connection, card.id, why)
        if other:
            activate(connection, other.id)
    instead = "it was not active"
    if card.active:
        instead = f"{other.id} is active instead" if other else "the next night fits its own"
    return Finding(f"model {card.id} is set aside, because {why}; {instead}", True)


def _check_leftovers(database: Database) -> Iterator[Finding]:
    with database.reading() as connection:
        found = {what: n for what, rows in LEFTOVERS.items() if (n := _count(connection, rows))}
    if found:
        with database.writing() as connection:
            for what in found:
                connection.execute(f"DELETE FROM {LEFTOVERS[what]}")  # noqa: S608 (constant)
    for what, n in found.items():
        yield Finding(f"{n} {what}; removed", True)


def _count(connection: Connection, rows: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}").fetchone()  # noqa: S608 (constant)
    return int(found[0]) if found else 0


def _set_aside(path: Path) -> Path:
    aside = free_path(path)
    path.rename(aside)
    return aside
