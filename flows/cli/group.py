"""`triage group`: combine stories into one entry."""

from typing import Annotated

import typer

from flows.cli.options import AsOfOption, EditorOption, JsonOption, WorkspaceOption, open_workspace
from flows.cli.print_decisions import print_decisions


def group(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The first one leads; one alone leaves its group.")],
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Combine stories into one entry.

    Example: triage group 3f9a 77c1
    """
    from pipeline.desk import commands
    from pipeline.store import decisions

    opened = open_workspace(workspace, as_of)
    found = commands.find_articles(opened.database, ids)
    made = commands.group(found, editor, opened.as_of.time)
    print_decisions(opened, decisions.record(opened.journal, opened.database, made), as_json)
