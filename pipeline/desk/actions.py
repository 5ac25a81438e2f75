"""The forms that record a decision. Each then shows the page it was sent from; all work without JavaScript."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.errors import InputError
from pipeline.desk import add_story, bulk, commands, draft_editor
from pipeline.desk.rendering import back_to, desk_of, name_of, readings_of, seen_seq
from pipeline.desk.requests import Form, field_of, read_form
from pipeline.store import decisions


def form_action(change: Callable[[Request, Form], str | None]) -> Callable[[Request], Awaitable[Response]]:
    """Read a form, call the function with it, and redirect to the page of the form, which says what it returned."""

    async def handle(request: Request) -> Response:
        form = await read_form(request)
        said = await run_in_threadpool(change, request, form)
        return back_to(field_of(form, "back"), said)

    handle.__name__ = change.__name__
    return handle


@form_action
def decide(request: Request, form: Form) -> None:
    """Pick, skip, put off or undo stories, or set their section."""
    desk = desk_of(request)
    ids = [desk.id_of(id) for id in form.get("id", [])]
    section = field_of(form, "section") or None
    made = commands.decide(
        ids, field_of(form, "verdict"), name_of(request), desk.as_of.time, desk.workspace.newsletter, section
    )
    desk.record(made, seen_seq(form))


@form_action
def skip(request: Request, form: Form) -> None:
    """Skip all undecided stories below a probability, or of a source."""
    below, source = _probability(field_of(form, "below")), field_of(form, "source") or None
    bulk.skip_undecided(desk_of(request), name_of(request), below, source)


@form_action
def note(request: Request, form: Form) -> None:
    """Write a story's blurb."""
    desk = desk_of(request)
    id = desk.id_of(field_of(form, "id"))
    desk.record([commands.note(id, field_of(form, "text"), name_of(request), desk.as_of.time)])


@form_action
def fetch_text(request: Request, form: Form) -> None:
    """Fetch the text of an article from its page."""
    readings_of(request).fetch(request.path_params["id"])


@form_action
def group(request: Request, form: Form) -> None:
    """Combine stories into one entry."""
    desk = desk_of(request)
    ids = [desk.id_of(id) for id in form.get("id", [])]
    if ids:
        desk.record(commands.group(ids, name_of(request), desk.as_of.time))


@form_action
def mute(request: Request, form: Form) -> str:
    """Mute a source, an author or a phrase, or unmute it."""
    desk = desk_of(request)
    verdict = field_of(form, "verdict") or "mute"
    kind, value = field_of(form, "kind"), field_of(form, "value")
    desk.record([decisions.mute(kind, value, verdict, name_of(request), desk.as_of.time)])
    return f"Muted: {kind} {value}." if verdict == "mute" else f"Let in again: {kind} {value}."


@form_action
def move(request: Request, form: Form) -> None:
    """Swap an entry of the draft with its neighbour."""
    desk = desk_of(request)
    by = {"-1": -1, "1": 1}.get(field_of(form, "by"), 0)
    draft = draft_editor.draft_layout(desk).draft
    desk.record([draft_editor.move(draft, field_of(form, "id"), by, name_of(request), desk)])


@form_action
def join(request: Request, form: Form) -> None:
    """Combine an entry of the draft with the one above it."""
    desk = desk_of(request)
    draft = draft_editor.draft_layout(desk).draft
    desk.record(draft_editor.join(draft, field_of(form, "id"), name_of(request), desk))


@form_action
def edit(request: Request, form: Form) -> None:
    """Write a story's title or byline in the issue, or the issue's introduction."""
    desk, id = desk_of(request), field_of(form, "id") or None
    story = desk.id_of(id) if id else None
    what, text = field_of(form, "what"), field_of(form, "text")
    desk.record([commands.edit(what, story, text, name_of(request), desk.as_of.time)])


@form_action
def bring_back(request: Request, form: Form) -> str:
    """Make an older article a candidate again."""
    story = add_story.bring_back(desk_of(request), field_of(form, "id"))
    return f"“{story.title}” is on the shortlist."


@form_action
def undo(request: Request, form: Form) -> None:
    """Undo the editor's last decision."""
    desk_of(request).undo(name_of(request))


def _probability(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text[:12])
    except ValueError as error:
        raise InputError(f"below is a probability such as 0.03, not {text[:12]!r}") from error
