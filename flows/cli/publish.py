"""`triage publish`: record an issue as published."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import JsonOption, WorkspaceOption, open_workspace, print_json
from pipeline.core.counted import counted
from pipeline.core.issue_number import issue_name

if TYPE_CHECKING:
    from pipeline.core.types import Issue
    from pipeline.ops.workspace import Workspace


def publish(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The issue as published, Markdown.")],
    to: Annotated[
        str | None, typer.Option("--to", metavar="buttondown", help="Also create a draft there; needs a key.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace another issue that has its number.")] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Take the record of an issue back; FILE may be its number.")
    ] = False,
    instead: Annotated[bool, typer.Option("--instead", hidden=True)] = False,  # the name before 0.2
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record an issue as published. Its picks, and what it left out, train the models.

    Example: triage publish issue-84.md
    """
    from pipeline.drafts.buttondown import send_draft
    from pipeline.steps.publish import issue_body, other_number, publish_issue, read_issue
    from pipeline.store.runs import record_run

    if to not in (None, "buttondown"):
        raise typer.BadParameter(f"{to!r} is not known; there is: buttondown", param_hint="--to")
    opened = open_workspace(workspace)
    if undo:
        _take_back(opened, file, as_json)
        return
    issue = read_issue(file, opened.newsletter)
    report, surprises = publish_issue(opened.database, issue, replace=replace or instead)
    sent = send_draft(issue.title, issue_body(file)) if to else None
    record_run(opened.database, report, opened.as_of)
    if as_json:
        missed = [{"title": s.pick.title, "url": s.pick.url, "rank": s.rank} for s in surprises]
        print_json({**report.details, "on_shortlist": report.done, "missed": missed, "buttondown": sent})
        return
    n_picks = counted(len(issue.picks), "pick")
    typer.echo(f"{issue_name(issue.number)} is recorded: {n_picks}, {report.done} of them from the shortlist")
    if other := other_number(file, issue):
        typer.echo(other, err=True)
    _print_sections(issue)
    for surprise in surprises:
        typer.echo(f"missed: {surprise.sentence}")
    if sent:
        typer.echo(f"draft at Buttondown: {sent}")


def _print_sections(issue: "Issue") -> None:
    """Tell which picks have no section: they teach none."""
    from collections import Counter

    from flows.cli.import_report import print_unmapped
    from pipeline.drafts.draft import UNPLACED

    headings = Counter(pick.section_name for pick in issue.picks if pick.section is None)
    if unplaced := headings.pop(UNPLACED, 0):
        typer.echo(
            f"{counted(unplaced, 'pick stands', 'picks stand')} under “{UNPLACED}”, without a section; give each its "
            "place and publish again"
        )
    print_unmapped(headings)


def _take_back(opened: "Workspace", file: Path, as_json: bool) -> None:
    from pipeline.steps.publish import read_issue, take_back_issue

    is_number = file.name.isascii() and file.name.isdecimal() and not file.exists()
    number = int(file.name) if is_number else read_issue(file, opened.newsletter).number
    issue = take_back_issue(opened.database, number)
    if as_json:
        print_json({"issue": number, "picks": len(issue.picks), "recorded": False})
        return
    n_picks = counted(len(issue.picks), "pick")
    typer.echo(
        f"{issue_name(number)} of {issue.date} with {n_picks} is no longer recorded; rank again with: triage rank"
    )
