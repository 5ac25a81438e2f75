"""`triage export calendar`: deadlines and events as an .ics file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, write_file
from pipeline.core.counted import counted

if TYPE_CHECKING:
    from pipeline.drafts.calendar import DatedEntry


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
    from pipeline.store.export import as_json as as_json_records

    if format not in ("ics", "json"):
        raise typer.BadParameter(f"{format!r} is none of ics, json", param_hint="--format")
    opened = open_workspace(workspace, as_of)
    dated = upcoming_dates(opened.database, opened.newsletter, opened.as_of)
    is_json = as_json or format == "json"
    written = as_json_records(map(_record, dated)).encode() if is_json else to_ics(dated, opened.newsletter.name)
    if out is None:
        sys.stdout.buffer.write(written)
        return
    write_file(out, written)
    typer.echo(f"wrote {counted(len(dated), 'date')} to {out}")


def _record(dated: "DatedEntry") -> dict[str, object]:
    return {
        "title": dated.title, "url": dated.url, "kind": dated.deadline.kind, "day": dated.deadline.day,
        "until": dated.deadline.until, "zone": dated.deadline.zone, "confidence": dated.deadline.confidence,
    }  # fmt: skip
