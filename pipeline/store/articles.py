"""Tables `articles` and `article_feeds`: each article once, and the feeds that carried it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.core.as_of import AsOf
from pipeline.core.types import Article
from pipeline.core.urls import url_key
from pipeline.store.article_identity import RESOLVE, incoming_table
from pipeline.store.database import Connection, incoming

BATCH = 1_000  # rows read at once

INSERT = """
INSERT INTO articles (id, url, url_key, title, source, author, summary, text, published_at, first_seen_at, origin,
                      language, paywalled)
SELECT id, url, url_key, title, source, author, summary, text, published_at, first_seen_at, origin, language, paywalled
FROM resolved WHERE is_new QUALIFY row_number() OVER (PARTITION BY id ORDER BY n) = 1
ORDER BY n
"""

NEW = "SELECT n, id FROM resolved WHERE is_new QUALIFY row_number() OVER (PARTITION BY id ORDER BY n) = 1 ORDER BY n"

# A feed may change only the title it gave itself, so that two feeds with two titles do not alternate.
CORRECT = """
UPDATE articles a SET
    title = r.title,
    summary = CASE WHEN r.summary <> '' THEN r.summary ELSE a.summary END,
    text = CASE WHEN r.text <> '' THEN r.text ELSE a.text END
FROM resolved r JOIN article_feeds s ON s.article_id = r.id AND s.feed_url = r.feed_url
WHERE a.id = r.id AND NOT r.is_new AND a.title = s.title AND r.title <> s.title
"""

# In the order given, so that one batch and several leave the same.
COMPLETE = """
UPDATE articles a SET
    author = coalesce(a.author, r.author),
    published_at = coalesce(a.published_at, r.published_at),
    summary = CASE WHEN a.summary = '' THEN r.summary ELSE a.summary END,
    text = CASE WHEN a.text = '' THEN r.text ELSE a.text END,
    language = coalesce(a.language, r.language),
    paywalled = coalesce(a.paywalled, r.paywalled)
FROM (
    SELECT id, first(author ORDER BY n) FILTER (author IS NOT NULL) AS author,
           first(published_at ORDER BY n) FILTER (published_at IS NOT NULL) AS published_at,
           coalesce(first(summary ORDER BY n) FILTER (summary <> ''), '') AS summary,
           coalesce(first(text ORDER BY n) FILTER (text <> ''), '') AS text,
           first(language ORDER BY n) FILTER (language IS NOT NULL) AS language,
           first(paywalled ORDER BY n) FILTER (paywalled IS NOT NULL) AS paywalled
    FROM resolved GROUP BY id
) r
WHERE a.id = r.id AND (
    (a.author IS NULL AND r.author IS NOT NULL) OR (a.published_at IS NULL AND r.published_at IS NOT NULL)
    OR (a.summary = '' AND r.summary <> '') OR (a.text = '' AND r.text <> '')
    OR (a.language IS NULL AND r.language IS NOT NULL) OR (a.paywalled IS NULL AND r.paywalled IS NOT NULL))
"""

INSERT_FEEDS = """
INSERT INTO article_feeds (article_id, feed_url, guid, url_key, title)
SELECT id, feed_url, guid, url_key, title FROM resolved WHERE feed_url IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY id, feed_url ORDER BY n) = 1
ON CONFLICT DO UPDATE SET guid = coalesce(excluded.guid, guid), url_key = excluded.url_key, title = excluded.title
"""

# min() chooses one of the feeds that carried it, always the same one
SELECT = """
SELECT a.id, a.url, a.title, a.source, a.first_seen_at, a.published_at, a.author, a.summary, a.text, a.origin,
       s.feed_url, s.guid, a.language, a.paywalled
FROM articles a LEFT JOIN (
    SELECT article_id, min(feed_url) AS feed_url, arg_min(guid, feed_url) AS guid FROM article_feeds GROUP BY article_id
) s ON s.article_id = a.id
"""

NEWEST = """ AND (
    a.id IN (SELECT id FROM articles WHERE first_seen_at < $before ORDER BY first_seen_at DESC, id LIMIT $count)
    OR a.url_key IN (SELECT url_key FROM picks JOIN issues ON number = issue WHERE issue_date < $issues_before)
    OR a.id IN (SELECT article_id FROM decisions WHERE decided_at < CAST($decisions_before AS DATE)))
