"""Table `predictions`: P(section | article) for the current candidates."""

from collections.abc import Mapping

import pyarrow as pa

from pipeline.store.database import Connection, incoming

SCHEMA = pa.schema([("article_id", pa.string()), ("section", pa.string()), ("probability", pa.float64())])


def replace_predictions(connection: Connection, predictions: Mapping[str, Mapping[str, float]]) -> int:
    """Replace the table's rows: article id → section key → probability."""
    rows = [(id, *pair) for id, sections in sorted(predictions.items()) for pair in sections.items()]
    columns = dict(zip(SCHEMA.names, zip(*rows, strict=True) if rows else ((), (), ()), strict=True))
    connection.execute("DELETE FROM predictions")
    with incoming(connection, pa.table(columns, schema=SCHEMA)):
        connection.execute("INSERT INTO predictions SELECT * FROM incoming")
    return len(rows)


def read_predictions(connection: Connection) -> dict[str, dict[str, float]]:
    """Return article id → section key → probability, the most probable section first."""
    found: dict[str, dict[str, float]] = {}
    rows = connection.execute(
        "SELECT article_id, section, probability FROM predictions ORDER BY article_id, probability DESC, section"
    ).fetchall()
    for article, section, probability in rows:
        found.setdefault(article, {})[section] = probability
    return found
