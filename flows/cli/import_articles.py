"""`triage import articles`: back-filled candidates from a JSONL file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json


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
    typer.echo(f"{len(articles)} articles in {file.name}, {len(new)} of them new")
