"""`triage check`: verify database, journal and models."""

import typer

from flows.cli.options import JsonOption, WorkspaceOption, print_json


def check(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check database, journal and models against each other. What can be repaired is repaired.

    Exits 1 if something needs a person. Example: triage check
    """
    from dataclasses import asdict

    from pipeline.ops.workspace import Workspace
    from pipeline.ranking.model_registry import load_fault
    from pipeline.store.lock import night_lock
    from pipeline.store.repair import check_workspace

    found = Workspace.find(workspace)
    with night_lock(found.folder):
        findings = check_workspace(found.database, found.journal, found.models_folder, load_fault)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in () if as_json else findings:
        typer.echo(f"{'fixed' if finding.fixed else 'LOOK '}  {finding.what}")
    if not findings and not as_json:
        typer.echo("database, journal and models are intact")
    if not all(finding.fixed for finding in findings):
        raise typer.Exit(1)
