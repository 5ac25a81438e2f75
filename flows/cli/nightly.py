"""`triage nightly`: from feeds to the shortlist."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.options import NO_FEED, AsOfOption, JsonOption, WorkspaceOption, print_json
from pipeline.core.plain_text import one_line

if TYPE_CHECKING:
    from pipeline.core.types import StepReport
    from pipeline.ops.notify import Headline


def nightly(
    engine: Annotated[str, typer.Option(help="local, or dask: workers of a cluster fetch and embed.")] = "local",
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help='Dask scheduler, such as "tcp://10.0.0.5:8786".')
    ] = None,
    skip_if_done: Annotated[
        bool, typer.Option("--skip-if-done", help="Do nothing if today's run is done: for cron, systemd and launchd.")
    ] = False,
    once: Annotated[bool, typer.Option("--once", hidden=True)] = False,  # the name before 0.2
    log_json: Annotated[bool, typer.Option("--log-json", help="Log one JSON object a line.")] = False,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Update the shortlist: pull, embed, classify and rank. Exits 1 when no feed answered.

    Example: triage nightly
    """
    from flows.logs import configure_logging
    from flows.run import run_night
    from pipeline.ops.nightly import outage_sentence
    from pipeline.ops.notify import read_top
    from pipeline.ops.workspace import Workspace
    from pipeline.store.lock import refuse_second_night

    if engine not in ("local", "dask"):
        raise typer.BadParameter(f"{engine!r} is neither local nor dask", param_hint="--engine")
    if (engine == "dask") != (scheduler is not None):
        raise typer.BadParameter("use --engine dask together with --scheduler ADDRESS", param_hint="--engine")
    configure_logging(as_json=log_json, quiet=as_json and not log_json)
    found = Workspace.find(workspace)
    refuse_second_night(found.folder)
    reports = run_night(found.folder, as_of.date() if as_of else None, skip_if_done or once, scheduler)
    with found.database.reading() as connection:
        top = read_top(connection, found.newsletter)
    outage = next((report for report in reports if report.details.get("outage")), None)
    if as_json:
        print_json({"steps": [asdict(report) for report in reports], "top": [asdict(story) for story in top]})
    else:
        _print_top(reports, top)
    if outage:
        typer.echo(f"triage: {outage_sentence(outage)}", err=True)
        raise typer.Exit(1)


def _print_top(reports: "Sequence[StepReport]", top: "Sequence[Headline]") -> None:
    if not reports:
        typer.echo("today's run is done")
    elif not reports[0].seen and not top:
        typer.echo(f"nothing to read: {NO_FEED}", err=True)
    elif not top and not any(report.details.get("outage") for report in reports):
        typer.echo("no story is left to read; what came in and which feeds fail: triage status", err=True)
    for story in top:
        typer.echo(f"{story.rank:>3}  {one_line(story.title)}  [{story.section_name}]  {story.source}")
