"""Keep the house before a night: forget old articles, and put right what a wrong clock left behind.

Runs first, and goes by the date alone, so that a night run twice finds it done. Knows no models and no feeds' bytes.
"""

import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.embedding_text import article_text, title_text
from pipeline.core.types import StepReport
from pipeline.store.database import Connection, Database
from pipeline.store.embeddings import forget_vectors

# Sightings stay: by them a feed that still carries an old entry is told that we know it.
OLD = """
    SELECT id, title, summary FROM articles
    WHERE first_seen_at < ?
      AND id NOT IN (SELECT article_id FROM decisions WHERE article_id IS NOT NULL)
      AND id NOT IN (SELECT id FROM review)
      AND url_key NOT IN (SELECT url_key FROM picks WHERE url_key IS NOT NULL)
"""
OLD_RUNS = "step NOT IN ('replay', 'retrain') AND started_at < ?"
KEEP_RUNS = timedelta(days=90)  # a night's pull notes every feed it asked
AHEAD = timedelta(days=1)  # so far ahead of now, a time was written by a clock that was wrong

TokenFeatures = tuple[str, str]  # title, summary


def apply_retention(database: Database, newsletter: Newsletter, as_of: AsOf) -> StepReport:
    """Forget undecided articles older than `keep_articles_days` with their vectors; picks and decisions never.

    Returns
    -------
    StepReport
        seen: articles in the store; done: those forgotten; details: times put right.
    """
    started = time.monotonic()
    day = as_of.run_date - timedelta(days=newsletter.limits.keep_articles_days)
    with database.reading() as connection:
        seen = _count(connection, "articles")
        old = connection.execute(OLD, [datetime.combine(day, clock_time.min, UTC)]).fetchall()
        ahead = _count(connection, "articles WHERE first_seen_at > ?", as_of.time + AHEAD)
        stale = _count(connection, f"runs WHERE {OLD_RUNS}", as_of.time - KEEP_RUNS)
        texts = _unshared(connection, {id: (title, summary) for id, title, summary in old})
    if old or ahead or stale:
        with database.writing() as connection:
            # nothing waits for a day that a wrong clock dreamt of
            connection.execute(
                "UPDATE articles SET first_seen_at = ? WHERE first_seen_at > ?", [as_of.time, as_of.time + AHEAD]
            )
            connection.execute(f"DELETE FROM runs WHERE {OLD_RUNS}", [as_of.time - KEEP_RUNS])  # noqa: S608 (constant)
            _forget(connection, [id for id, _, _ in old])
            forget_vectors(connection, texts)
    return StepReport("upkeep", seen, len(old), 0, time.monotonic() - started, {"times_put_right": ahead})


def _unshared(connection: Connection, old: dict[str, TokenFeatures]) -> list[str]:
    """Return the texts that only the old articles have."""
    if not old:
        return []
    articles = connection.execute("SELECT id, title, summary FROM articles").fetchall()
    titles = connection.execute("SELECT title FROM picks").fetchall()
    kept = [(title, summary) for id, title, summary in articles if id not in old]
    return sorted(_texts(old.values()) - _texts([*kept, *((title, "") for (title,) in titles)]))


def _texts(views: Iterable[TokenFeatures]) -> set[str]:
    views = list(views)
    return {title_text(title) for title, _ in views} | {article_text(*view) for view in views if view[1]}


def _forget(connection: Connection, ids: list[str]) -> None:
    for table, column in (("predictions", "article_id"), ("exclusions", "article_id"), ("articles", "id")):
        connection.execute(f"DELETE FROM {table} WHERE {column} IN (SELECT unnest(?::VARCHAR[]))", [ids])  # noqa: S608


def _count(connection: Connection, rows: str, *values: object) -> int:
    found = connection.execute(f"SELECT count(*) FROM {rows}", list(values)).fetchone()  # noqa: S608 (constant)
    return int(found[0]) if found else 0
