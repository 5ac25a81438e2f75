"""The step `import_issues`: import past issues; their picks are the training labels. Writes issues, picks."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.archive.files import File, read_files
from pipeline.archive.reading import Reading
from pipeline.core.atomic_write import write_atomically
from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.errors import InputError
from pipeline.core.types import Fetched, Issue, StepReport
from pipeline.core.urls import canonical_url, url_key
from pipeline.drafts.render import has_template
from pipeline.store.database import Database
from pipeline.store.fetched_pages import known_titles
from pipeline.store.issues import add_issues


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


def _fetch_feed(address: str, newsletter: Newsletter) -> File:
    import asyncio  # with the client 20 MB, which an archive on disk does not need

    from pipeline.feeds.http import guarded_client

    async def get() -> Fetched:
        async with guarded_client(newsletter) as client:
            return await client.get(address)

    fetched = asyncio.run(get())
    if fetched.error or not fetched.body:
        raise InputError(f"{address} {fetched.error or 'is empty'}; nothing was imported")
    return File(f"{address}#.xml", address, fetched.body, is_named=True)


def _with_titles(issue: Issue, titles: dict[str, str | None]) -> Issue:
    """Replace the link text of inline picks by the page's own title."""
    picks = [
        replace(pick, title=title)
        if pick.kind == "inline" and pick.url and (title := titles.get(url_key(pick.url)))
        else pick
        for pick in issue.picks
    ]
    return replace(issue, picks=tuple(picks))
