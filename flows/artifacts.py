"""Prefect artifacts of a run: its steps, the top stories, the failed feeds, a link to the desk; what retraining found.

Artifacts are for reading: one that Prefect does not store is logged and does not fail the run.
"""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    acreate_link_artifact,
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
    aupdate_progress_artifact,
)

from flows.prefect_settings import slug
from pipeline.core.plain_text import one_line
from pipeline.core.types import Progress, StepReport
from pipeline.ops import runner
from pipeline.ops.notify import Headline, read_top
from pipeline.ops.workspace import Workspace


class PullProgress:
    """The progress bar of a pull in Prefect's UI."""

    def __init__(self, artifact: UUID | None) -> None:
        self.artifact = artifact

    @classmethod
    async def create(cls, newsletter: str) -> "PullProgress":
        """Create the bar at zero."""
        key = f"pull-{slug(newsletter)}"
        return cls(await _stored(acreate_progress_artifact(0.0, key=key, description=f"Pull of {newsletter}")))

    async def update(self, done: int, total: int) -> None:
        """Move the bar."""
        if self.artifact is not None:
            await _stored(aupdate_progress_artifact(self.artifact, 100 * done / total))

    def from_thread(self) -> Progress:
        """Return `update` for a thread beside the running event loop; it waits until the bar has moved."""
        loop = asyncio.get_running_loop()

        def update(done: int, total: int) -> None:
            asyncio.run_coroutine_threadsafe(self.update(done, total), loop).result()

        return update


async def create_night_artifacts(workspace: Workspace, reports: Sequence[StepReport]) -> None:
    """Create the artifacts of a nightly run."""
    name = workspace.newsletter.name
    with workspace.database.reading() as connection:
        top = read_top(connection, workspace.newsletter)
    key = slug(name)
    made = [
        acreate_table_artifact(step_rows(reports), key=f"night-{key}", description=f"Steps of {name}"),
        acreate_table_artifact(story_rows(top), key=f"shortlist-{key}", description=f"Top stories of {name}"),
        acreate_link_artifact(
            workspace.newsletter.desk_url, "The desk (triage review)", f"desk-{key}", f"Where {name} is decided"
        ),
    ]
    if failed := failed_rows(reports):
        about = f"Failed feeds of {name}"
        made.append(acreate_table_artifact(failed, key=f"failed-feeds-{key}", description=about))
    await asyncio.gather(*map(_stored, made))


async def create_retraining_artifacts(newsletter: str, report: StepReport) -> None:
    """Create the artifacts of a retraining: what became active and why, and both models on each past issue."""
    key, details = f"retraining-{slug(newsletter)}", report.details
    made = [acreate_markdown_artifact(details["explanation"], key=key, description=f"Models of {newsletter}")]
    if rows := replay_rows(details):
        about = "nDCG@20 of the active and the new model, replayed on past issues"
        made.append(acreate_table_artifact(rows, key=f"replay-{slug(newsletter)}", description=about))
    await asyncio.gather(*map(_stored, made))


def step_rows(reports: Sequence[StepReport]) -> list[dict[str, Any]]:
    """Return a row for each step."""
    return [
        {"step": r.step, "seen": r.seen, "done": r.done, "failed": r.failed, "seconds": round(r.seconds, 1)}
        for r in reports
    ]


def story_rows(top: Sequence[Headline]) -> list[dict[str, Any]]:
    """Return a row for each story: its place, title, section, source, and why it stands there."""
    return [
        {
            "rank": story.rank,
            "title": one_line(story.title),
            "section": story.section_name,
            "source": one_line(story.source),
            "reasons": "; ".join(map(one_line, story.reasons)),
        }
        for story in top
    ]


def failed_rows(reports: Sequence[StepReport]) -> list[dict[str, Any]]:
    """Return a row for each feed that failed: its address, the code of the reason, and a sentence."""
    feeds = next((report.details.get("feeds", ()) for report in reports if report.step == "pull"), ())
    return [
        {
            "feed": feed["url"],
            "reason": feed["reason"],
            "status": feed["status"],
            "problem": one_line(feed["error"]),
        }
        for feed in feeds
        if feed["error"]
    ]


def replay_rows(details: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each past issue that both models were compared on."""
    columns = (details.get("issues", ()), details.get("champion", ()), details.get("challenger", ()))
    return [
        {"issue": issue, "active": _rounded(champion), "new": _rounded(challenger)}
        for issue, champion, challenger in zip_longest(*columns)
    ]


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(float(figure), 4)


async def _stored(artifact: Awaitable[Any]) -> Any:
    try:
        return await artifact
    except Exception as error:
        runner.log.warning("Prefect did not store an artifact of the run (%s)", type(error).__name__)
        return None
