"""The pages, one function each. Those that change something more than a decision handle their own form."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipeline.desk import add_story, draft_editor, rate_page
from pipeline.desk.charts import charts
from pipeline.desk.current_status import current_status
from pipeline.desk.issue import issue_of
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.query import AGES, MAX_ROWS, Query
from pipeline.desk.rendering import EDITOR_COOKIE, desk_of, editor_of, local_path, name_of, readings_of, render
from pipeline.desk.requests import MAX_NAME, MAX_URL, field_of, read_form
from pipeline.desk.security import TOKEN_COOKIE, same_token
from pipeline.desk.views import current_story, view
from pipeline.steps.subscribe import followed

YEAR_S = 365 * 24 * 3600


def shortlist(request: Request) -> Response:
    """Show the ranked candidates."""
    if editor_of(request) is None:
        return RedirectResponse("/editor", 303)
    shown = view(desk_of(request), Query.read(request.query_params))
    current, following = current_story(shown)
    after = shown.query.address(at=following)
    reading = readings_of(request).known(current) if current else None
    return render(
        request, "shortlist.html", view=shown, most_rows=MAX_ROWS, ages=AGES, current=current, after=after,
        reading=reading, issue=issue_of(desk_of(request)), rates=rate_page.is_offered(desk_of(request)),
    )  # fmt: skip


def story(request: Request) -> Response:
    """Show one story with its text."""
    story, reading = readings_of(request).complete(request.path_params["id"])
    return render(request, "story.html", story=story, reading=reading, problem=None)


async def add(request: Request) -> Response:
    """Add a link. GET, which the bookmarklet sends, only shows the form."""
    if request.method == "GET":
        return render(request, "add.html", url=request.query_params.get("url", "")[:MAX_URL])
    form = await read_form(request)
    found, problem = await run_in_threadpool(
        add_story.add,
        desk_of(request),
        field_of(form, "url")[:MAX_URL],
        name_of(request),
        field_of(form, "section") or None,
    )
    reading = readings_of(request).known(found)
    return render(request, "story.html", story=found, reading=reading, problem=problem)


def older(request: Request) -> Response:
    """Search older articles that were not decided on."""
    words = request.query_params.get("q", "")[:MAX_URL]
    return render(request, "older.html", words=words, found=add_story.older(desk_of(request), words))


def draft(request: Request) -> Response:
    """Show the draft of the next issue."""
    return render(request, "draft.html", layout=draft_editor.draft_layout(desk_of(request)))


def status(request: Request) -> Response:
    """Show the nights, the feeds and the quality of the ranking."""
    desk = desk_of(request)
    return render(
        request,
        "status.html",
        status=current_status(desk, desk.workspace.embedder),
        muted=desk.muted(),
        charts=charts(desk),
        feeds=followed(desk.workspace.database, desk.as_of),
    )


async def night(request: Request) -> Response:
    """Start a night, and show its progress."""
    run: NightRun = request.app.state.night
    if request.method == "POST":
        await run_in_threadpool(run.start)
        return RedirectResponse("/night", 303)
    return render(request, "night.html", run=run)


def help_page(request: Request) -> Response:
    """Show the keys and the bookmarklet."""
    return render(request, "help.html", origin=f"{request.url.scheme}://{request.url.netloc}")


async def editor_name(request: Request) -> Response:
    """Ask for the editor's name, once, unless the desk was opened for one."""
    if request.method == "GET" or request.app.state.editor:
        return render(request, "editor.html")
    name = field_of(await read_form(request), "name").strip()[:MAX_NAME]
    if not name:
        return render(request, "editor.html")
    response = RedirectResponse("/", 303)
    response.set_cookie(EDITOR_COOKIE, quote(name), max_age=YEAR_S, httponly=True, samesite="lax")
    return response


async def login(request: Request) -> Response:
    """Ask for the token."""
    back = local_path(request.query_params.get("back", "/"))
    if request.method == "GET":
        return render(request, "login.html", back=back, wrong=False)
    form = await read_form(request)
    token = request.app.state.token
    back = local_path(field_of(form, "back"))
    if token is None or not same_token(field_of(form, "token"), token):
        return render(request, "login.html", back=back, wrong=True, code=401)
    response = RedirectResponse(back, 303)
    response.set_cookie(TOKEN_COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https")
    return response
