"""`triage decide`, `note` and `group`: what the editor says, from a shell."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import (
    AsOfOption,
    EditorOption,
    JsonOption,
    WorkspaceOption,
    one_line,
    open_workspace,
    print_json,
)

if TYPE_CHECKING:
    from pipeline.types import Decision
    from pipeline.workspace import Workspace

SAID = {
    "pick": "picked",
    "skip": "skipped",
    "later": "later",
    "undo": "undone",
    "note": "noted",
    "group": "grouped",
}
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
    from pipeline.desk import deciding
    from pipeline.store import decisions

    *given, verdict = words
    if verdict not in deciding.VERDICTS or not given:
        raise typer.BadParameter(f"ids first, then one of {', '.join(deciding.VERDICTS)}")
    opened = open_workspace(workspace, as_of)
    ids = deciding.find_articles(opened.database, given)
    said = deciding.decide(ids, verdict, editor, opened.moment.now, opened.newsletter, section)
    stored = decisions.record(opened.journal, opened.database, said)
    _tell(opened, stored, as_json)


def note(
    id: Annotated[str, typer.Argument(metavar="ID")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="The blurb; an empty one takes it away.")],
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the note that becomes an entry's blurb.

    Example: triage note 3f9a "Why incident reviews work better without blame."
    """
    from pipeline.desk import deciding
    from pipeline.store import decisions

    opened = open_workspace(workspace, as_of)
    (found,) = deciding.find_articles(opened.database, [id])
    said = deciding.note(found, text, editor, opened.moment.now)
    _tell(opened, decisions.record(opened.journal, opened.database, [said]), as_json)


def group(
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="The first one leads; one alone leaves its group.")],
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let stories stand as one entry.

    Example: triage group 3f9a 77c1
    """
    from pipeline.desk import deciding
    from pipeline.store import decisions

    opened = open_workspace(workspace, as_of)
    found = deciding.find_articles(opened.database, ids)
    said = deciding.group(found, editor, opened.moment.now)
    _tell(opened, decisions.record(opened.journal, opened.database, said), as_json)


def _tell(opened: "Workspace", stored: "list[Decision]", as_json: bool) -> None:
    from pipeline.store.articles import articles_by_id

    if as_json:
        print_json([asdict(decision) for decision in stored])
        return
    with opened.database.reading() as connection:
        articles = articles_by_id(connection, [decision.article_id or "" for decision in stored])
    titles = {article.id: one_line(article.title) for article in articles}
    for decision in stored:
        typer.echo(f"{SAID[decision.verdict]:<8} {titles[decision.article_id or '']}")
