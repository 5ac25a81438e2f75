"""Fetch the titles of the pages behind one-liners of past issues. Writes page_titles."""

import asyncio
import time
from collections.abc import Sequence

from pipeline.archive.formats.format_html import page_title
from pipeline.core.config import Newsletter
from pipeline.core.types import Fetched, Issue, Progress, StepReport
from pipeline.core.urls import url_key
from pipeline.feeds.encoding import decode
from pipeline.feeds.fetch_page import ACCEPT_PAGE
from pipeline.feeds.http import guarded_client
from pipeline.feeds.robots import Robots, robots_address
from pipeline.store.database import Database
from pipeline.store.fetched_pages import add_titles, known_titles

LONGEST_TITLE = 300  # characters; longer titles are cut


def fetch_titles(
    database: Database, newsletter: Newsletter, issues: Sequence[Issue], progress: Progress | None = None
) -> StepReport:
    """Fetch the titles of the pages behind one-liners, each page once; on failure the link text stays the title."""
    started = time.perf_counter()
    wanted = {
        url_key(pick.url): pick.url for issue in issues for pick in issue.picks if pick.kind == "inline" and pick.url
    }
    with database.reading() as connection:
        known = known_titles(connection)
    missing = {key: url for key, url in wanted.items() if key not in known}
    found = asyncio.run(_fetch_pages(missing, newsletter, progress))
    with database.writing() as connection:
        add_titles(connection, found)
    titled = sum(title is not None for title in found.values())
    return StepReport("fetch titles", len(missing), titled, len(missing) - titled, time.perf_counter() - started)


async def _fetch_pages(
    pages: dict[str, str], newsletter: Newsletter, progress: Progress | None
) -> dict[str, str | None]:
    """Fetch each site's pages one after the other, with the crawl delay of its robots.txt; the sites concurrently."""
    titles: dict[str, str | None] = {}
    sites: dict[str, dict[str, str]] = {}
    for key, url in pages.items():
        sites.setdefault(robots_address(url), {})[key] = url
    async with guarded_client(newsletter) as client:

        async def fetch_site(robots: str, wanted: dict[str, str]) -> None:
            rules = Robots(await client.get(robots))
            for key, url in wanted.items():
                if rules.allows(url):
                    titles.update(_title_of(key, await client.get(url, accept=ACCEPT_PAGE)))
                    await asyncio.sleep(rules.delay_s)
                if progress:
                    progress(len(titles), len(pages))

        await asyncio.gather(*(fetch_site(robots, wanted) for robots, wanted in sites.items()))
    return titles


def _title_of(key: str, fetched: Fetched) -> dict[str, str | None]:
    """Return a page's title; nothing on a server error, so that it is asked again."""
    if not 200 <= fetched.status < 500:
        return {}
    markup = decode(fetched.body, fetched.content_type) if fetched.status == 200 else ""
    return {key: page_title(markup)[:LONGEST_TITLE] or None}
