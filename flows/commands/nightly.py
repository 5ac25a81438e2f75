"""`triage nightly`: the whole night, from feeds to the shortlist."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import NO_FEED, AsOfOption, JsonOption, WorkspaceOption, one_line, print_json

if TYPE_CHECKING:
    from pipeline.types import StepReport


def nightly(
    engine: Annotated[str, typer.Option(help="local, or dask: a cluster's workers fetch and embed.")] = "local",
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help='Of the Dask cluster: "tcp://10.0.0.5:8786".')
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Do nothing if today's night is done: for cron and launchd.")
    ] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log one JSON object a step.")] = False,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make the shortlist: pull, embed, classify and rank.

    Example: triage nightly
    """
    from flows.night_log import speak
    from pipeline.notify import read_top
    from pipeline.store.lock import refuse_second_night
    from pipeline.workspace import Workspace

    if engine not in ("local", "dask") or (engine == "dask") != (scheduler is not None):
        raise typer.BadParameter("say --engine dask together with --scheduler ADDRESS", param_hint="--engine")
    speak(as_json=log_json, quiet=as_json and not log_json)
    found = Workspace.find(workspace)
    refuse_second_night(found.folder)
    reports = run_night(found.folder, as_of.date() if as_of else None, once, scheduler)
    with found.database.reading() as connection:
        top = read_top(connection)
    if as_json:
        print_json({"steps": [asdict(report) for report in reports], "top": [asdict(story) for story in top]})
        return
    if not reports:
        typer.echo("today's night is done")
    elif not reports[0].seen and not top:
        typer.echo(f"nothing to read: {NO_FEED}", err=True)
    for story in top:
        typer.echo(f"{story.rank:>3}  {one_line(story.title)}  [{story.section or 'no section'}]  {story.source}")


def run_night(
    folder: Path, as_of: date | None = None, once: bool = False, scheduler: str | None = None
) -> "list[StepReport]":
    """Run the flow; where Prefect's own machinery fails, run the same night without it."""
    import asyncio

    from flows import night, steps
    from flows.engine import settle_prefect
    from pipeline.errors import TriageError

    settle_prefect(folder)
    try:
        if scheduler:
            from flows.spread import run_spread

            return run_spread(folder, as_of, once, scheduler)
        from flows.nightly import nightly as flow

        return list(asyncio.run(flow(str(folder), as_of, once)))
    except (TriageError, TimeoutError):
        raise
    except Exception as error:
        if steps.OWN_FAULT in getattr(error, "__notes__", ()):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        steps.log.warning("Prefect failed (%s); the night goes on without it", reason)
        return night.plain_night(folder, as_of, once)
