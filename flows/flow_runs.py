"""Names and tags of flow runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import tags
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


def tags_of(newsletter: str) -> set[str]:
    """Return the tags of a newsletter's runs: the product and the newsletter."""
    return {"triage", slug(newsletter)}


@contextmanager
def tagged(folder: Path) -> Iterator[None]:
    """Tag the flow runs of a workspace that are started inside.

    The events of a flow run name the tags that it began with, and automations read the events.
    """
    try:
        made = tags_of(read_newsletter(folder / FILE_NAME).name)
    except TriageError:  # the flow itself says what is wrong
        made = {"triage"}
    with tags(*made):
        yield


async def tag_run(newsletter: str) -> None:
    """Tag the flow run, whoever started it."""
    run = current_run()
    if run and not tags_of(newsletter) <= set(run.tags):
        async with get_client() as client:
            await client.update_flow_run(run.id, tags=sorted({*run.tags, *tags_of(newsletter)}))


def current_run() -> FlowRun | None:
    """Return the flow run that the code is in, None outside of one."""
    context = FlowRunContext.get()
    return context.flow_run if context else None
