"""`triage check`: verify settings, database, journal and models."""

import typer

from flows.cli.options import JsonOption, WorkspaceOption, print_json


def check(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check settings, database, journal and models. What can be repaired is repaired.

    Exits 1 if something needs a person. Example: triage check
    """
    from dataclasses import asdict

    from pipeline.ops.settings_check import wrong_settings
    from pipeline.ops.workspace import Workspace
    from pipeline.ranking.model_registry import load_fault
    from pipeline.store.lock import night_lock
    from pipeline.store.repair import Finding, check_workspace

    found = Workspace.find(workspace)
    with night_lock(found.folder):
        findings = check_workspace(found.database, found.journal, found.models_folder, load_fault)
    findings += [Finding(str(error), fixed=False) for error in wrong_settings(found)]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    for finding in () if as_json else findings:
        typer.echo(f"{'fixed' if finding.fixed else 'LOOK '}  {finding.what}")
    if not findings and not as_json:
        typer.echo("settings, database, journal and models are intact")
    if not all(finding.fixed for finding in findings):
        raise typer.Exit(1)
