"""`triage init`: create a workspace."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, print_json


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to create.")],
    name: Annotated[str | None, typer.Option(help="The newsletter's name; default: the folder's.")] = None,
    template: Annotated[str, typer.Option(help="research-computing or blank.")] = "research-computing",
    as_json: JsonOption = False,
) -> None:
    """Create a workspace: newsletter.toml to edit, and the database.

    Example: triage init my-newsletter --template blank
    """
    from pipeline.ops.workspace import Workspace

    workspace = Workspace.create(folder, name, template)
    if as_json:
        print_json({"workspace": str(workspace.folder), "name": workspace.newsletter.name})
        return
    typer.echo(f"created {workspace.newsletter.name} in {workspace.folder}")
    typer.echo(
        "Next: edit newsletter.toml there, then: triage import issues PATH; triage feeds add URL; triage nightly"
    )
