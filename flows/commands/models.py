"""`triage retrain` and `triage models`: the kept models, and which one serves."""

from typing import Annotated

import typer

from flows.commands.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json, print_table


def retrain(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Fit new models on all that is known. They serve if they rank past issues no worse.

    Example: triage retrain
    """
    from dataclasses import asdict

    from rich.console import Console
    from rich.progress import Progress

    from pipeline.retrain import retrain_models
    from pipeline.store.runs import keep_report
    from pipeline.trial import JUDGED_ON

    opened = open_workspace(workspace, as_of)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("issues", total=JUDGED_ON)
        report = retrain_models(
            opened.database, opened.newsletter, opened.embedder, opened.moment, opened.models_folder,
            lambda n: bar.advance(task, n),
        )  # fmt: skip
    keep_report(opened.database, report, opened.moment)
    print_json(asdict(report)) if as_json else typer.echo(report.details["explanation"])


def list_models(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the kept models, newest first.

    Example: triage models list
    """
    from dataclasses import asdict

    from pipeline.store.model_cards import all_cards

    opened = open_workspace(workspace)
    with opened.database.reading() as connection:
        cards = all_cards(connection)
    if as_json:
        print_json([asdict(card) for card in cards])
        return
    print_table(
        {
            "serves": "*" if card.active else "",
            "id": card.id,
            "kind": card.kind,
            "trained before": card.trained_before,
            "issues": card.card["data"]["issues"],
            "picks": card.card["data"]["picks"],
        }
        for card in cards
    )


def rollback(
    model_id: Annotated[str, typer.Argument(metavar="ID", help="As shown by: triage models list")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let an earlier model serve again.

    Example: triage models rollback relevance-2022-10-01-1f3a9c07
    """
    from dataclasses import asdict

    from pipeline.kept import roll_back

    opened = open_workspace(workspace)
    card = roll_back(opened.database, model_id, opened.models_folder)
    print_json(asdict(card)) if as_json else typer.echo(f"{card.id} serves; rank again with: triage rank")
