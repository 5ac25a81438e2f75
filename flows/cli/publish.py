"""`triage publish`: the issue as it went out."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json


def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The issue as it goes out, Markdown.")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="buttondown", help="Also make a draft there; needs a key.")
    ] = None,
    instead: Annotated[
        bool, typer.Option("--instead", help="Let it take the place of another issue of its number.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record an issue as it went out. What it picked, and what it passed over, teaches the models.

    Example: triage publish issue-84.md
    """
    from pipeline.drafts.buttondown import send_draft
    from pipeline.steps.publish import issue_body, publish_issue, read_issue
    from pipeline.store.runs import record_run

    if to not in (None, "buttondown"):
        raise typer.BadParameter(f"{to!r} is not known; there is: buttondown", param_hint="--to")
    opened = open_workspace(workspace)
    issue = read_issue(file, opened.newsletter)
    report, surprises = publish_issue(opened.database, issue, instead=instead)
    sent = send_draft(issue.title, issue_body(file)) if to else None
    record_run(opened.database, report, opened.as_of)
    if as_json:
        missed = [{"title": s.pick.title, "url": s.pick.url, "rank": s.rank} for s in surprises]
        print_json({**report.details, "on_shortlist": report.done, "missed": missed, "buttondown": sent})
        return
    typer.echo(f"#{issue.number} is recorded: {len(issue.picks)} picks, {report.done} of them from the shortlist")
    for surprise in surprises:
        typer.echo(f"missed: {surprise.sentence}")
    if sent:
        typer.echo(f"its draft at Buttondown: {sent}")
