"""Checksums of tables, independent of row order, to compare two databases."""

from collections.abc import Iterable

from pipeline.store.database import Connection


def table_checksums(connection: Connection) -> dict[str, str]:
    """Return `rows:checksum` of every table. Reads every block, so that damage is found.

    Comparable only within one version of DuckDB, whose hash function is used.
    """
    names = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL").fetchall()
    return checksums_of(connection, [name for (name,) in names])


def checksums_of(connection: Connection, tables: Iterable[str]) -> dict[str, str]:
    """Return `rows:checksum` of some tables."""
    return {table: _checksum(connection, table) for table in tables}


def _checksum(connection: Connection, table: str) -> str:
    # a sum of hashes is independent of row order
    row = connection.execute(
        f'SELECT count(*), coalesce(sum(hash(whole_row)), 0) FROM "{table}" AS whole_row'  # noqa: S608 (our tables)
    ).fetchone()
    rows, total = row or (0, 0)
    return f"{rows}:{int(total):x}"
