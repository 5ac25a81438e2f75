"""How the desk answers errors: a page with the sentence, or JSON under /api/."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from pipeline.core.errors import UNWRITABLE, BusyError, JournalError, NotFoundError, StoreError, TriageError
from pipeline.desk.overruling import OverruledError
from pipeline.desk.refused import page_again, sent_again
from pipeline.desk.rendering import local_path, render
from pipeline.desk.requests import field_of
from pipeline.desk.template_filters import clip

# of expected errors; 503: what was sent is right, and can be stored once the sentence's next move is done
STATUS_OF = {NotFoundError: 404, OverruledError: 409, JournalError: 503, StoreError: 503}


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


HANDLERS: dict[int | type[Exception], Any] = {
    TriageError: answer_triage_error,
    HTTPException: answer_http_error,
    OSError: answer_disk_error,
    Exception: answer_bug,
}
