"""The review page: one function a page, one address each. Every change is a form; the script only sends them sooner."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from pipeline.core.errors import NotFoundError, TriageError
from pipeline.desk import add_story, api, commands, draft_editor
from pipeline.desk.charts import pictures
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.requests import LONGEST_ADDRESS, LONGEST_NAME, Form, form_of, one
from pipeline.desk.security import LOOPBACK, TOKEN_COOKIE, Guard, same
from pipeline.desk.session import Desk, OverruledError
from pipeline.desk.sync import JournalSync
from pipeline.desk.views import MOST_ROWS, Query, templates, view
from pipeline.ops.status import read_status
from pipeline.steps.subscribe import followed

EDITOR_COOKIE = "triage_editor"
A_YEAR_S = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above every page, with the page it is about and what can be done there."""

    text: str
    address: str | None = None
    button: str | None = None


def build(
    desk: Desk,
    sync: JournalSync,
    editor: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
    token: str | None = None,
) -> Starlette:
    """Make the desk's web application.

    Parameters
    ----------
    desk : Desk
        What all its pages show.
    sync : JournalSync
        What keeps it, and knows of trouble.
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
        Route("/add", add, methods=["GET", "POST"]),
        Route("/older", older),
        Route("/bring-back", bring_back, methods=["POST"]),
        Route("/draft", draft),
        Route("/draft/move", move, methods=["POST"]),
        Route("/draft/join", join, methods=["POST"]),
        Route("/status", status),
        Route("/night", night, methods=["GET", "POST"]),
        Route("/help", help_page),
        Route("/editor", who, methods=["GET", "POST"]),
        Route("/login", login, methods=["GET", "POST"]),
        *api.routes(),
        Mount("/static", StaticFiles(packages=[("pipeline.desk", "static")])),
    ]
    handlers = {TriageError: told, HTTPException: not_there}
    guard = Middleware(Guard, hosts=hosts, token=token)
    app = Starlette(routes=routes, middleware=[guard], exception_handlers=handlers)
    app.state.desk, app.state.sync, app.state.editor, app.state.token = desk, sync, editor, token
    app.state.templates, app.state.night = templates(desk), NightRun(desk.workspace.folder)
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
    return page(request, "story.html", story=desk_of(request).story(request.path_params["id"]), problem=None)


async def add(request: Request) -> Response:
    """Take in a link, from the field or the bookmarklet: the latter only asks, a form of ours does it."""
    if request.method == "GET":
        return page(request, "add.html", url=request.query_params.get("url", "")[:LONGEST_ADDRESS])
    form = await form_of(request)
    found, problem = await run_in_threadpool(
        add_story.add,
        desk_of(request),
        one(form, "url")[:LONGEST_ADDRESS],
        name_of(request),
        one(form, "section") or None,
    )
    return page(request, "story.html", story=found, problem=problem)


def older(request: Request) -> Response:
    """Articles of before, to search and bring back."""
    words = request.query_params.get("q", "")[:LONGEST_ADDRESS]
    return page(request, "older.html", words=words, found=add_story.older(desk_of(request), words))


def draft(request: Request) -> Response:
    """The coming issue as it stands."""
    return page(request, "draft.html", layout=draft_editor.lay_out(desk_of(request)))


def status(request: Request) -> Response:
    """What the nights did, how the feeds are, how well the model finds."""
    desk = desk_of(request)
    now_known = read_status(desk.workspace.database, desk.workspace.newsletter, desk.as_of)
    return page(
        request,
        "status.html",
        status=now_known,
        muted=desk.muted(),
        pictures=pictures(desk),
        feeds=followed(desk.workspace.database, desk.as_of),
    )


async def night(request: Request) -> Response:
    """Run a night now, and show how far it is."""
    run: NightRun = request.app.state.night
    if request.method == "POST":
        await run_in_threadpool(run.start)
        return RedirectResponse("/night", 303)
    return page(request, "night.html", run=run)


def help_page(request: Request) -> Response:
    """Keys, and the bookmarklet."""
    return page(request, "help.html", origin=f"{request.url.scheme}://{request.url.netloc}")


async def who(request: Request) -> Response:
    """Ask once for the editor's name."""
    if request.method == "GET":
        return page(request, "editor.html")
    name = one(await form_of(request), "name").strip()[:LONGEST_NAME]
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
        return page(request, "login.html", back=local(one(form, "back")), wrong=True, code=401)
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
    said = commands.decide(
        ids, one(form, "verdict"), name_of(request), desk.as_of.time, desk.workspace.newsletter, section
    )
    desk.say(said, seen=seq_of(form))


