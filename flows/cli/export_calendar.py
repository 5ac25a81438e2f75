"""`triage export calendar`: deadlines and events as an .ics file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json, write_file
from pipeline.core.counted import counted


def calendar(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Default: the terminal.")] = None,
    format: Annotated[str, typer.Option(help="ics or json.")] = "ics",
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export upcoming deadlines and events. They are those of past and picked stories.

    Example: triage export calendar --out calls.ics
    """
    from pipeline.drafts.calendar import to_ics, upcoming_dates

    if format not in ("ics", "json"):
        raise typer.BadParameter(f"{format!r} is none of ics, json", param_hint="--format")
    opened = open_workspace(workspace, as_of)
    dated = upcoming_dates(opened.database, opened.newsletter, opened.as_of)
    if as_json or format == "json":
        print_json(
            [
                {
                    "title": d.title, "url": d.url, "kind": d.deadline.kind, "day": d.deadline.day,
                    "until": d.deadline.until, "zone": d.deadline.zone, "confidence": d.deadline.confidence,
                }
                for d in dated
            ]
        )  # fmt: skip
        return
    ics = to_ics(dated, opened.newsletter.name)
    if out is None:
        sys.stdout.buffer.write(ics)
        return
    write_file(out, ics)
    typer.echo(f"wrote {counted(len(dated), 'date')} to {out}")
