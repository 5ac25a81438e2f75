"""Tables `pages` and `page_titles`: the linked pages that were fetched, and with what result."""

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from pipeline.store.database import Connection, incoming

SHORT_TEXT = 600  # characters; the page of an entry with less is fetched
MAX_TRIES = 3  # runs, on different dates
RECENT = timedelta(days=14)

PAGE_FIELDS = ("text", "summary", "author", "published_at", "language", "paywalled")
TITLES = pa.schema([("url_key", pa.string()), ("title", pa.string())])

WANTED = """
SELECT a.id, any_value(a.url) AS url
FROM articles a JOIN article_feeds s ON s.article_id = a.id JOIN feeds f ON f.url = s.feed_url
LEFT JOIN pages p ON p.article_id = a.id
WHERE (f.fulltext = 'always' OR (f.fulltext = 'short' AND length(a.text) < $short AND length(a.summary) < $short))
  AND a.first_seen_at > $run_date::DATE - $recent::INTERVAL
  AND (p.article_id IS NULL OR (p.error IS NOT NULL AND p.tries < $tries AND p.tried_on < $run_date))
GROUP BY a.id ORDER BY max(a.first_seen_at) DESC, a.id LIMIT $limit
"""

UPDATE_ARTICLE = """
UPDATE articles SET
    text = CASE WHEN length($text) > length(text) THEN $text ELSE text END,
    summary = CASE WHEN summary = '' THEN $summary ELSE summary END,
    author = coalesce(author, $author), published_at = coalesce(published_at, $published_at),
    language = coalesce(language, $language), paywalled = coalesce($paywalled, paywalled)
WHERE id = $id
"""


def pages_wanted(connection: Connection, run_date: date, limit: int) -> list[tuple[str, str]]:
    """Return (article id, address) of the pages to fetch, newest first."""
    values = {"run_date": run_date, "short": SHORT_TEXT, "recent": RECENT, "tries": MAX_TRIES, "limit": limit}
    return [(str(id), str(url)) for id, url in connection.execute(WANTED, values).fetchall()]


def save_page(
    connection: Connection, article_id: str, run_date: date, page: Mapping[str, object], error: str | None
) -> None:
    """Record that a page was fetched. It fills in missing fields, and its text replaces a shorter one.

    Parameters
    ----------
    page : mapping
        text, summary, author, published_at, language, paywalled; used only where `error` is None.
    """
    connection.execute(
        "INSERT INTO pages VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
        "tried_on = excluded.tried_on, tries = tries + 1, error = excluded.error",
        [article_id, run_date, error],
    )
    if error is None:
        connection.execute(UPDATE_ARTICLE, {"id": article_id} | {name: page[name] for name in PAGE_FIELDS})


def known_titles(connection: Connection) -> dict[str, str | None]:
    """Return url_key → title; None where the page has none."""
    return dict(connection.execute("SELECT url_key, title FROM page_titles").fetchall())


def add_titles(connection: Connection, titles: Mapping[str, str | None]) -> None:
    """Store the titles of pages; None where a page has none."""
    rows = pa.table({"url_key": list(titles), "title": list(titles.values())}, schema=TITLES)
    with incoming(connection, rows):
        connection.execute("INSERT OR REPLACE INTO page_titles SELECT * FROM incoming")
