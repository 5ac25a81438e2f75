"""What every page needs: the desk and the editor of a request, the common template values, the notices."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from pipeline.core.json_text import to_json
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.reading import Readings
from pipeline.desk.requests import MAX_NAME, Form, field_of
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.template_filters import as_sentence

EDITOR_COOKIE = "triage_editor"
SAID_COOKIE = "triage_said"  # what became of a form, for the page that follows
SAID_S = 60
MAX_SAID = 200  # characters


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence above every page, with a link or a button."""

    text: str
    address: str | None = None
    button: str | None = None


def render(request: Request, template: str, code: int = 200, **values: Any) -> HTMLResponse:
    """Respond with a rendered template."""
    response = HTMLResponse(render_text(request, template, **values), code)
    if SAID_COOKIE in request.cookies:
        response.delete_cookie(SAID_COOKIE)
    return response


def back_to(address: str, said: str | None = None) -> Response:
    """Redirect to a page of this desk, which says a sentence once."""
    response = RedirectResponse(local_path(address), 303)
    if said:
        text = said if len(said) <= MAX_SAID else said[:MAX_SAID] + "…"
        response.set_cookie(SAID_COOKIE, quote(text), max_age=SAID_S, httponly=True, samesite="lax")
    return response


def json_response(value: object) -> Response:
    """Respond with JSON; dates as ISO 8601."""
    return Response(to_json(value), media_type="application/json")


def render_text(request: Request, template: str, **values: Any) -> str:
    """Render a template with its own values and those that every page shows."""
    desk = desk_of(request)
    environment: Environment = request.app.state.templates
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    common = {
        "newsletter": desk.workspace.newsletter,
        "sections": {
            section.key: (n % 12, section.name) for n, section in enumerate(desk.workspace.newsletter.sections)
        },
        "editor": editor_of(request),
        "is_one_editors": bool(request.app.state.editor),
        "last": desk.last(name_of(request)),
        "seq": desk.seq,
        "here": values.pop("at", address),  # the page that a form returns to
        "notices": notices(request),
        "said": unquote(request.cookies.get(SAID_COOKIE, "")),
    }
    return environment.get_template(template).render(**{**common, **values})


def desk_of(request: Request) -> Desk:
    """Return the desk that this application serves."""
    desk: Desk = request.app.state.desk
    return desk


def readings_of(request: Request) -> Readings:
    """Return the articles as they are read at this desk."""
    readings: Readings = request.app.state.readings
    return readings


def editor_of(request: Request) -> str | None:
    """Return the editor's name, None if it is not known."""
    return request.app.state.editor or unquote(request.cookies.get(EDITOR_COOKIE, ""))[:MAX_NAME] or None


def name_of(request: Request) -> str:
    """Return the editor's name, "editor" if it is not known."""
    return editor_of(request) or "editor"


def notices(request: Request) -> list[Notice]:
    """Return the notices of now: a running night, a missed night, a database that is behind the journal."""
    sync: JournalSync = request.app.state.sync
    run: NightRun = request.app.state.night
    if run.is_running:
        return [Notice("A night is running; the list is updated when it is done.", "/night")]
    alerts = [alert.split("; run:")[0] for alert in sync.alerts]
    found = [Notice(f"{as_sentence(alert)}.", "/night", "Run it now") for alert in alerts]
    if sync.error:
        found.append(Notice(f"Decisions are safe in the journal; the database will follow ({sync.error})."))
    return found


def seen_seq(form: Form) -> int | None:
    """Return the last journal entry that the page of a form knew."""
    seen = field_of(form, "seen")
    return int(seen[:15]) if seen.isascii() and seen.isdecimal() else None


def local_path(address: str) -> str:
    """Return a path of this desk unchanged, and "/" for any other address."""
    is_ours = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if is_ours else "/"
