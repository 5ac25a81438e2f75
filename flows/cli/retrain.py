"""`triage retrain`: fit new models and keep the better."""

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json


def retrain(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Fit new models. They replace the active ones if they rank past issues no worse.

    Example: triage retrain
    """
    from dataclasses import asdict

    from flows.progress import progress_bar
    from pipeline.steps.retrain import retrain_models
    from pipeline.store.runs import record_run

    opened = open_workspace(workspace, as_of)
    with progress_bar("issues") as progress:
        report = retrain_models(
            opened.database, opened.newsletter, opened.embedder, opened.as_of, opened.models_folder,
            progress,
        )  # fmt: skip
    record_run(opened.database, report, opened.as_of)
    if as_json:
        print_json(asdict(report))
        return
    typer.echo(report.details["explanation"])
    if report.details["changes"]:
        typer.echo(f"Your issues changed {report.details['changes']}.")
