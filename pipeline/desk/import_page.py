"""The page on which a newcomer sends past issues, sees how they are read, tries another layout, and imports them."""

from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from pipeline.archive.explanation import Explanation, explain
from pipeline.archive.explanation_page import issues_html, style
from pipeline.archive.files import read_files
from pipeline.archive.importer import read_archive
from pipeline.archive.layout.layouts import FORMS
from pipeline.archive.reading import Reading
from pipeline.core.config import FILE_NAME
from pipeline.desk import uploads
from pipeline.desk.rendering import desk_of, render
from pipeline.desk.session import Desk
from pipeline.ops.newsletter_file import save_settings
from pipeline.steps.import_issues import import_issues, keep_form
from pipeline.store.runs import record_run

LAYOUTS = ("auto", "titles", *FORMS)


@dataclass(frozen=True)
class Preview:
    """How an upload is read with a layout."""

    upload: str
    layout: str
    reading: Reading
    explanation: Explanation

    @property
    def html(self) -> str:
        """Legend, figures, doubts and issues."""
        return issues_html(self.explanation)


async def style_sheet(request: Request) -> Response:
    """Return the colours of the preview."""
    return Response(style(), media_type="text/css")


async def import_page(request: Request) -> Response:
    """Show the form; read what is sent; import what was looked at."""
    desk = desk_of(request)
    if request.method == "GET":
        return render(request, "import.html", preview=None, done=None, layouts=LAYOUTS)
    form = await uploads.read_upload(request)
    layout = form.fields.get("layout", "auto")
    preview = await run_in_threadpool(_preview, desk, form, layout if layout in LAYOUTS else "auto")
    if form.fields.get("action") == "import" and preview.reading.n_picks:
        done = await run_in_threadpool(_import, desk, preview)
        return render(request, "import.html", preview=None, done=done, layouts=LAYOUTS)
    return render(request, "import.html", preview=preview, done=None, layouts=LAYOUTS)


def _preview(desk: Desk, form: uploads.Upload, layout: str) -> Preview:
    folder = desk.workspace.folder
    name = form.fields.get("upload", "") or uploads.keep(form.files, folder)
    file = uploads.find(name, folder)
    newsletter = replace(desk.workspace.newsletter, layout=layout)
    reading = read_archive(list(read_files(file)), newsletter)
    return Preview(name, layout, reading, explain(reading, newsletter))


def _import(desk: Desk, preview: Preview) -> dict[str, int | bool]:
    """Store the picks, and keep the layout and the form of drafts in newsletter.toml."""
    workspace = desk.workspace
    record_run(workspace.database, import_issues(workspace.database, preview.reading), workspace.as_of)
    if preview.layout != workspace.newsletter.layout:
        save_settings(workspace.folder / FILE_NAME, {"layout": preview.layout}, {})
    has_form = keep_form(workspace.folder, workspace.newsletter, preview.reading)
    return {"issues": len(preview.reading.issues), "picks": preview.reading.n_picks, "has_form": has_form}
