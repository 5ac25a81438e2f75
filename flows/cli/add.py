"""`triage add`: a link the editor found."""

from typing import Annotated

import typer

from flows.cli.options import AsOfOption, EditorOption, JsonOption, WorkspaceOption, open_workspace, print_json


def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="The article's address.")],
    section: Annotated[str | None, typer.Option("--section", metavar="KEY", help="Its section.")] = None,
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add a link to the shortlist. The next `triage rank` ranks it with the others.

    Example: triage add https://example.org/a-good-read --section teams
    """
    from pipeline.core.types import Decision
    from pipeline.steps.add_link import add_link
    from pipeline.store import decisions

    opened = open_workspace(workspace, as_of)
    if section is not None:
        opened.newsletter.section(section)  # refuses an unknown key before anything is stored
    article, problem = add_link(opened.database, opened.newsletter, opened.as_of, url)
    if section is not None:
        placed = Decision(article.id, "section", editor, opened.as_of.time, section)
        decisions.record(opened.journal, opened.database, [placed])
    if as_json:
        print_json({"id": article.id, "url": article.url, "title": article.title, "section": section, "error": problem})
        return
    typer.echo(f"{article.id}  {article.title}")
    if problem:
        typer.echo(f"its page {problem}; stored without the page's title and text", err=True)
