"""Fetch the page of one article when its editor looks at it; obeys robots.txt."""

import asyncio
from dataclasses import asdict

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.feeds.article_page import Page
from pipeline.feeds.fetch_page import fetch_page
from pipeline.feeds.http import guarded_client
from pipeline.feeds.robots import Robots, robots_address
from pipeline.feeds.sandbox import Workers
from pipeline.store.database import Database
from pipeline.store.fetched_pages import save_page

PARSE_TIMEOUT_S = 20.0  # for extracting the page


def may_fetch(database: Database, id: str) -> bool:
    """Return whether one of the article's feeds has `fulltext` on, and its page was not asked for yet."""
    with database.reading() as connection:
        row = connection.execute(
            """SELECT count(*) FILTER (f.fulltext <> 'never') > 0
                      AND NOT EXISTS (FROM pages p WHERE p.article_id = $id)
               FROM article_feeds s JOIN feeds f ON f.url = s.feed_url WHERE s.article_id = $id""",
            {"id": id},
        ).fetchone()
    return bool(row and row[0])


def fetch_problem(database: Database, id: str) -> str | None:
    """Return why the article's page could not be read when it was last asked for; None if it could, or was not."""
    with database.reading() as connection:
        row = connection.execute("SELECT error FROM pages WHERE article_id = ?", [id]).fetchone()
    return str(row[0]) if row and row[0] else None


def read_article(database: Database, newsletter: Newsletter, as_of: AsOf, id: str, url: str) -> str | None:
    """Fetch an article's page and store its text. Returns the reason if it could not be read."""
    page, problem = asyncio.run(_fetch(newsletter, as_of, url))
    with database.writing() as connection:
        save_page(connection, id, as_of.run_date, asdict(page), problem)
    return problem


async def _fetch(newsletter: Newsletter, as_of: AsOf, url: str) -> tuple[Page, str | None]:
    async with guarded_client(newsletter) as client, Workers(1, PARSE_TIMEOUT_S) as workers:
        robots = Robots(await client.get(robots_address(url), accept="text/plain"))
        if not robots.allows(url):
            return Page(), "its site's robots.txt disallows it"
        page, problem = await fetch_page(client, workers, url, as_of.time)
    return page, problem or (None if page.text else "holds no article")
