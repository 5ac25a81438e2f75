"""`triage backup`, `restore` and `check`: what keeps a newsletter through bad days."""

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.options import JsonOption, WorkspaceOption, open_workspace, print_json

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a zip.")]


def backup(file: FileArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Write the whole workspace to one file. It is read back to be sure.

    Example: triage backup ~/backups/letter-2026-11-22.zip
    """
    from pipeline.store.backup import write_backup

    manifest = write_backup(open_workspace(workspace).database, file.expanduser().resolve())
    rows = {name: int(checksum.split(":")[0]) for name, checksum in manifest.tables.items()}
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, "tables": rows})
        return
    size = file.stat().st_size / 1e6
    typer.echo(f"{file}: {rows['articles']} articles, {rows['decisions']} decisions, {size:.1f} MB, verified")


def restore(file: FileArgument, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Put a backup in the place of the workspace. What stands there is moved aside; later decisions are kept.

    Example: triage restore ~/backups/letter-2026-11-22.zip --workspace my-newsletter
    """
    from pipeline.store.backup import restore_backup
    from pipeline.store.lock import night_lock
    from pipeline.workspace import DATABASE_NAME, Workspace

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


def check(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check database, journal and models against each other. What can be mended is mended.

    Exits 1 if something needs a person. Example: triage check
    """
    from dataclasses import asdict

    from pipeline.store.check import check_workspace
    from pipeline.store.lock import night_lock
    from pipeline.workspace import Workspace

    found = Workspace.find(workspace)
    with night_lock(found.folder):
        findings = check_workspace(found.database, found.journal, found.models_folder)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in () if as_json else findings:
        typer.echo(f"{'mended' if finding.mended else 'LOOK  '}  {finding.what}")
    if not findings and not as_json:
        typer.echo("database, journal and models are whole")
    if not all(finding.mended for finding in findings):
        raise typer.Exit(1)
