"""Fetch full texts from the pages of entries, for feeds with `fulltext`; obeys robots.txt, each page once."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.urls import host_of
from pipeline.feeds.article_page import Page
from pipeline.feeds.fetch import Client
from pipeline.feeds.fetch_page import fetch_page
from pipeline.feeds.http import guarded_client
from pipeline.feeds.robots import RobotsCache
from pipeline.feeds.sandbox import Workers
from pipeline.store.database import Database
from pipeline.store.fetched_pages import pages_wanted, save_page

MAX_PAGES = 400  # a run
MAX_PER_SITE = 25  # a run
TOTAL_TIMEOUT_S = 600.0  # for all pages; the rest is fetched in the next run
PARSE_TIMEOUT_S = 20.0  # for extracting one page
BATCH = 20  # pages stored in one transaction

PageResult = tuple[str, Page, str | None]  # article id, its page, the reason if it could not be read


def fetch_fulltext(database: Database, newsletter: Newsletter, as_of: AsOf) -> dict[str, int]:
    """Fetch the wanted pages. Returns how many were read and how many failed; those keep their summary."""
    with database.reading() as connection:
        wanted = pages_wanted(connection, as_of.run_date, MAX_PAGES)
    return asyncio.run(_FulltextRun(database, newsletter, as_of).run(wanted)) if wanted else {"read": 0, "failed": 0}


class _FulltextRun:
    """The pages of one run: sites concurrently, the pages of one site one after another with its crawl delay."""

    def __init__(self, database: Database, newsletter: Newsletter, as_of: AsOf) -> None:
        self.database, self.newsletter, self.as_of = database, newsletter, as_of
        self.robots = RobotsCache()
        self.done: list[PageResult] = []
        self.counts = {"read": 0, "failed": 0}

    async def run(self, wanted: Sequence[tuple[str, str]]) -> dict[str, int]:
        sites: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for id, url in wanted:
            sites[host_of(url)].append((id, url))
        try:
            workers = Workers(1, PARSE_TIMEOUT_S)
            async with asyncio.timeout(TOTAL_TIMEOUT_S), guarded_client(self.newsletter) as client, workers:
                await asyncio.gather(*(self._site(client, workers, pages[:MAX_PER_SITE]) for pages in sites.values()))
        except TimeoutError:
            pass
        await self._store(at_least=1)
        return self.counts

    async def _site(self, client: Client, workers: Workers, pages: Sequence[tuple[str, str]]) -> None:
        for id, url in pages:
            robots = await self.robots.rules(client, url)
            if robots.allows(url):
                page, problem = await fetch_page(client, workers, url, self.as_of.time)
                problem = problem or (None if page.text else "holds no article")
                await asyncio.sleep(robots.delay_s)
            else:
                page, problem = Page(), "its site's robots.txt disallows it"
            self.done.append((id, page, problem))
            await self._store(at_least=BATCH)

    async def _store(self, at_least: int) -> None:
        if len(self.done) < at_least:
            return
        done, self.done = self.done, []
        for _, _, problem in done:
            self.counts["failed" if problem else "read"] += 1
        await asyncio.to_thread(self._write, done)

    def _write(self, done: Sequence[PageResult]) -> None:
        with self.database.writing() as connection:
            for id, page, problem in done:
                save_page(connection, id, self.as_of.run_date, asdict(page), problem)
