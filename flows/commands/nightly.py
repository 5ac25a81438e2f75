"""`triage nightly`: the whole night, from feeds to the shortlist."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace, print_json

if TYPE_CHECKING:
    from pipeline.types import StepReport
    from pipeline.workspace import Workspace

TOP = 10


def nightly(
    log_json: Annotated[bool, typer.Option("--log-json", help="Log one JSON object a step.")] = False,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pull, embed, classify and rank: make the shortlist for the next issue.

    Example: triage nightly
    """
    from flows.night_log import speak
    from pipeline.store.lock import refuse_second_night

    speak(as_json=log_json, quiet=as_json and not log_json)
    opened = open_workspace(workspace, as_of)
    refuse_second_night(opened.folder)
    reports = run_night(opened.folder, as_of.date() if as_of else None)
    top = read_top(opened)
    if as_json:
        print_json({"steps": [asdict(report) for report in reports], "top": top})
        return
    for row in top:
        typer.echo(f"{row['rank']:>3}  {row['title']}  [{row['section'] or 'no section'}]  {row['source']}")


def run_night(folder: Path, as_of: date | None = None) -> "list[StepReport]":
    """Run the flow; where Prefect's own machinery fails, run the same night without it."""
    import asyncio

    from flows import steps
    from flows.engine import settle_prefect
    from pipeline.errors import TriageError

    settle_prefect(folder)
    try:
        from flows.nightly import nightly as flow

        return list(asyncio.run(flow(str(folder), as_of)))
    except (TriageError, TimeoutError):
        raise
    except Exception as error:
        if steps.OWN_FAULT in getattr(error, "__notes__", ()):
            raise
        reason = (str(error) or type(error).__name__).splitlines()[0]
        steps.log.warning("Prefect failed (%s); the night goes on without it", reason)
        return steps.plain_night(folder, as_of)


def read_top(workspace: "Workspace") -> list[dict[str, object]]:
    """Return the best of the shortlist."""
    with workspace.database.reading() as connection:
        rows = connection.execute(
            "SELECT rank, title, section, source FROM review WHERE rank IS NOT NULL ORDER BY rank LIMIT ?", [TOP]
        ).fetchall()
    return [dict(zip(("rank", "title", "section", "source"), row, strict=True)) for row in rows]
