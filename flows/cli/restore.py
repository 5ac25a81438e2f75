"""`triage restore`: replace the workspace with a backup."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, print_json


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replace the workspace with a backup. Replaced files are kept aside; later decisions are kept.

    Example: triage restore ~/backups/letter-2026-11-22.zip --workspace my-newsletter
    """
    from pipeline.core.errors import InputError
    from pipeline.ops.workspace import DATABASE_NAME, Workspace
    from pipeline.store.backup import restore_backup
    from pipeline.store.lock import night_lock

    folder = workspace.expanduser().resolve() if workspace else Workspace.find().folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot make {folder} ({error.strerror}); choose another folder") from error
    with night_lock(folder):
        aside = restore_backup(file.expanduser().resolve(), folder / DATABASE_NAME)
        restored = Workspace.open(folder)
    if as_json:
        print_json({"workspace": str(folder), "newsletter": restored.newsletter.name, "aside": aside})
        return
    typer.echo(f"restored {restored.newsletter.name} in {folder}")
    if aside:
        typer.echo(f"the replaced files are in {aside}")
