"""`triage status`: state of the workspace, for editors and monitors."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.ops.status import Status

TROUBLES = 10  # feeds that are named


def status(workspace: WorkspaceOption = None, as_of: AsOfOption = None, as_json: JsonOption = False) -> None:
    """Show what the last run did and what needs attention. Exits 1 when nights were missed or most feeds fail.

    Example: triage status --json
    """
    from pipeline.ops.status import read_status

    opened = open_workspace(workspace, as_of)
    found = read_status(opened.database, opened.newsletter, opened.as_of, opened.embedder)
    if as_json:
        print_json({**asdict(found), "ok": not found.alerts})
    else:
        for line in describe(found):
            typer.echo(line)
    if found.alerts:
        raise typer.Exit(1)


def describe(status: "Status") -> list[str]:
    """Format a status as text lines."""
    night = status.last_night
    ran = "none yet"
    if night:
        feeds, new = counted(night.feeds, "feed"), counted(night.new_articles, "new article")
        ran = f"{night.date}, {feeds}, {new}, {night.seconds:.0f} s"
    model = f"{status.last_model:%Y-%m-%d}" if status.last_model else "none; each run fits its own"
    troubles = (*status.failing, *status.silent, *status.retired)
    rest = f", {status.never_asked} not asked yet" if status.never_asked else ""
    rest += f", {len(status.retired)} retired" if status.retired else ""
    lines = [
        status.newsletter,
        f"last night   {ran}",
        f"articles     {status.articles:,}",
        f"undecided    {status.undecided:,}",
        f"feeds        {status.feeds_ok} ok, {len(status.failing)} failing, {len(status.silent)} silent{rest}",
        *(f"  {trouble.url}  {trouble.reason}" for trouble in troubles[:TROUBLES]),
        *([f"  and {len(troubles) - TROUBLES} more; see: triage feeds list"] if len(troubles) > TROUBLES else []),
        f"past issues  {status.issues} with {counted(status.picks, 'pick')} in {counted(status.sections, 'section')}",
        *([f"coverage     {status.coverage:.0%} of past picks"] if status.coverage is not None else []),
        f"next issue   {status.next_issue:%A %Y-%m-%d}",
        f"last model   {model}",
    ]
    lines += [f"hint         {sentence}" for sentence in status.hints]
    return [*lines, *(f"ATTENTION    {sentence}" for sentence in status.alerts)]
