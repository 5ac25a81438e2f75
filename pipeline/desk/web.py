"""The review page's web application: its routes, and how errors are answered."""

from operator import attrgetter
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.core.errors import UNWRITABLE, BusyError, JournalError, NotFoundError, StoreError, TriageError
from pipeline.desk import (
    actions,
    api,
    feeds_page,
    fragments,
    import_page,
    issues_pages,
    models_pages,
    pages,
    publishing,
    rate_page,
    settings_page,
)
from pipeline.desk.metrics import metrics
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.overruling import OverruledError
from pipeline.desk.patience import PatienceMiddleware
from pipeline.desk.reading import Readings
from pipeline.desk.refused import page_again, sent_again
from pipeline.desk.rendering import local_path, render
from pipeline.desk.requests import field_of
from pipeline.desk.security import LOOPBACK, SecurityMiddleware
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.template_filters import clip, templates

BOTH = ["GET", "POST"]
# of expected errors; 503: what was sent is right, and can be stored once the sentence's next move is done
STATUS_OF = {NotFoundError: 404, OverruledError: 409, JournalError: 503, StoreError: 503}
ABOUT = "What the desk decides and writes. Times are ISO 8601 in UTC. With a token, send `Authorization: Bearer TOKEN`."


def build(
    desk: Desk,
    sync: JournalSync,
    editor: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
    token: str | None = None,
) -> FastAPI:
    """Build the web application.

    Parameters
    ----------
    desk : Desk
        The shortlist that its pages show.
    sync : JournalSync
        Its background thread, whose errors and alerts the pages show.
    editor : str, optional
        Name under which decisions are recorded; None: each visitor is asked once.
    hosts : frozenset of str, or None
        Host names under which requests are accepted; None: any, which needs a token.
    token : str, optional
        Secret that visitors must send.
    """
    routes = [
        Route("/", pages.shortlist),
        Route("/update", fragments.update),
        Route("/rows", fragments.rows),
        Route("/find", fragments.find),
        Route("/story/{id}", pages.story),
        Route("/story/{id}/article", fragments.article),
        Route("/story/{id}/text", fragments.text),
        Route("/story/{id}/fetch", actions.fetch_text, methods=["POST"]),
        Route("/add", pages.add, methods=BOTH),
        Route("/older", pages.older),
        Route("/rate", rate_page.rate),
        Route("/draft", pages.draft),
        Route("/feeds", feeds_page.feeds),
        Route("/feeds.opml", feeds_page.download),
        Route("/feeds/add", feeds_page.add, methods=["POST"]),
        Route("/feeds/remove", feeds_page.remove, methods=["POST"]),
        Route("/feeds/undo", feeds_page.undo_removal, methods=["POST"]),
        Route("/feeds/retry", feeds_page.retry, methods=["POST"]),
        Route("/feeds/import", feeds_page.import_opml, methods=["POST"]),
        Route("/issues", issues_pages.issues),
        Route("/issues/{number}", issues_pages.issue),
        Route("/issues/{number}/take-back", issues_pages.take_back, methods=["POST"]),
        Route("/models", models_pages.models),
        Route("/models/activate", models_pages.activate, methods=["POST"]),
        Route("/replay", models_pages.replay),
        Route("/job", models_pages.job, methods=BOTH),
        Route("/settings", settings_page.settings),
        Route("/settings/newsletter", settings_page.save, methods=["POST"]),
        Route("/settings/sections", settings_page.save_all_sections, methods=["POST"]),
        Route("/status", pages.status),
        Route("/metrics", metrics),
        Route("/night", pages.night, methods=BOTH),
        Route("/help", pages.help_page),
        Route("/editor", pages.editor_name, methods=BOTH),
        Route("/login", pages.login, methods=BOTH),
        Route("/decide", actions.decide, methods=["POST"]),
        Route("/note", actions.note, methods=["POST"]),
        Route("/group", actions.group, methods=["POST"]),
        Route("/skip", actions.skip, methods=["POST"]),
        Route("/undo", actions.undo, methods=["POST"]),
        Route("/mute", actions.mute, methods=["POST"]),
        Route("/bring-back", actions.bring_back, methods=["POST"]),
        Route("/draft/move", actions.move, methods=["POST"]),
        Route("/draft/edit", actions.edit, methods=["POST"]),
        Route("/draft/preview", fragments.preview),
        Route("/draft/check", publishing.check),
        Route("/draft/send", publishing.send, methods=["POST"]),
        Route("/draft/published", publishing.went_out, methods=BOTH),
        Route("/draft/issue.{format}", publishing.download),
        Route("/draft/join", actions.join, methods=["POST"]),
        *import_page.routes(),
        Mount("/static", StaticFiles(packages=[("pipeline.desk", "static")])),
    ]
    handlers: dict[int | type[Exception], Any] = {
        TriageError: answer_triage_error, HTTPException: answer_http_error, OSError: answer_disk_error,
        Exception: answer_bug,
    }  # fmt: skip
    middleware = [
        Middleware(SecurityMiddleware, hosts=hosts, token=token),
        Middleware(GZipMiddleware, minimum_size=1000),
        Middleware(PatienceMiddleware),
    ]
    app = FastAPI(
        title="Triage, the desk",
        version="1",
        description=ABOUT,
        routes=routes,
        middleware=middleware,
        exception_handlers=handlers,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=attrgetter("name"),
    )
    app.include_router(api.router)
    app.state.desk, app.state.sync, app.state.editor, app.state.token = desk, sync, editor, token
    app.state.removed_feeds = []
    app.state.readings, app.state.job = Readings(desk), NightRun(desk.workspace.folder)
    app.state.templates, app.state.night = templates(desk), NightRun(desk.workspace.folder)
    return app


