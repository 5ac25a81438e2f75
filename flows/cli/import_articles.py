"""`triage import articles`: back-filled candidates from a JSONL file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json
from pipeline.core.counted import counted

SHOWN = 20  # bad lines that are named


def import_articles(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="One article a line: url, title, published, …")],
    strict: Annotated[bool, typer.Option("--strict", help="Refuse the file if a line is bad.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Store back-filled candidates; `published` counts as first seen. Bad lines are skipped and named.

    Example: triage import articles stream.jsonl
    """
    from pipeline.feeds.file_imports import read_articles
    from pipeline.store.articles import add_articles

    opened = open_workspace(workspace)
    articles, skipped = read_articles(file, strict=strict, seen_at=opened.as_of.time)
    with opened.database.writing() as connection:
        new = add_articles(connection, articles)
    if as_json:
        print_json({"articles": len(articles), "new": len(new), "skipped": skipped})
        return
    typer.echo(f"{counted(len(articles), 'article')} in {file.name}, {len(new)} of them new")
    for why in skipped[:SHOWN]:
        typer.echo(f"skipped: {why}", err=True)
    if len(skipped) > SHOWN:
        typer.echo(f"skipped {counted(len(skipped), 'line')} in all; --json names each", err=True)
    if skipped and not articles:
        raise typer.Exit(1)
