"""Fetch the page of one article when its editor looks at it; obeys robots.txt."""

import asyncio
from dataclasses import asdict

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.feeds.article_page import Page
from pipeline.feeds.fetch_page import fetch_page
from pipeline.feeds.http import guarded_client
from pipeline.feeds.robots import RobotsCache
from pipeline.feeds.sandbox import Workers
from pipeline.store.database import Database
from pipeline.store.fetched_pages import save_page

PARSE_TIMEOUT_S = 20.0  # for extracting the page


def page_state(database: Database, id: str) -> tuple[bool, str | None]:
    """Return whether an article's page may be fetched unasked, and why it could not be read when it was.

    It may where one of its feeds has `fulltext` on, and the page was not asked for yet.
    """
    with database.reading() as connection:
        asked = connection.execute("SELECT error FROM pages WHERE article_id = ?", [id]).fetchone()
        allowed = connection.execute(
            """SELECT count(*) FROM article_feeds s JOIN feeds f ON f.url = s.feed_url
               WHERE s.article_id = ? AND f.fulltext <> 'never'""",
            [id],
        ).fetchone()
    return bool(allowed and allowed[0]) and asked is None, str(asked[0]) if asked and asked[0] else None


def read_article(
    database: Database, newsletter: Newsletter, as_of: AsOf, id: str, url: str, robots: RobotsCache
) -> str | None:
    """Fetch an article's page and store its text. Returns the reason if it could not be read."""
    page, problem = asyncio.run(_fetch(newsletter, as_of, url, robots))
    with database.writing() as connection:
        save_page(connection, id, as_of.run_date, asdict(page), problem)
    return problem


async def _fetch(newsletter: Newsletter, as_of: AsOf, url: str, robots: RobotsCache) -> tuple[Page, str | None]:
    async with guarded_client(newsletter) as client, Workers(1, PARSE_TIMEOUT_S) as workers:
        if not (await robots.rules(client, url)).allows(url):
            return Page(), "its site's robots.txt disallows it"
        page, problem = await fetch_page(client, workers, url, as_of.time)
    return page, problem or (None if page.text else "holds no article")
