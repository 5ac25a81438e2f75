"""Which incoming articles are stored already: the table of a batch, and the statement that resolves it."""

from collections.abc import Sequence
from dataclasses import fields

import pyarrow as pa

from pipeline.core.types import Article
from pipeline.core.urls import PLACE, page_of, place_on_page, url_key

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
# 2. its feed carried an entry on the same page with the same guid, or with the same title and no other date; if it
#    carried several such, they must also have its date or its whole address, and no other guid;
# 3. its feed used its guid before, for an entry with a title alike, or of the same date and with the same path or text;
# 4. its feed carried an entry with the same title and date, or the same title and path (a site that moves its host), or
#    the same title on another host where neither has a date; a title of less than 12 characters, which may be any
#    story's, needs title, date and path.
# A guid that several entries of the feed share identifies none.
# 2 goes before 1 where the feed has several stories on that page. And 1 does not hold where its feed gave that address
# to another story: another guid and another title, or another title and date, where titles that differ in a number
# alone are two if the guid and the date are others, too. Such an entry gets a place on the page, so that no entry
# renames an older one; so does one whose anchor was another story's.
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
           regexp_replace(s.url_key, '{PLACE}', '') AS page_key,
           regexp_replace(s.url_key, '^[^/?#]+', '') AS path, nullif(left(a.summary, 80), '') AS start
    FROM article_feeds s JOIN articles a ON a.id = s.article_id
    WHERE s.feed_url IN (SELECT DISTINCT feed_url FROM incoming)
), on_page AS (
    SELECT n, c.*, c.guid = b.true_guid AS same_guid, c.title = lower(b.title) AS same_title,
           b.true_guid IS NOT NULL AND c.guid <> b.true_guid AS other_guid,
           b.published_at IS NOT NULL AND c.published_at IS NOT NULL AND c.published_at <> b.published_at AS other_date,
           coalesce(c.published_at = b.published_at, false) AS same_date, c.url_key = b.url_key AS same_address,
           count_if(c.title = lower(b.title) AND coalesce(c.published_at = b.published_at, true))
               OVER (PARTITION BY n) AS n_of_title,
           jaro_winkler_similarity(c.title, lower(b.title)) > 0.7 AS alike,
           regexp_replace(c.title, '\\D+', ' ', 'g') <> regexp_replace(b.title, '\\D+', ' ', 'g') AS other_number
    FROM batch b JOIN carried c ON c.feed_url = b.feed_url AND c.page_key = b.page_key
), on_page_known AS (
    SELECT n, arg_min(article_id,
                      (NOT coalesce(same_guid, false), NOT same_date, NOT same_address, other_date, article_id)) AS id
    FROM on_page WHERE same_guid OR (
        same_title AND NOT (other_date AND (other_guid OR guid IS NULL))
        AND (n_of_title = 1 OR (NOT other_guid AND (same_date OR same_address)))
    ) GROUP BY n
), on_page_refused AS (
    SELECT n FROM on_page GROUP BY n
    HAVING count(DISTINCT article_id) > 1
        OR bool_and(CASE WHEN alike THEN other_number AND other_guid AND other_date ELSE other_guid OR other_date END)
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
       OR (c.published_at IS NULL AND b.published_at IS NULL AND length(b.title) >= 12
           AND split_part(c.page_key, '/', 1) <> split_part(b.page_key, '/', 1))
    GROUP BY n HAVING count(DISTINCT c.article_id) = 1
), matched AS (
    SELECT b.*, CASE WHEN r.n IS NULL THEN coalesce(a.id, p.id) ELSE p.id END AS known,
           r.n IS NOT NULL AND p.id IS NULL AND (b.url_key = b.page_key OR a.id IS NOT NULL) AS is_refused
    FROM batch b LEFT JOIN by_address a USING (n) LEFT JOIN on_page_known p USING (n)
                 LEFT JOIN on_page_refused r USING (n)
), placed AS (
    SELECT m.* EXCLUDE (is_refused) REPLACE (
        CASE WHEN is_refused THEN new_url ELSE m.url END AS url,
        CASE WHEN is_refused THEN m.page_key || m.place ELSE m.url_key END AS url_key,
        CASE WHEN is_refused THEN left(sha256(new_url), 16) ELSE m.id END AS id,
        coalesce(m.known, CASE WHEN is_refused THEN a.id END) AS known)
    FROM (SELECT *, regexp_replace(url, '{PLACE}', '') || place AS new_url FROM matched) m
         LEFT JOIN articles a ON is_refused AND a.url_key = m.page_key || m.place
)
SELECT placed.* EXCLUDE (known, page_key, place, new_url) REPLACE (
           coalesce(known, g.id, t.id, first_value(placed.id) OVER (PARTITION BY placed.url_key ORDER BY n)) AS id),
       coalesce(known, g.id, t.id) IS NULL AS is_new
FROM placed LEFT JOIN by_guid g USING (n) LEFT JOIN by_title t USING (n)
""".replace("{PLACE}", PLACE.pattern)


def incoming_table(articles: Sequence[Article]) -> pa.Table:
    """Return a batch with the keys of each address, and `n`, its place in the batch."""
    columns: dict[str, list[object]] = {
        f.name: [getattr(article, f.name) for article in articles] for f in fields(Article)
    }
    columns["n"] = list(range(len(articles)))
    columns["url_key"] = [url_key(article.url) for article in articles]
    columns["page_key"] = [page_of(str(key)) for key in columns["url_key"]]
    columns["place"] = [
        place_on_page("", article.guid or f"{article.title}|{article.published_at or ''}") for article in articles
    ]
    return pa.table(columns, schema=SCHEMA)
