"""What runs when: the nightly and the weekly flow of each newsletter, served from one process."""

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

LOOK_EVERY_S = 900.0
log = logging.getLogger("triage.schedule")


def deployments(workspaces: Sequence[Workspace], cron: str | None = None, timezone: str | None = None) -> list[Any]:
    """Describe to Prefect what to run for each newsletter, at the times in its newsletter.toml or at the given ones.

    A deployment that an earlier stop or a person paused is resumed.
    """
    made = []
    for workspace in workspaces:
        letter, folder = workspace.newsletter, str(workspace.folder)
        zone = timezone or letter.timezone
        for flow, when, parameters in (
            (nightly, cron or letter.nightly, {"folder": folder, "once": True}),
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
    """Serve all flows until stopped, one at a time, and make up for nights that were missed."""
    threading.Thread(target=_make_up, args=(workspaces,), daemon=True).start()
    # Prefect 3.8 forgets to await its own stop
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop'")
    # left unpaused on stop, so that a restart goes on; one run at a time: a night wants the whole machine
    serve(*deployments(workspaces, cron, timezone), pause_on_shutdown=False, print_starting_message=False, limit=1)


def has_missed(workspace: Workspace) -> bool:
    """Tell whether a night should have run and did not."""
    now = AsOf.now().time
    with workspace.database.reading() as connection:
        night = last_night(connection, now)
    return night is not None and bool(missed_nights(workspace.newsletter, night.started_at, now))


def _make_up(workspaces: Sequence[Workspace]) -> None:
    """Run one night for all that were missed: the machine was off, or the clock jumped over the hour."""
    while True:
        for workspace in workspaces:
            try:
                if has_missed(workspace):
                    log.warning("a night of %s was missed; it runs now", workspace.newsletter.name)
                    command = [
                        sys.executable,
                        "-m",
                        "flows.cli",
                        "nightly",
                        "--once",
                        "--workspace",
                        str(workspace.folder),
                    ]
                    subprocess.run(command, check=False)  # noqa: S603 (our own command)
            except TriageError as error:
                log.warning("%s", error)
        threading.Event().wait(LOOK_EVERY_S)
