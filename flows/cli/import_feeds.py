"""`triage import feeds`: subscriptions from an OPML file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json
from pipeline.core.counted import counted


def import_feeds(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="Subscriptions from any reader.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Subscribe to the feeds of an OPML file.

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
    typer.echo(f"{counted(len(feeds), 'feed')} in {file.name}, {len(new)} of them new. Next: triage pull")
    for address in refused:
        typer.echo(f"not a web address: {address}", err=True)
