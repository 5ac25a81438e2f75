"""`triage decide`: pick, skip, postpone or undo."""

from typing import Annotated

import typer

from flows.cli.options import AsOfOption, EditorOption, JsonOption, WorkspaceOption, open_workspace
from flows.cli.print_decisions import print_decisions

SectionOption = Annotated[str | None, typer.Option("--section", metavar="KEY", help="Where the pick belongs.")]


def decide(
    words: Annotated[list[str], typer.Argument(metavar="ID... VERDICT", help="Ids, then pick, skip, later or undo.")],
    section: SectionOption = None,
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pick, skip, put off or undo articles. The beginning of an id is enough.

    Example: triage decide 3f9a 77c1 pick --section teams
    """
    from pipeline.desk import commands
    from pipeline.store import decisions

    *given, verdict = words
    if verdict not in commands.VERDICTS or not given:
        raise typer.BadParameter(f"ids first, then one of {', '.join(commands.VERDICTS)}")
    opened = open_workspace(workspace, as_of)
    ids = commands.find_articles(opened.database, given)
    made = commands.decide(ids, verdict, editor, opened.as_of.time, opened.newsletter, section)
    stored = decisions.record(opened.journal, opened.database, made)
    print_decisions(opened, stored, as_json)
