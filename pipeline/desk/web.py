"""The review page: one function a page, one address each. Every change is a form; the script only sends them sooner."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, unquote

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.desk import api, deciding
from pipeline.desk.guard import LOOPBACK, MAX_BODY, TOKEN_COOKIE, Guard, same
from pipeline.desk.pages import MOST_ROWS, Query, templates, view
from pipeline.desk.session import Desk, OverruledError
from pipeline.errors import NotFoundError, TriageError

EDITOR_COOKIE = "triage_editor"
A_YEAR_S = 365 * 24 * 3600
Form = dict[str, list[str]]


def build(
    desk: Desk,
    editor: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
    token: str | None = None,
) -> Starlette:
    """Make the desk's web application.

    Parameters
    ----------
    desk : Desk
        What all its pages show.
    editor : str, optional
        Who decides; None: each visitor is asked once.
    hosts : frozenset of str, or None
        Names under which the desk may be asked for; None: any, with a token.
    token : str, optional
        What a visitor must know.
    """
    routes = [
        Route("/", shortlist),
        Route("/story/{id}", story),
        Route("/decide", decide, methods=["POST"]),
        Route("/note", note, methods=["POST"]),
        Route("/group", group, methods=["POST"]),
        Route("/undo", undo, methods=["POST"]),
        Route("/mute", mute, methods=["POST"]),
        Route("/help", help_page),
        Route("/editor", who, methods=["GET", "POST"]),
        Route("/login", login, methods=["GET", "POST"]),
        *api.routes(),
        Mount("/static", StaticFiles(packages=[("pipeline.desk", "static")])),
    ]
    handlers = {TriageError: told, HTTPException: not_there}
    guard = Middleware(Guard, hosts=hosts, token=token)
    app = Starlette(routes=routes, middleware=[guard], exception_handlers=handlers)
    app.state.desk, app.state.editor, app.state.token = desk, editor, token
    app.state.templates = templates()
    app.state.notices = list
    return app


# --- pages -----------------------------------------------------------------------------------------------------------


def shortlist(request: Request) -> Response:
    """The ranked candidates."""
    if editor_of(request) is None:
        return RedirectResponse("/editor", 303)
    seen = view(desk_of(request), Query.read(request.query_params))
    return page(request, "shortlist.html", view=seen, most_rows=MOST_ROWS)


def story(request: Request) -> Response:
    """One story with all that is known of it."""
    return page(request, "story.html", story=desk_of(request).story(request.path_params["id"]))


def help_page(request: Request) -> Response:
    """Keys, and the bookmarklet."""
    return page(request, "help.html", origin=f"{request.url.scheme}://{request.url.netloc}")


async def who(request: Request) -> Response:
    """Ask once for the editor's name."""
    if request.method == "GET":
        return page(request, "editor.html")
    name = one(await form_of(request), "name").strip()[:60]
    if not name:
        return page(request, "editor.html")
    answer = RedirectResponse("/", 303)
    answer.set_cookie(EDITOR_COOKIE, quote(name), max_age=A_YEAR_S, httponly=True, samesite="lax")
    return answer