async def answer_triage_error(request: Request, error: Exception) -> Response:
    """Answer an expected error with its sentence."""
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
    if isinstance(error, BusyError) and request.method in ("GET", "HEAD") and not request.url.path.startswith("/api/"):
        return render(request, "busy.html", status, sentence=str(error).partition(";")[0])
    return await page_again(request, status, str(error)) or _answer_error(request, status, str(error))


async def answer_disk_error(request: Request, error: Exception) -> Response:
    """Answer that the disk is full or may not be written to; any other error of the system is a bug."""
    assert isinstance(error, OSError)
    if error.errno not in UNWRITABLE:
        raise error
    what = error.filename or "the workspace"
    return await answer_triage_error(
        request, StoreError(f"{what} cannot be written ({error.strerror}); make room, or let it be written to")
    )


async def answer_http_error(request: Request, error: Exception) -> Response:
    """Answer an unknown address, a wrong method or a body that is too large.

    A form's address is shown beside the page of a form that was refused: loaded again it is the page above it.
    """
    assert isinstance(error, HTTPException)
    if error.status_code == 405 and request.method == "GET" and not request.url.path.startswith("/api/"):
        return RedirectResponse(local_path(request.url.path.rpartition("/")[0]), 303)
    address = clip(request.url.path, 80)
    unknown = {404: f"There is no page {address}.", 405: f"{address} does not answer {request.method}."}
    response = _answer_error(request, error.status_code, unknown.get(error.status_code, error.detail))
    response.headers.update(error.headers or {})
    return response


async def answer_bug(request: Request, error: Exception) -> Response:
    """Answer any other error without a page, which might fail as well; the server logs its traceback."""
    sentence = (
        f"A fault in Triage ({type(error).__name__}) stopped this; the terminal in which the desk runs says where. "
        "What you decided before is kept: go back and load the page again."
    )
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": sentence}, 500)
    return PlainTextResponse(sentence, 500, {"X-Content-Type-Options": "nosniff"})


def _answer_error(request: Request, status: int, sentence: str) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": sentence}, status)
    form = getattr(request.state, "form", {})
    back, text = local_path(field_of(form, "back")), field_of(form, "text")
    heading = "Not found" if status == 404 else "That did not work"
    return render(
        request, "error.html", status, heading=heading, sentence=sentence, back=back, text=text,
        again=sent_again(request, status),
    )  # fmt: skip
