"""Names and tags of flow runs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.runtime import flow_run

from flows.prefect_settings import slug
from pipeline.core.config import FILE_NAME
from pipeline.core.config_reader import read_newsletter
from pipeline.core.errors import TriageError

NAME_LENGTH = 100


def run_name() -> str:
    """Name a run by newsletter and as-of date: "Letter 2026-11-25"."""
    parameters: dict[str, Any] = flow_run.parameters
    folder = Path(parameters["folder"])
    try:
        letter = read_newsletter(folder / FILE_NAME)
    except TriageError:  # the flow itself says what is wrong
        return folder.name
    day = parameters.get("as_of") or datetime.now(UTC).astimezone(letter.zone).date()
    return f"{' '.join(letter.name.split())[:NAME_LENGTH]} {day}"


async def tag_run(newsletter: str) -> None:
    """Tag the flow run with the product and the newsletter, whoever started it."""
    if run := current_run():
        async with get_client() as client:
            await client.update_flow_run(run.id, tags=sorted({*run.tags, "triage", slug(newsletter)}))


def current_run() -> FlowRun | None:
    """Return the flow run that the code is in, None outside of one."""
    context = FlowRunContext.get()
    return context.flow_run if context else None
