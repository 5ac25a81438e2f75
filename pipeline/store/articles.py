"""Tables `articles` and `article_feeds`: each article once, and the feeds that carried it."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime

import pyarrow as pa

from pipeline.core.as_of import AsOf
from pipeline.core.types import Article
from pipeline.core.urls import page_of, place_on_page, url_key
from pipeline.store.database import Connection, incoming

BATCH = 1_000  # rows read at once
INSTANT = pa.timestamp("us", tz="UTC")
SCHEMA = pa.schema(
    [
        ("n", pa.int64()),
        *((f.name, pa.string()) for f in fields(Article)),
        *((name, pa.string()) for name in ("url_key", "page_key", "place")),
    ]
)
for _name, _type in (("first_seen_at", INSTANT), ("published_at", INSTANT), ("paywalled", pa.bool_())):
    SCHEMA = SCHEMA.set(SCHEMA.get_field_index(_name), pa.field(_name, _type))

# The store's half of the identity rule; what gives the entries of one feed different addresses is its first half, in
# `pipeline.feeds.identity`. An incoming article is one that is stored if, in this order,
# 1. its address is one of a stored article, or one that a feed gave for it;
# 2. its feed carried an entry on the same page with the same guid, or with the same title and no other date;
# 3. its feed used its guid before, for an entry with a title alike, or of the same date and with the same path or text;
# 4. its feed carried an entry with the same title and date, or the same title and path (a site that moves its host); a
#    title of less than 12 characters, which may be any story's, needs title, date and path.
# A guid that several entries of the feed share identifies none.
# 2 goes before 1 where the feed has several stories on that page. And 1 does not hold where its feed gave that address
# to another story: another guid and another title, or another title and date. Such an entry gets a place on the page,
# so that no entry renames an older one.
RESOLVE = """
CREATE TEMP TABLE resolved AS
WITH batch AS (
    SELECT *, CASE WHEN min(url_key) OVER same_guid = max(url_key) OVER same_guid THEN guid END AS true_guid
    FROM incoming WINDOW same_guid AS (PARTITION BY feed_url, guid)
), addresses AS (
    SELECT url_key, id FROM articles UNION SELECT url_key, article_id FROM article_feeds
), by_address AS (
    SELECT n, min(addresses.id) AS id FROM batch JOIN addresses USING (url_key) GROUP BY n
), carried AS (
    SELECT s.feed_url, s.article_id, s.guid, lower(s.title) AS title, a.published_at, s.url_key,
           regexp_replace(s.url_key, '#/[0-9a-f]{8}$', '') AS page_key,
           regexp_replace(s.url_key, '^[^/?#]+', '') AS path, nullif(left(a.summary, 80), '') AS start
    FROM article_feeds s JOIN articles a ON a.id = s.article_id
    WHERE s.feed_url IN (SELECT DISTINCT feed_url FROM incoming)
), on_page AS (
    SELECT n, c.*, c.guid = b.true_guid AS same_guid, c.title = lower(b.title) AS same_title,
           b.true_guid IS NOT NULL AND c.guid <> b.true_guid AS other_guid,
           b.published_at IS NOT NULL AND c.published_at IS NOT NULL AND c.published_at <> b.published_at AS other_date,
           jaro_winkler_similarity(c.title, lower(b.title)) > 0.7 AS alike
    FROM batch b JOIN carried c ON c.feed_url = b.feed_url AND c.page_key = b.page_key
), on_page_known AS (
    SELECT n, arg_min(article_id, (NOT coalesce(same_guid, false), other_date, article_id)) AS id
    FROM on_page WHERE same_guid OR (same_title AND NOT (other_date AND (other_guid OR guid IS NULL))) GROUP BY n
), on_page_refused AS (
    SELECT n FROM on_page GROUP BY n
    HAVING count(DISTINCT article_id) > 1 OR bool_and(NOT alike AND (other_guid OR other_date))
), by_guid AS (
    SELECT n, min(c.article_id) AS id
    FROM batch b JOIN carried c ON c.feed_url = b.feed_url AND c.guid = b.true_guid
    WHERE jaro_winkler_similarity(c.title, lower(b.title)) > 0.7
       OR (c.published_at = b.published_at
           AND (c.path = regexp_replace(b.url_key, '^[^/?#]+', '') OR c.start = left(b.summary, 80)))
    GROUP BY n HAVING count(DISTINCT c.article_id) = 1
), by_title AS (
    SELECT n, min(c.article_id) AS id
    FROM batch b JOIN carried c ON c.feed_url = b.feed_url AND c.title = lower(b.title) AND c.page_key <> b.page_key
    WHERE (c.published_at = b.published_at AND length(b.title) >= 12)
       OR (c.path = regexp_replace(b.url_key, '^[^/?#]+', '') AND length(c.path) > 1
           AND (c.published_at IS NOT DISTINCT FROM b.published_at OR length(b.title) >= 12))
    GROUP BY n HAVING count(DISTINCT c.article_id) = 1
), matched AS (
    SELECT b.*, CASE WHEN r.n IS NULL THEN coalesce(a.id, p.id) ELSE p.id END AS known,
           r.n IS NOT NULL AND p.id IS NULL AND b.url_key = b.page_key AS is_refused
    FROM batch b LEFT JOIN by_address a USING (n) LEFT JOIN on_page_known p USING (n)
                 LEFT JOIN on_page_refused r USING (n)
), placed AS (
    SELECT m.* EXCLUDE (is_refused) REPLACE (
        CASE WHEN is_refused THEN m.url || m.place ELSE m.url END AS url,
        CASE WHEN is_refused THEN m.url_key || m.place ELSE m.url_key END AS url_key,
        CASE WHEN is_refused THEN left(sha256(m.url || m.place), 16) ELSE m.id END AS id,
        coalesce(m.known, CASE WHEN is_refused THEN a.id END) AS known)
    FROM matched m LEFT JOIN articles a ON is_refused AND a.url_key = m.url_key || m.place
)
SELECT placed.* EXCLUDE (known, page_key, place) REPLACE (
           coalesce(known, g.id, t.id, first_value(placed.id) OVER (PARTITION BY placed.url_key ORDER BY n)) AS id),
       coalesce(known, g.id, t.id) IS NULL AS is_new
FROM placed LEFT JOIN by_guid g USING (n) LEFT JOIN by_title t USING (n)
"""

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
    OR a.id IN (SELECT article_id FROM decisions WHERE decided_at < CAST($issues_before AS DATE)))
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
    with incoming(connection, _as_table(articles)):
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


def _as_table(articles: Sequence[Article]) -> pa.Table:
    columns: dict[str, list[object]] = {
        f.name: [getattr(article, f.name) for article in articles] for f in fields(Article)
    }
    columns["n"] = list(range(len(articles)))
    columns["url_key"] = [url_key(article.url) for article in articles]
    columns["page_key"] = [page_of(str(key)) for key in columns["url_key"]]
    columns["place"] = [place_on_page("", article.guid or article.title) for article in articles]
    return pa.table(columns, schema=SCHEMA)


def _read(connection: Connection, query: str, values: list[object] | dict[str, object]) -> list[Article]:
    """Run a query of articles; its rows are not held beside the records that are made of them."""
    connection.execute(query, values)
    return [Article(*row) for rows in iter(lambda: connection.fetchmany(BATCH), []) for row in rows]
