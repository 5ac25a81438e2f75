"""Tables `pages` and `page_titles`: the linked pages that were fetched, and with what result."""

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from pipeline.store.database import Connection, incoming

SHORT_TEXT = 600  # characters; an entry that gives less is worth reading at its page
MOST_TRIES = 3  # nights
RECENT = timedelta(days=14)

SAID = ("text", "summary", "author", "published_at", "language", "paywalled")
TITLES = pa.schema([("url_key", pa.string()), ("title", pa.string())])

WANTED = """
SELECT a.id, any_value(a.url) AS url
FROM articles a JOIN article_feeds s ON s.article_id = a.id JOIN feeds f ON f.url = s.feed_url
LEFT JOIN pages p ON p.article_id = a.id
WHERE (f.fulltext = 'always' OR (f.fulltext = 'short' AND length(a.text) < $short AND length(a.summary) < $short))
  AND a.first_seen_at > $night::DATE - $recent::INTERVAL
  AND (p.article_id IS NULL OR (p.error IS NOT NULL AND p.tries < $tries AND p.tried_on < $night))
GROUP BY a.id ORDER BY max(a.first_seen_at) DESC, a.id LIMIT $most
"""

KEEP = """
UPDATE articles SET
    text = CASE WHEN length($text) > length(text) THEN $text ELSE text END,
    summary = CASE WHEN summary = '' THEN $summary ELSE summary END,
    author = coalesce(author, $author), published_at = coalesce(published_at, $published_at),
    language = coalesce(language, $language), paywalled = coalesce($paywalled, paywalled)
WHERE id = $id
"""


def pages_wanted(connection: Connection, night: date, most: int) -> list[tuple[str, str]]:
    """Return (article id, address) of pages that the editor wants read and that were not, newest first."""
    values = {"night": night, "short": SHORT_TEXT, "recent": RECENT, "tries": MOST_TRIES, "most": most}
    return [(str(id), str(url)) for id, url in connection.execute(WANTED, values).fetchall()]


def keep_page(
    connection: Connection, article_id: str, night: date, said: Mapping[str, object], problem: str | None
) -> None:
    """Note that a page was asked for. What it said fills gaps, and its text serves if it is the longer one.

    Parameters
    ----------
    said : mapping
        text, summary, author, published_at, language, paywalled; used only where there was no problem.
    """
    connection.execute(
        "INSERT INTO pages VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
        "tried_on = excluded.tried_on, tries = tries + 1, error = excluded.error",
        [article_id, night, problem],
    )
    if problem is None:
        connection.execute(KEEP, {"id": article_id} | {name: said[name] for name in SAID})


def known_titles(connection: Connection) -> dict[str, str | None]:
    """Return url_key → title; None where the page was asked and did not say."""
    return dict(connection.execute("SELECT url_key, title FROM page_titles").fetchall())


def add_titles(connection: Connection, titles: Mapping[str, str | None]) -> None:
    """Remember what pages said, or that they said nothing."""
    rows = pa.table({"url_key": list(titles), "title": list(titles.values())}, schema=TITLES)
    with incoming(connection, rows):
        connection.execute("INSERT OR REPLACE INTO page_titles SELECT * FROM incoming")
