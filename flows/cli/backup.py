"""`triage backup`: write the workspace to one file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json
from pipeline.core.counted import counted


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The zip file to write.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the whole workspace to one file. It is verified by reading it back.

    Example: triage backup ~/backups/letter-2026-11-22.zip
    """
    from pipeline.store.backup import write_backup

    manifest = write_backup(open_workspace(workspace).database, file.expanduser().resolve())
    rows = {name: int(checksum.split(":")[0]) for name, checksum in manifest.tables.items()}
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, "tables": rows})
        return
    articles, decisions = counted(rows["articles"], "article"), counted(rows["decisions"], "decision")
    size = file.stat().st_size / 1e6
    typer.echo(f"{file}: {articles}, {decisions}, {size:.1f} MB, verified")
