"""`triage embed`: compute missing vectors."""

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json


def embed(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Embed every article and past pick that has no vector yet.

    Example: triage embed
    """
    from dataclasses import asdict

    from flows.progress import progress_bar
    from pipeline.ops import runner

    with progress_bar("texts") as progress:
        report = runner.embed(open_workspace(workspace, as_of), progress=progress)
    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(f"{report.done} of {report.seen} texts were new, {report.seconds:.1f} s")
