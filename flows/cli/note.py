"""`triage note`: write the note that becomes a blurb."""

from typing import Annotated

import typer

from flows.cli.options import AsOfOption, EditorOption, JsonOption, WorkspaceOption, open_workspace
from flows.cli.print_decisions import print_decisions


def note(
    id: Annotated[str, typer.Argument(metavar="ID")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The blurb; an empty one removes it.")],
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the note that becomes an entry's blurb.

    Example: triage note 3f9a "Why incident reviews work better without blame."
    """
    from pipeline.desk import commands
    from pipeline.store import decisions

    opened = open_workspace(workspace, as_of)
    (found,) = commands.find_articles(opened.database, [id])
    made = commands.note(found, text, editor, opened.as_of.time)
    print_decisions(opened, decisions.record(opened.journal, opened.database, [made]), as_json)
