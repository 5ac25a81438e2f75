"""Before a night: delete expired articles with their vectors, and clamp future timestamps to now.

Depends on the date alone, so that a night run twice finds nothing to do. Imported articles never expire.
"""

import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.embedding_text import views_of
from pipeline.core.types import StepReport
from pipeline.store.database import Connection, Database
from pipeline.store.embeddings import delete_vectors

# Rows of article_feeds stay: they keep an old entry that a feed still carries from being new again.
EXPIRED = """
    SELECT id, title, summary FROM articles
    WHERE first_seen_at < ? AND origin <> 'import'
      AND id NOT IN (SELECT article_id FROM decisions WHERE article_id IS NOT NULL)
      AND id NOT IN (SELECT id FROM review)
      AND url_key NOT IN (SELECT url_key FROM picks WHERE url_key IS NOT NULL)
"""
OLD_RUNS = "step NOT IN ('replay', 'retrain', 'retention') AND started_at < ?"
KEEP_RUNS = timedelta(days=90)  # a night's pull report has a row for every feed
AHEAD = timedelta(days=1)  # a time so far ahead of now was written by a wrong clock


def apply_retention(database: Database, newsletter: Newsletter, as_of: AsOf) -> StepReport:
    """Delete undecided articles first seen more than `keep_articles_days` ago, with their vectors.

    Imported articles, picks and decided articles are kept. The first night that finds expired articles only announces
    them; they are deleted from the next date on.

    Returns
    -------
    StepReport
        seen: articles in the store; done: those deleted; details: timestamps clamped, articles announced.
    """
    started = time.monotonic()
    day = as_of.run_date - timedelta(days=newsletter.limits.keep_articles_days)
    with database.reading() as connection:
        seen = _count(connection, "articles")
        old = connection.execute(EXPIRED, [datetime.combine(day, clock_time.min, UTC)]).fetchall()
        ahead = _count(connection, "articles WHERE first_seen_at > ?", as_of.time + AHEAD)
        stale = _count(connection, f"runs WHERE {OLD_RUNS}", as_of.time - KEEP_RUNS)
        announced_on = _announced_on(connection, as_of.run_date)
    announced = len(old) if announced_on is None else 0
    if announced_on is None or announced_on >= as_of.run_date:
        old = []
    if old or ahead or stale:
        with database.writing() as connection:
            connection.execute(
                "UPDATE articles SET first_seen_at = ? WHERE first_seen_at > ?", [as_of.time, as_of.time + AHEAD]
            )
            connection.execute(f"DELETE FROM runs WHERE {OLD_RUNS}", [as_of.time - KEEP_RUNS])  # noqa: S608 (constant)
            _delete(connection, [id for id, _, _ in old])
            delete_vectors(connection, {text for _, *story in old for text in views_of(*story) if text})
    details = {"times_put_right": ahead, "announced": announced}
    return StepReport("retention", seen, len(old), 0, time.monotonic() - started, details)


def _announced_on(connection: Connection, today: date) -> date | None:
    """Return the date of the first recorded run, the one that announced; None if there is none.

    One dated ahead by a wrong clock does not count: nothing would be deleted until then.
    """
    query = "SELECT min(as_of) FROM runs WHERE step IN ('retention', 'upkeep') AND as_of <= ?"
    row = connection.execute(query, [today]).fetchone()
    return row[0] if row else None


def _delete(connection: Connection, ids: list[str]) -> None:
    for table, column in (("predictions", "article_id"), ("exclusions", "article_id"), ("articles", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?::VARCHAR[]))", [ids])  # noqa: S608


def _count(connection: Connection, rows: str, *values: object) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}", list(values)).fetchone()  # noqa: S608 (constant)
    return int(found[0]) if found else 0
