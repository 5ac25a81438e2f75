"""`triage restore`: replace the workspace with a backup."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, print_json


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a zip.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of the workspace. What stands there is moved aside; later decisions are kept.

    Example: triage restore ~/backups/letter-2026-11-22.zip --workspace my-newsletter
    """
    from pipeline.ops.workspace import DATABASE_NAME, Workspace
    from pipeline.store.backup import restore_backup
    from pipeline.store.lock import night_lock

    folder = workspace.expanduser().resolve() if workspace else Workspace.find().folder
    folder.mkdir(parents=True, exist_ok=True)
    with night_lock(folder):
        aside = restore_backup(file.expanduser().resolve(), folder / DATABASE_NAME)
        restored = Workspace.open(folder)
    if as_json:
        print_json({"workspace": str(folder), "newsletter": restored.newsletter.name, "aside": aside})
        return
    typer.echo(f"{restored.newsletter.name} stands again in {folder}")
    if aside:
        typer.echo(f"what stood there before is in {aside}")
