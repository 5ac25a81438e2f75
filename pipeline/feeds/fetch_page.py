"""Fetch an article's page and extract it in a worker process."""

from datetime import datetime

from pipeline.feeds.article_page import Page, read_page
from pipeline.feeds.fetch import Client
from pipeline.feeds.sandbox import UnreadableInputError, Workers
from pipeline.feeds.stub_page import NAMES

ACCEPT_PAGE = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5"


async def fetch_page(client: Client, workers: Workers, url: str, now: datetime) -> tuple[Page, str | None]:
    """Fetch and extract one page. Returns the page, and the reason if it could not be read."""
    fetched = await client.get(url, accept=ACCEPT_PAGE)
    if fetched.error is not None:
        return Page(), fetched.error
    if fetched.content_type and "html" not in fetched.content_type.lower():
        return Page(), f"is no page but {fetched.content_type.partition(';')[0]}"
    try:
        page = await workers.call(read_page, fetched.body, fetched.final_url, now, fetched.content_type)
    except UnreadableInputError as error:
        return Page(), str(error)
    return page, f"is {NAMES[page.stub]}, not the article" if page.stub else None
