"""Deployments of the nightly and weekly flow of each newsletter, served from one process."""

import asyncio
import logging
import threading
import warnings
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prefect import serve
from prefect.client.orchestration import get_client
from prefect.deployments import arun_deployment
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.nightly import nightly
from flows.prefect_settings import slug
from flows.retraining import retraining
from pipeline.core.as_of import AsOf
from pipeline.ops.last_night import last_night, missed_nights
from pipeline.ops.workspace import Workspace

CHECK_EVERY_S = 900.0
FIRST_CHECK_S = 20.0  # by then `serve` has registered the deployments
log = logging.getLogger("triage.schedule")


def deployments(workspaces: Sequence[Workspace], cron: str | None = None, timezone: str | None = None) -> list[Any]:
    """Return the deployments of each newsletter, scheduled as its newsletter.toml says or as given.

    They are unpaused: a deployment that was paused is resumed.
    """
    made = []
    for workspace in workspaces:
        letter, folder = workspace.newsletter, str(workspace.folder)
        zone = timezone or letter.timezone
        for flow, when, parameters in (
            (nightly, cron or letter.nightly, {"folder": folder, "skip_if_done": True}),
            (retraining, letter.retraining, {"folder": folder}),
        ):
            made.append(
                flow.to_deployment(
                    slug(letter.name),
                    parameters=parameters,
                    schedule=Cron(when, timezone=zone),
                    tags=["triage", slug(letter.name)],
                    description=f"{letter.name}: {flow.description}",
                    paused=False,
                    entrypoint_type=EntrypointType.MODULE_PATH,
                )
            )
    return made


def serve_nights(workspaces: Sequence[Workspace], cron: str | None = None, timezone: str | None = None) -> None:
    """Serve all flows until stopped, one run at a time, and catch up on missed runs."""
    threading.Thread(target=_catch_up, args=(workspaces,), daemon=True).start()
    # Prefect 3.8 does not await its own stop
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop'")
    # not paused on stop, so that a restart continues; one run at a time: a run uses all cores
    serve(*deployments(workspaces, cron, timezone), pause_on_shutdown=False, print_starting_message=False, limit=1)


def has_missed(workspace: Workspace, now: datetime) -> bool:
    """Return whether a scheduled run did not happen."""
    with workspace.database.reading() as connection:
        night = last_night(connection, now)
    return night is not None and bool(missed_nights(workspace.newsletter, night.started_at, now))


async def run_missed(workspace: Workspace, now: datetime) -> Any | None:
    """Schedule one run of the nightly deployment now if runs were missed; returns the flow run, None if none was.

    At most one an hour: in the same hour Prefect returns the run that it has. None while somebody has paused the
    deployment or its schedule: the nights since then are not missed.
    """
    if not has_missed(workspace, now):
        return None
    name = slug(workspace.newsletter.name)
    if await _is_paused(f"{nightly.name}/{name}"):
        return None
    log.warning("a nightly run of %s was missed; it is run now", workspace.newsletter.name)
    return await arun_deployment(
        f"{nightly.name}/{name}",
        timeout=0,
        idempotency_key=f"missed-{name}-{now:%Y-%m-%dT%H}",
        tags=["triage", name, "missed"],
    )


async def _is_paused(deployment: str) -> bool:
    async with get_client() as client:
        found = await client.read_deployment_by_name(deployment)
    return found.paused or not any(schedule.active for schedule in found.schedules)


def _catch_up(workspaces: Sequence[Workspace]) -> None:
    """Look for missed runs from time to time: the machine was off, or the clock skipped the hour."""
    wait_s = FIRST_CHECK_S
    while not threading.Event().wait(wait_s):
        wait_s = CHECK_EVERY_S
        for workspace in workspaces:
            try:
                asyncio.run(run_missed(workspace, AsOf.now().time))
            except Exception as error:  # of the workspace or of Prefect's server: the next check may find both well
                log.warning("cannot look for missed runs of %s (%s)", workspace.newsletter.name, error)
                wait_s = FIRST_CHECK_S
