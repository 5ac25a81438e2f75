"""Deployments of the nightly and weekly flow of each newsletter, served from one process."""

import logging
import subprocess
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import Any

from prefect import serve
from prefect.schedules import Cron
from prefect.types.entrypoint import EntrypointType

from flows.nightly import nightly
from flows.prefect_settings import slug
from flows.retraining import retraining
from pipeline.core.as_of import AsOf
from pipeline.core.errors import TriageError
from pipeline.ops.status import last_night, missed_nights
from pipeline.ops.workspace import Workspace

CHECK_EVERY_S = 900.0
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


def has_missed(workspace: Workspace) -> bool:
    """Return whether a scheduled run did not happen."""
    now = AsOf.now().time
    with workspace.database.reading() as connection:
        night = last_night(connection, now)
    return night is not None and bool(missed_nights(workspace.newsletter, night.started_at, now))


def _catch_up(workspaces: Sequence[Workspace]) -> None:
    """Run once for all missed runs: the machine was off, or the clock skipped the hour."""
    while True:
        for workspace in workspaces:
            try:
                if has_missed(workspace):
                    log.warning("a nightly run of %s was missed; running it now", workspace.newsletter.name)
                    command = [
                        sys.executable,
                        "-m",
                        "flows.cli",
                        "nightly",
                        "--skip-if-done",
                        "--workspace",
                        str(workspace.folder),
                    ]
                    subprocess.run(command, check=False)  # noqa: S603 (our own command)
            except TriageError as error:
                log.warning("%s", error)
        threading.Event().wait(CHECK_EVERY_S)
