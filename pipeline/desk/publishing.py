"""What is done with a finished issue: checked, downloaded, sent to Buttondown, recorded as published."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.errors import NotFoundError
from pipeline.core.types import Decision, Issue
from pipeline.desk.draft_editor import draft_layout
from pipeline.desk.rendering import desk_of, name_of, render
from pipeline.desk.requests import field_of, read_form
from pipeline.desk.session import Desk
from pipeline.drafts.buttondown import send_draft
from pipeline.drafts.render import form_of, to_html, to_text
from pipeline.ops.workspace import Workspace
from pipeline.steps.check_draft import Finding, check_issue
from pipeline.steps.draft import draft_issue
from pipeline.steps.publish import MissedPick, issue_body, publish_issue, read_issue, take_back_issue
from pipeline.store import decisions
from pipeline.store.runs import record_run

T = TypeVar("T")


def _as_mail(markdown: str, workspace: Workspace) -> str:
    newsletter, folder = workspace.newsletter, workspace.folder
    return to_html(markdown, folder, newsletter.language, form_of(newsletter, folder))


FORMATS: dict[str, tuple[str, Callable[[str, Workspace], str]]] = {
    "md": ("text/markdown", lambda markdown, workspace: markdown),
    "html": ("text/html", _as_mail),
    "txt": ("text/plain", lambda markdown, workspace: to_text(markdown)),
}


def findings(desk: Desk) -> list[Finding]:
    """Check the draft: its links are fetched, repeats, deadlines, counts and missing texts are named."""
    layout, workspace = draft_layout(desk), desk.workspace
    newsletter = replace(workspace.newsletter, draft=form_of(workspace.newsletter, workspace.folder))
    issue = draft_issue(layout.draft, layout.markdown, newsletter)
    return check_issue(workspace.database, newsletter, desk.as_of, issue, layout.markdown)


def check(request: Request) -> Response:
    """Show what the check of the draft finds."""
    return render(request, "check.html", findings=findings(desk_of(request)))


def download(request: Request) -> Response:
    """Return the draft as a file: Markdown, HTML or text."""
    format = request.path_params["format"]
    if format not in FORMATS:
        raise NotFoundError(f"the draft has no format {format[:20]!r}; there are: {', '.join(FORMATS)}")
    desk, (kind, write) = desk_of(request), FORMATS[format]
    layout = draft_layout(desk)
    name = f"issue-{layout.draft.number}.{format}"
    text = write(layout.markdown, desk.workspace)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=f"{kind}; charset=utf-8")


async def send(request: Request) -> Response:
    """Create or update the draft at Buttondown."""
    form = await read_form(request)
    layout = await run_in_threadpool(draft_layout, desk_of(request))
    id = await run_in_threadpool(_at_buttondown, layout.title, layout.markdown)
    return render(request, "sent.html", layout=layout, sent=id, missed=None, back=field_of(form, "back"))


async def went_out(request: Request) -> Response:
    """Show the issue as it will be recorded, to be corrected by hand; POST records it as published."""
    desk = desk_of(request)
    if request.method == "GET":
        layout = await run_in_threadpool(draft_layout, desk)
        return render(request, "sent.html", layout=layout, sent=None, missed=None)
    form = await read_form(request)
    number, missed = await run_in_threadpool(
        record_published, desk, field_of(form, "text"), name_of(request), bool(field_of(form, "replace"))
    )
    layout = await run_in_threadpool(draft_layout, desk)
    return render(request, "sent.html", layout=layout, sent=None, missed=missed, recorded=number)


def record_published(desk: Desk, markdown: str, editor: str, replaces: bool = False) -> tuple[int, list[MissedPick]]:
    """Record an issue as published; its picks leave the list.

    Returns its number, and the picks that the list had not shown.
    """
    workspace = desk.workspace
    decisions.catch_up(workspace.journal, workspace.database)
    issue = _with_file(markdown, lambda file: read_issue(file, workspace.newsletter))
    report, missed = publish_issue(workspace.database, issue, replace=replaces)
    record_run(workspace.database, report, desk.as_of)
    if desk.issue_text("intro"):
        desk.record([Decision(None, "intro", editor, desk.as_of.time, text="")])
    desk.reload()
    return issue.number, missed


def take_back(desk: Desk, number: int) -> Issue:
    """Take back that an issue was published. Its picks stand in the draft again."""
    workspace = desk.workspace
    decisions.catch_up(workspace.journal, workspace.database)
    issue = take_back_issue(workspace.database, number)
    desk.reload()
    return issue


def _at_buttondown(title: str, markdown: str) -> str:
    return send_draft(title, _with_file(markdown, issue_body))


def _with_file(markdown: str, read: Callable[[Path], T]) -> T:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "issue.md"
        file.write_text(markdown, "utf-8")
        return read(file)
