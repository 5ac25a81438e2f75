"""`triage export feeds|review|decisions|picks`: export tables to a file."""

from pathlib import Path
from typing import Annotated

import typer

from flows.cli.options import WorkspaceOption, open_workspace, write_file

FORMATS = {"feeds": ("opml", "csv", "json", "parquet")}
TABLE_FORMATS = ("csv", "json", "parquet")

FormatOption = Annotated[str | None, typer.Option("--format", help="opml (feeds only), csv, json or parquet.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Default: the terminal.")]
JsonFormat = Annotated[bool, typer.Option("--json", help="The same as --format json.")]


def feeds(
    format: FormatOption = None, out: OutOption = None, workspace: WorkspaceOption = None, as_json: JsonFormat = False
) -> None:
    """Export the subscribed feeds, as OPML.

    Example: triage export feeds --out feeds.opml
    """
    _export("feeds", "json" if as_json else format, out, workspace)


def review(
    format: FormatOption = None, out: OutOption = None, workspace: WorkspaceOption = None, as_json: JsonFormat = False
) -> None:
    """Export the shortlist, as CSV.

    Example: triage export review --format parquet --out shortlist.parquet
    """
    _export("review", "json" if as_json else format, out, workspace)


def decisions(
    format: FormatOption = None, out: OutOption = None, workspace: WorkspaceOption = None, as_json: JsonFormat = False
) -> None:
    """Export all decisions, as CSV.

    Example: triage export decisions --out decisions.csv
    """
    _export("decisions", "json" if as_json else format, out, workspace)


def picks(
    format: FormatOption = None, out: OutOption = None, workspace: WorkspaceOption = None, as_json: JsonFormat = False
) -> None:
    """Export the picks of all past issues, as CSV.

    Example: triage export picks --format json
    """
    _export("picks", "json" if as_json else format, out, workspace)


def _export(what: str, format: str | None, out: Path | None, workspace: Path | None) -> None:
    from pipeline.steps.subscribe import follow_written
    from pipeline.store import export
    from pipeline.store.export import as_csv, as_json

    known = FORMATS.get(what, TABLE_FORMATS)
    format = format or (out.suffix[1:] if out and out.suffix[1:] in known else known[0])
    if format not in known:
        raise typer.BadParameter(f"{what} can be exported as {', '.join(known)}", param_hint="--format")
    if format == "parquet" and out is None:
        raise typer.BadParameter("name a file with --out FILE", param_hint="--format parquet")
    opened = open_workspace(workspace)
    if what == "feeds":
        follow_written(opened.database, opened.newsletter)
    if format == "parquet" and out:
        export.write_parquet(opened.database, what, out)
        return
    names, rows = export.read_rows(opened.database, what)
    writers = {"opml": lambda: export.as_opml(opened.newsletter.name, rows), "csv": lambda: as_csv(names, rows)}
    text = writers.get(format, lambda: as_json(rows))()
    if out is None:
        typer.echo(text, nl=False)
        return
    write_file(out, text)
