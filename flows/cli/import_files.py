"""`triage import feeds` and `triage import articles`: what people bring in files."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json


def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="Subscriptions from any reader.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Follow the feeds of an OPML file.

    Example: triage import feeds subscriptions.opml
    """
    from pipeline.feeds.file_imports import read_opml
    from pipeline.store.feeds import follow

    opened = open_workspace(workspace)
    feeds, refused = read_opml(file)
    with opened.database.writing() as connection:
        new = follow(connection, feeds)
    if as_json:
        print_json({"feeds": len(feeds), "new": len(new), "refused": refused})
        return
    typer.echo(f"{len(feeds)} feeds in {file.name}, {len(new)} of them new here. Next: triage pull")
    for address in refused:
        typer.echo(f"not followed, for it is no web address: {address}", err=True)


def import_articles(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="One article a line: url, title, published, …")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store back-filled candidates; `published` counts as first seen.

    Example: triage import articles stream.jsonl
    """
    from pipeline.feeds.file_imports import read_articles
    from pipeline.store.articles import add_articles

    opened = open_workspace(workspace)
    articles = read_articles(file)
    with opened.database.writing() as connection:
        new = add_articles(connection, articles)
    if as_json:
        print_json({"articles": len(articles), "new": len(new)})
        return
    typer.echo(f"{len(articles)} articles in {file.name}, {len(new)} of them new here")
