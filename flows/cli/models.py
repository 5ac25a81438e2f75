"""`triage models`: list the kept models and choose the active one."""

from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json, print_table


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

    from pipeline.ranking.model_registry import roll_back

    opened = open_workspace(workspace)
    card = roll_back(opened.database, model_id, opened.models_folder)
    print_json(asdict(card)) if as_json else typer.echo(f"{card.id} serves; rank again with: triage rank")
