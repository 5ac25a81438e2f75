"""Back up the whole workspace to one verified file, and restore it.

The tables are read through DuckDB as Parquet, never by copying the live file: that would drop the lock of the process
that holds it. A backup is a plain zip, readable without Triage.
"""

import hashlib
import json
import re
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import duckdb

from pipeline.core.atomic_write import replacing
from pipeline.core.config import FILE_NAME as NEWSLETTER_NAME
from pipeline.core.errors import InputError, StoreError
from pipeline.store.checksums import table_checksums
from pipeline.store.database import Database, schema_version
from pipeline.store.journal import FILE_NAME as JOURNAL_NAME

FORMAT = 1
MANIFEST = "manifest.json"
MODELS = "models"
TABLES = "tables"
# every name a backup may hold; anything else, such as ../.bashrc, makes it foreign
MEMBER = re.compile(rf"({NEWSLETTER_NAME}|{JOURNAL_NAME}|{TABLES}/[a-z_]+\.parquet|{MODELS}/\w[\w.-]*)")


@dataclass(frozen=True)
class Manifest:
    """The manifest in a backup."""

    format: int
    schema: int
    duckdb: str  # version whose hash function the checksums use
    tables: dict[str, str]  # name → rows:checksum
    files: dict[str, str]  # member → sha256


def write_backup(database: Database, target: Path) -> Manifest:
    """Write the database's folder (tables, journal, models, newsletter.toml) to one file, and read it back.

    Parameters
    ----------
    database : Database
        The workspace's; the rest of the workspace is in its folder.
    target : Path
        The file; an old one stays until the new one is written and verified.

    Raises
    ------
    StoreError
        If the file cannot be written, or what was written is not what is in the tables.
    """
    try:
        with (
            replacing(target) as unfinished,
            tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder,
        ):
            manifest = _gather(database, Path(folder))
            _pack(Path(folder), manifest, unfinished)
            unpack(unfinished, Path(folder) / "again", database.path.name)
    except (OSError, duckdb.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error  # the rest names a temporary file
        raise StoreError(f"{target} was not written ({why}); make room or choose another place") from error
    return manifest


def unpack(file: Path, folder: Path, database_name: str) -> Manifest:
    """Unpack a backup into a new folder with the layout of a workspace, and verify every part.

    Raises
    ------
    InputError
        If it is no backup of Triage, or any part of it is not what was put in.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = _read_manifest(archive, file)
            _extract(archive, manifest, folder, file)
    except FileNotFoundError as error:
        raise InputError(f"{file} is not there; name the file that triage backup wrote") from error
    except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(f"{file} is no backup of Triage, or a damaged one ({error}); try an older one") from error
    _load_tables(manifest, folder, folder / database_name, file)
    shutil.rmtree(folder / TABLES)
    return manifest


def restore_backup(file: Path, database_path: Path) -> Path | None:
    """Replace a workspace by a verified backup. The old files are moved aside, not deleted.

    A journal that begins with the backup's is kept, so that later decisions are not undone.

    Returns
    -------
    Path or None
        The folder with the old files, None if there were none.
    """
    workspace = database_path.parent
    workspace.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=workspace, prefix=".restore-") as staging:
        new = Path(staging) / "new"
        unpack(file, new, database_path.name)
        if _extends(workspace / JOURNAL_NAME, new / JOURNAL_NAME):
            shutil.copy(workspace / JOURNAL_NAME, new / JOURNAL_NAME)
        return _swap(new, workspace, database_path.name)


def _gather(database: Database, folder: Path) -> Manifest:
    """Write all parts of a workspace to a folder. The tables are one snapshot; the journal is read after them."""
    (folder / TABLES).mkdir()
    with database.reading() as connection:
        tables = table_checksums(connection)
        for name in tables:
            target = str(folder / TABLES / f"{name}.parquet").replace("'", "''")
            connection.execute(f"COPY \"{name}\" TO '{target}' (FORMAT parquet, COMPRESSION zstd)")
        version = schema_version(connection, database.path)
    beside = database.path.parent
    models = sorted((beside / MODELS).glob("[!.]*")) if (beside / MODELS).is_dir() else []
    for source in (beside / NEWSLETTER_NAME, beside / JOURNAL_NAME, *models):
        if source.is_file():
            copy = folder / source.relative_to(beside)
            copy.parent.mkdir(exist_ok=True)
            shutil.copy(source, copy)
    members = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): _sha256(path) for path in members}
    return Manifest(FORMAT, version, duckdb.__version__, tables, files)


def _pack(folder: Path, manifest: Manifest, target: Path) -> None:
    # Parquet is compressed already; readable by its owner only: newsletter.toml may hold mail passwords
    target.touch(0o600)
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
        for name in manifest.files:
            archive.write(folder / name, name)


def _read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    try:
        manifest = Manifest(**json.loads(archive.read(MANIFEST)))
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{file} is a zip, but no backup of Triage: it has no {MANIFEST} of ours") from error
    if manifest.format > FORMAT:
        raise InputError(f"{file} was made by a newer Triage; upgrade with: pip install --upgrade article-triage")
    return manifest


def _extract(archive: zipfile.ZipFile, manifest: Manifest, folder: Path, file: Path) -> None:
    """Extract what the manifest names and nothing else: names in a zip are not safe as paths."""
    for name, sha256 in manifest.files.items():
        if not MEMBER.fullmatch(name):
            raise InputError(f"{file} holds {name!r}, which no backup of Triage does; do not use it")
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(name) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)
        if _sha256(target) != sha256:
            raise InputError(f"{file}: {name} is damaged; try an older backup")


def _load_tables(manifest: Manifest, folder: Path, path: Path, file: Path) -> None:
    """Read the tables into a new database of the backup's schema. Runs no SQL out of the backup."""
    database = Database.create(path, manifest.schema)
    try:
        with database.writing() as connection:
            connection.execute("DELETE FROM schema_migrations")
            for name in manifest.tables:
                source = str(folder / TABLES / f"{name}.parquet")
                connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM read_parquet(?)', [source])  # noqa: S608
            _compare(manifest, table_checksums(connection), file)
    except duckdb.Error as error:
        raise InputError(f"{file} cannot be read into a database ({str(error).splitlines()[0]})") from error


def _compare(manifest: Manifest, found: dict[str, str], file: Path) -> None:
    same_hash = manifest.duckdb == duckdb.__version__
    for name, kept in manifest.tables.items():
        there = found.get(name, "none")
        if there != kept if same_hash else there.split(":")[0] != kept.split(":")[0]:
            raise InputError(f"{file}: table {name} was not restored as it was ({kept}, now {there})")


def _extends(current: Path, kept: Path) -> bool:
    """Return whether a journal begins with all of another."""
    beginning = kept.read_bytes() if kept.exists() else b""
    return current.exists() and current.read_bytes().startswith(beginning)


def _swap(new: Path, workspace: Path, database_name: str) -> Path | None:
    parts = (database_name, f"{database_name}.wal", JOURNAL_NAME, MODELS, NEWSLETTER_NAME)
    present = [name for name in parts if (workspace / name).exists()]
    aside = next(p for n in count(1) if not (p := workspace / f"before-restore-{n}").exists()) if present else None
    for name in present:
        if aside:
            aside.mkdir(exist_ok=True)
            (workspace / name).rename(aside / name)
    for part in new.iterdir():
        part.rename(workspace / part.name)
    return aside


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
