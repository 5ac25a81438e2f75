"""Add a link that the editor found; where its page cannot be read, the address alone is stored."""

import asyncio
from dataclasses import replace

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Article
from pipeline.core.urls import article_id, canonical_url, host_of
from pipeline.feeds.article_page import Page
from pipeline.feeds.fetch_page import fetch_page
from pipeline.feeds.http import guarded_client
from pipeline.feeds.sandbox import Workers
from pipeline.store.articles import add_articles, articles_by_key, bring_forward
from pipeline.store.database import Database


def add_link(database: Database, newsletter: Newsletter, as_of: AsOf, address: str) -> tuple[Article, str | None]:
    """Store the article at an address with origin "editor", so that it is a candidate from now on.

    Returns
    -------
    Article
        As stored; one that was known already keeps its id and its fields.
    str or None
        Why the page could not be read, if it could not.

    Raises
    ------
    InputError
        If the address is no web address.
    """
    url = canonical_url(address)
    if not url:
        raise InputError(f"{address!r} is no web address; give one that begins with https://")
    page, problem = asyncio.run(_read(url, newsletter, as_of))
    article = Article(
        id=article_id(url),
        url=url,
        title=page.title or url,
        source=host_of(url),
        first_seen_at=as_of.time,
        published_at=page.published_at,
        author=page.author,
        summary=page.summary,
        text=page.text,
        origin="editor",
        language=page.language,
        paywalled=page.paywalled,
    )
    with database.writing() as connection:
        if not add_articles(connection, [article]):
            (known,) = articles_by_key(connection, url)
            bring_forward(connection, known.id, as_of.time)
            article = replace(known, origin="editor", first_seen_at=max(known.first_seen_at, as_of.time))
    return article, problem


async def _read(url: str, newsletter: Newsletter, as_of: AsOf) -> tuple[Page, str | None]:
    async with guarded_client(newsletter) as client, Workers(count=1, deadline_s=20) as workers:
        return await fetch_page(client, workers, url, as_of.time)