@saying
def note(request: Request, form: Form) -> None:
    """Hear the note that becomes an entry's blurb."""
    desk = desk_of(request)
    desk.say(
        [
            commands.note(
                desk.story(one(form, "id")).id, one(form, "text"), name_of(request), desk_of(request).as_of.time
            )
        ]
    )


@saying
def group(request: Request, form: Form) -> None:
    """Hear which stories stand as one entry."""
    desk = desk_of(request)
    ids = [desk.story(id).id for id in form.get("id", [])]
    if ids:
        desk.say(commands.group(ids, name_of(request), desk_of(request).as_of.time))


@saying
def mute(request: Request, form: Form) -> None:
    """Hear which source, author or phrase is to be kept out, or let in again."""
    verdict = one(form, "verdict") or "mute"
    desk_of(request).say(
        [commands.mute(one(form, "kind"), one(form, "value"), verdict, name_of(request), desk_of(request).as_of.time)]
    )


@saying
def move(request: Request, form: Form) -> None:
    """Let an entry of the draft change places with its neighbour."""
    desk = desk_of(request)
    by = {"-1": -1, "1": 1}.get(one(form, "by"), 0)
    desk.say([draft_editor.move(draft_editor.lay_out(desk).draft, one(form, "id"), by, name_of(request), desk)])


@saying
def join(request: Request, form: Form) -> None:
    """Let an entry of the draft stand together with the one above it."""
    desk = desk_of(request)
    desk.say(draft_editor.join(draft_editor.lay_out(desk).draft, one(form, "id"), name_of(request), desk))


@saying
def bring_back(request: Request, form: Form) -> None:
    """Let an older article be a candidate again."""
    add_story.bring_back(desk_of(request), one(form, "id"))


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
    return request.app.state.editor or unquote(request.cookies.get(EDITOR_COOKIE, ""))[:LONGEST_NAME] or None


def name_of(request: Request) -> str:
    """Return who decides; whoever does not say is "editor"."""
    return editor_of(request) or "editor"


def page(request: Request, template: str, code: int = 200, **shown: Any) -> HTMLResponse:
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
        "notices": notices(request),
    }
    return HTMLResponse(environment.get_template(template).render(**common, **shown), code)


def notices(request: Request) -> list[Notice]:
    """Return what a person should know before all else: a night that is missed, a database that is behind."""
    sync: JournalSync = request.app.state.sync
    run: NightRun = request.app.state.night
    if run.is_running:
        return [Notice("A night is running; the list renews itself when it is done.", "/night")]
    found = [Notice(f"{sentence.split('; run:')[0].capitalize()}.", "/night", "Run it now") for sentence in sync.alerts]
    if sync.trouble:
        found.append(Notice(f"Decisions are safe in the journal; the database will follow ({sync.trouble})."))
    return found


def seq_of(form: Form) -> int | None:
    """Return up to where the page that sent a form knew the journal."""
    seen = one(form, "seen")
    return int(seen[:15]) if seen.isascii() and seen.isdecimal() else None


def local(address: str) -> str:
    """Return an address of this desk as it is, and any other as the front page."""
    ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if ours else "/"


def told(request: Request, error: Exception) -> Response:
    """Tell expected trouble in its one sentence."""
    status = 404 if isinstance(error, NotFoundError) else 409 if isinstance(error, OverruledError) else 400
    return answer_trouble(request, status, str(error))


def not_there(request: Request, error: Exception) -> Response:
    """Tell that a page is not there, or not asked so."""
    assert isinstance(error, HTTPException)
    answer = answer_trouble(request, error.status_code, error.detail)
    answer.headers.update(error.headers or {})
    return answer


def answer_trouble(request: Request, status: int, sentence: str) -> Response:
    """Say what went wrong to a person or to a program."""
    if request.url.path.startswith("/api/"):
        return api.problem(status, sentence)
    return page(request, "trouble.html", status, sentence=sentence)