"""


def add_articles(connection: Connection, articles: Sequence[Article]) -> list[str]:
    """Insert new articles, record which feed carried which, and let feeds correct their own titles. Idempotent.

    An article's id, address and `first_seen_at` never change; missing fields (summary, author, date) are filled in.

    Parameters
    ----------
    connection : Connection
        Inside a transaction (`Database.writing`).
    articles : sequence of Article
        In any order; the first of two spellings of one story wins.

    Returns
    -------
    list of str
        The ids that are new.
    """
    return list(insert_articles(connection, articles).values())


def insert_articles(connection: Connection, articles: Sequence[Article]) -> dict[int, str]:
    """Do as `add_articles`. Returns the new ones as position in `articles` → id."""
    if not articles:
        return {}
    with incoming(connection, incoming_table(articles)):
        connection.execute(RESOLVE)
        connection.execute(INSERT)
        new = connection.execute(NEW).fetchall()
        for statement in (CORRECT, COMPLETE, INSERT_FEEDS):
            connection.execute(statement)
        connection.execute("DROP TABLE resolved")
    return {int(n): str(id) for n, id in new}


def newest_articles(connection: Connection, as_of: AsOf, count: int | None = None) -> list[Article]:
    """Return the articles known at a time, ordered by `first_seen_at`, then id; without their full texts.

    With `count`, only the newest so many, and those that by then were published or decided on.
    """
    values: dict[str, object] = {"before": as_of.articles_until}
    chosen = "a.first_seen_at < $before"
    if count is not None:
        chosen += NEWEST
        values |= {"count": count, "issues_before": as_of.issues_before}
        values["decisions_before"] = as_of.decisions_before
    bare = SELECT.replace("a.text", "''")  # no model uses it, and it would fill the memory
    return _read(connection, f"{bare} WHERE {chosen} ORDER BY a.first_seen_at, a.id", values)


def articles_by_id(connection: Connection, ids: Iterable[str]) -> list[Article]:
    """Return the articles with these ids, ordered by id; unknown ids are left out."""
    return _read(connection, SELECT + "WHERE a.id IN (SELECT unnest(?::VARCHAR[])) ORDER BY a.id", [list(ids)])


def articles_by_key(connection: Connection, url: str) -> list[Article]:
    """Return the article of an address in any of its spellings; an empty list if it is not known."""
    rows = connection.execute(
        "SELECT min(id) FROM (SELECT id FROM articles WHERE url_key = $key "
        "UNION ALL SELECT article_id FROM article_feeds WHERE url_key = $key)",
        {"key": url_key(url)},
    ).fetchall()
    return articles_by_id(connection, [row[0] for row in rows])


def sources_of(connection: Connection, ids: Iterable[str]) -> dict[str, list[str]]:
    """Return for each article its own source, then the names of the other feeds that carried it."""
    rows = connection.execute(
        """
        SELECT a.id, list_distinct(list(coalesce(f.title, s.feed_url) ORDER BY s.feed_url)
               FILTER (s.feed_url IS NOT NULL)), a.source
        FROM articles a LEFT JOIN article_feeds s ON s.article_id = a.id LEFT JOIN feeds f ON f.url = s.feed_url
        WHERE a.id IN (SELECT unnest(?::VARCHAR[])) GROUP BY a.id, a.source
        """,
        [list(ids)],
    ).fetchall()
    return {i: [source, *sorted(n for n in names or () if n != source)] for i, names, source in rows}


def bring_forward(connection: Connection, article_id: str, seen_at: datetime) -> None:
    """Mark an article as the editor's find: it is a candidate from `seen_at` on, however old."""
    connection.execute(
        "UPDATE articles SET origin = 'editor', first_seen_at = greatest(first_seen_at, ?) WHERE id = ?",
        [seen_at, article_id],
    )


def _read(connection: Connection, query: str, values: list[object] | dict[str, object]) -> list[Article]:
    """Run a query of articles; its rows are not held beside the records that are made of them."""
    connection.execute(query, values)
    return [Article(*row) for rows in iter(lambda: connection.fetchmany(BATCH), []) for row in rows]
