"""`triage schedule`: run the nightly and weekly flow on schedule."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.ops.workspace import Workspace


def schedule(
    cron: Annotated[
        str | None, typer.Option(help='Cron line of the nightly run; default: newsletter.toml, "0 3 * * *".')
    ] = None,
    timezone: Annotated[str | None, typer.Option(metavar="TZ", help="Default: newsletter.toml.")] = None,
    workspace: Annotated[
        list[Path] | None, typer.Option("--workspace", metavar="DIR", help="Repeat for each newsletter.")
    ] = None,
) -> None:
    """Serve the nightly and weekly flow until stopped. Missed runs are caught up once.

    Example: triage schedule --cron "30 2 * * *" --timezone Europe/Berlin
    """
    from flows.logs import configure_logging
    from flows.prefect_server import server_running
    from flows.prefect_settings import FOLDER, configure_prefect
    from flows.private_home import ServerError
    from pipeline.core.errors import WorkspaceError
    from pipeline.ops.settings_check import wrong_settings
    from pipeline.ops.workspace import Workspace
    from pipeline.store.lock import refuse_unwritable

    found = map(Workspace.find, workspace) if workspace else [Workspace.find()]
    workspaces = [*{one.folder: one for one in found}.values()]  # a folder that is given twice is served once
    check_times(cron, timezone)
    check_names(workspaces)
    for one in workspaces:
        refuse_unwritable(one.folder)
        if wrong := next(wrong_settings(one), None):
            raise wrong
    configure_prefect(workspaces[0].folder)
    configure_logging()
    try:
        with server_running(workspaces[0].folder / FOLDER) as address:
            from flows.deployments import serve_nights

            for one in workspaces:
                zone = timezone or one.newsletter.timezone
                typer.echo(f"{one.newsletter.name}: every night at {cron or one.newsletter.nightly} ({zone})")
            typer.echo(f"Prefect UI: {address.removesuffix('/api')}   stop with Ctrl-C")
            serve_nights(workspaces, cron, timezone)
    except ServerError as error:
        raise WorkspaceError(f"{error}; plain cron needs none: see the README") from error


def check_names(workspaces: "Sequence[Workspace]") -> None:
    """Refuse newsletters of which one would take the other's place: Prefect knows them by their names.

    Raises
    ------
    WorkspaceError
        If two have one name but for signs and case.
    """
    from flows.prefect_settings import slug
    from pipeline.core.errors import WorkspaceError

    folders: dict[str, Path] = {}
    for one in workspaces:
        if other := folders.get(name := slug(one.newsletter.name)):
            raise WorkspaceError(
                f"the newsletters in {other} and {one.folder} are both called {one.newsletter.name!r} (case and signs "
                "do not count); change the name in one newsletter.toml"
            )
        folders[name] = one.folder


def check_times(cron: str | None, timezone: str | None) -> None:
    """Reject an invalid cron line or time zone."""
    from zoneinfo import available_timezones

    from pipeline.core.cron import is_cron_line

    if cron is not None and not is_cron_line(cron):
        raise typer.BadParameter(f'{cron!r} is no line of five cron fields such as "0 3 * * *"', param_hint="--cron")
    if timezone and timezone not in available_timezones():
        raise typer.BadParameter(f"{timezone!r} is no zone such as Europe/Berlin", param_hint="--timezone")
