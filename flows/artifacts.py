"""Prefect artifacts of a nightly run: its steps, the top stories, a link to the desk."""

from collections.abc import Sequence

from prefect.artifacts import acreate_link_artifact, acreate_table_artifact

from flows.prefect_settings import slug
from pipeline.core.types import StepReport
from pipeline.ops import runner
from pipeline.ops.notify import read_top
from pipeline.ops.workspace import Workspace

DESK = "http://127.0.0.1:8765/"


async def create_night_artifacts(workspace: Workspace, reports: Sequence[StepReport]) -> None:
    """Create the artifacts. A failure is logged and does not fail the run."""
    with workspace.database.reading() as connection:
        top = read_top(connection)
    key = slug(workspace.newsletter.name)
    rows = [
        {"step": r.step, "seen": r.seen, "done": r.done, "failed": r.failed, "seconds": round(r.seconds, 1)}
        for r in reports
    ]
    stories = [{"rank": h.rank, "title": h.title, "section": h.section, "source": h.source} for h in top]
    try:
        await acreate_table_artifact(
            rows, key=f"night-{key}", description=f"Last nightly run of {workspace.newsletter.name}"
        )
        await acreate_table_artifact(stories, key=f"shortlist-{key}", description="Top of the shortlist")
        await acreate_link_artifact(DESK, link_text="The desk (triage review)", key=f"desk-{key}")
    except Exception as error:
        runner.log.warning("Prefect did not store the run's artifacts (%s)", type(error).__name__)