async def login(request: Request) -> Response:
    """Ask for the token."""
    back = local(request.query_params.get("back", "/"))
    if request.method == "GET":
        return page(request, "login.html", back=back, wrong=False)
    form = await form_of(request)
    token = request.app.state.token
    if token is None or not same(one(form, "token"), token):
        return page(request, "login.html", back=local(one(form, "back")), wrong=True, status=401)
    answer = RedirectResponse(local(one(form, "back")), 303)
    answer.set_cookie(TOKEN_COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return answer


# --- what an editor says ---------------------------------------------------------------------------------------------


def saying(what: Callable[[Request, Form], None]) -> Callable[[Request], Awaitable[Response]]:
    """Let a function hear a form and then show the page it came from."""

    async def hear(request: Request) -> Response:
        form = await form_of(request)
        await run_in_threadpool(what, request, form)
        return RedirectResponse(local(one(form, "back")), 303)

    hear.__name__ = what.__name__
    return hear


@saying
def decide(request: Request, form: Form) -> None:
    """Hear pick, skip, later, undo or a section."""
    desk = desk_of(request)
    ids = [desk.story(id).id for id in form.get("id", [])]
    section = one(form, "section") or None
    said = deciding.decide(ids, one(form, "verdict"), name_of(request), now(), desk.workspace.newsletter, section)
    desk.say(said, seen=seq_of(form))


@saying
def note(request: Request, form: Form) -> None:
    """Hear the note that becomes an entry's blurb."""
    desk = desk_of(request)
    desk.say([deciding.note(desk.story(one(form, "id")).id, one(form, "text"), name_of(request), now())])


@saying
def group(request: Request, form: Form) -> None:
    """Hear which stories stand as one entry."""
    desk = desk_of(request)
    ids = [desk.story(id).id for id in form.get("id", [])]
    if ids:
        desk.say(deciding.group(ids, name_of(request), now()))


@saying
def mute(request: Request, form: Form) -> None:
    """Hear which source, author or phrase is to be kept out, or let in again."""
    verdict = one(form, "verdict") or "mute"
    desk_of(request).say([deciding.mute(one(form, "kind"), one(form, "value"), verdict, name_of(request), now())])


@saying
def undo(request: Request, form: Form) -> None:
    """Take back the editor's last decision."""
    desk_of(request).undo(name_of(request))


# --- what pages share ------------------------------------------------------------------------------------------------


def desk_of(request: Request) -> Desk:
    """Return the desk whose pages these are."""
    desk: Desk = request.app.state.desk
    return desk


def editor_of(request: Request) -> str | None:
    """Return who decides, None while that is unknown."""
    return request.app.state.editor or unquote(request.cookies.get(EDITOR_COOKIE, ""))[:60] or None


def name_of(request: Request) -> str:
    """Return who decides; whoever does not say is "editor"."""
    return editor_of(request) or "editor"


def page(request: Request, template: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """Fill a template with what it shows and what every page shows."""
    desk = desk_of(request)
    environment: Environment = request.app.state.templates
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    common = {
        "newsletter": desk.workspace.newsletter,
        "sections": {
            section.key: (n % 12, section.name) for n, section in enumerate(desk.workspace.newsletter.sections)
        },
        "editor": editor_of(request),
        "last": desk.last(name_of(request)),
        "seq": desk.seq,
        "here": here,
        "notices": request.app.state.notices(),
    }
    return HTMLResponse(environment.get_template(template).render(**common, **shown), status)


async def form_of(request: Request) -> Form:
    """Read what a form sent, up to a size."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"At most {MAX_BODY:,} bytes can be sent at once.")
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=1000)


def one(form: Form, name: str) -> str:
    """Return a field's value, "" where it is missing."""
    return form.get(name, [""])[0]


def seq_of(form: Form) -> int | None:
    """Return up to where the page that sent a form knew the journal."""
    seen = one(form, "seen")
    return int(seen[:15]) if seen.isascii() and seen.isdecimal() else None


def local(address: str) -> str:
    """Return an address of this desk as it is, and any other as the front page."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours else "/"


def now() -> datetime:
    """The moment of a decision."""
    return datetime.now(UTC)


def told(request: Request, error: Exception) -> Response:
    """Tell expected trouble in its one sentence."""
    status = 404 if isinstance(error, NotFoundError) else 409 if isinstance(error, OverruledError) else 400
    return answer_trouble(request, status, str(error))


def not_there(request: Request, error: Exception) -> Response:
    """Tell that a page is not there, or not asked so."""
    assert isinstance(error, HTTPException)
    return answer_trouble(request, error.status_code, error.detail)


def answer_trouble(request: Request, status: int, sentence: str) -> Response:
    """Say what went wrong to a person or to a program."""
    if request.url.path.startswith("/api/"):
        return api.problem(status, sentence)
    return page(request, "trouble.html", status, sentence=sentence)
