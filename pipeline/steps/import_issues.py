"""Import past issues; their picks are the training labels. Writes issues, picks, page_titles."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.archive.files import File, read_files
from pipeline.archive.format_html import page_title
from pipeline.archive.importer import Reading
from pipeline.core.atomic_write import write_atomically
from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Fetched, Issue, Pick, Progress, StepReport
from pipeline.core.urls import canonical_url, url_key
from pipeline.drafts.render import has_template
from pipeline.feeds.fetch_page import ACCEPT_PAGE
from pipeline.feeds.http import guarded_client
from pipeline.feeds.robots import Robots, robots_address
from pipeline.store.database import Database
from pipeline.store.fetched_pages import add_titles, known_titles
from pipeline.store.issues import add_issues

LONGEST_TITLE = 300  # characters; longer titles are cut


def gather_files(places: Sequence[str], newsletter: Newsletter) -> list[File]:
    """Read the files at paths or at the address of the newsletter's own feed.

    Raises
    ------
    InputError
        If one of them cannot be read or fetched.
    """
    files: list[File] = []
    for place in places:
        files += [_fetch_feed(place, newsletter)] if canonical_url(place) else read_files(Path(place))
    return files


def import_issues(database: Database, reading: Reading) -> StepReport:
    """Store the issues that were read. One transaction; idempotent."""
    started = time.perf_counter()
    with database.writing() as connection:
        titles = known_titles(connection)
        changed = add_issues(connection, [_with_titles(issue, titles) for issue in reading.issues])
    return StepReport(
        "import issues",
        seen=len(reading.issues) + len(reading.skipped),
        done=changed,
        failed=len(reading.skipped),
        seconds=time.perf_counter() - started,
        details={"picks": sum(len(issue.picks) for issue in reading.issues)},
    )


def keep_form(folder: Path, newsletter: Newsletter, reading: Reading) -> bool:
    """Add table [draft] to newsletter.toml, learned from the issues that were read.

    Nothing is added where the editor has given the form: in [draft], or in a template of the workspace.
    """
    from pipeline.drafts.form_learning import learned_table  # loads the names of months in all languages

    if newsletter.draft is not None or has_template(folder):
        return False
    table = learned_table(reading.examples, newsletter)
    if table:
        file = folder / FILE_NAME
        write_atomically(file, f"{file.read_text('utf-8-sig').rstrip()}\n\n{table}")
    return bool(table)


def fetch_titles(
    database: Database, newsletter: Newsletter, issues: Sequence[Issue], progress: Progress | None = None
) -> StepReport:
    """Fetch the titles of the pages behind one-liners, each page once; on failure the link text stays the title."""
    started = time.perf_counter()
    wanted = {
        url_key(pick.url): pick.url for issue in issues for pick in issue.picks if _wants_title(pick) and pick.url
    }
    with database.reading() as connection:
        known = known_titles(connection)
    missing = {key: url for key, url in wanted.items() if key not in known}
    found = asyncio.run(_fetch_pages(missing, newsletter, progress))
    with database.writing() as connection:
        add_titles(connection, found)
    titled = sum(title is not None for title in found.values())
    return StepReport("fetch titles", len(missing), titled, len(missing) - titled, time.perf_counter() - started)


def _fetch_feed(address: str, newsletter: Newsletter) -> File:
    async def get() -> Fetched:
        async with guarded_client(newsletter) as client:
            return await client.get(address)

    fetched = asyncio.run(get())
    if fetched.error or not fetched.body:
        raise InputError(f"{address} {fetched.error or 'is empty'}; nothing was imported")
    return File(f"{address}#.xml", address, fetched.body, is_named=True)


def _wants_title(pick: Pick) -> bool:
    return pick.kind == "inline"


def _with_titles(issue: Issue, titles: dict[str, str | None]) -> Issue:
    """Replace the link text of inline picks by the page's own title."""
    picks = [
        replace(pick, title=title)
        if _wants_title(pick) and pick.url and (title := titles.get(url_key(pick.url)))
        else pick
        for pick in issue.picks
    ]
    return replace(issue, picks=tuple(picks))


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
    markup = fetched.body.decode("utf-8", "replace") if fetched.status == 200 else ""
    return {key: page_title(markup)[:LONGEST_TITLE] or None}
