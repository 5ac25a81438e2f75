"""The JSON interface: what the pages do, for programs and for the page's own script. Described in openapi.json."""

from collections.abc import Callable
from dataclasses import asdict
from importlib import resources
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pipeline.core.errors import InputError
from pipeline.core.json_text import to_json
from pipeline.core.types import Decision
from pipeline.desk import add_story, bulk, commands, draft_editor, listing, publishing
from pipeline.desk.query import Query
from pipeline.desk.requests import MAX_NAME, MAX_URL, id_list, int_field, read_json, short_field, text_field
from pipeline.desk.session import Desk
from pipeline.desk.views import view
from pipeline.ops.status import read_status
from pipeline.store import decisions
from pipeline.store.shortlist import Story

Body = dict[str, Any]
MAX_REQUEST_ID = 100  # characters


def routes() -> list[BaseRoute]:
    """Return the routes of the interface."""
    return [
        Route("/openapi.json", openapi),
        Route("/api/stories", list_stories),
        Route("/api/stories/{id}", one_story),
        Route("/api/older", older),
        Route("/api/changes", changes),
        Route("/api/status", status),
        Route("/api/decisions", json_action(decide), methods=["POST"]),
        Route("/api/skips", json_action(skip), methods=["POST"]),
        Route("/api/undo", json_action(undo), methods=["POST"]),
        Route("/api/notes", json_action(note), methods=["POST"]),
        Route("/api/groups", json_action(group), methods=["POST"]),
        Route("/api/edits", json_action(edit), methods=["POST"]),
        Route("/api/moves", json_action(move), methods=["POST"]),
        Route("/api/issue", issue),
        Route("/api/checks", json_action(check), methods=["POST"]),
        Route("/api/mutes", json_action(mute), methods=["POST"]),
        Route("/api/articles", json_action(add), methods=["POST"]),
        Route("/api/nights", night, methods=["GET", "POST"]),
    ]


def answer(value: object, status: int = 200) -> Response:
    """Return a JSON response; dates as ISO 8601."""
    return Response(to_json(value), status, media_type="application/json")


def problem(status: int, sentence: str) -> Response:
    """Return an error as JSON."""
    return answer({"error": sentence}, status)


# --- reading ---------------------------------------------------------------------------------------------------------


def openapi(request: Request) -> Response:
    """Return the OpenAPI description."""
    text = resources.files("pipeline.desk").joinpath("openapi.json").read_text("utf-8")
    return Response(text, media_type="application/json")


def list_stories(request: Request) -> Response:
    """Return the shortlist as the page shows it, with the estimate of remaining picks."""
    shown = view(request.app.state.desk, Query.read(request.query_params))
    return answer(
        {
            "stories": [record(story) for story in shown.rows],
            "found": shown.found,
            "counts": shown.counts,
            "remaining": asdict(shown.left),
            "sections": [
                {"key": c.key, "name": c.name, "quota": c.quota, "picked": [s.id for s in c.picked]}
                for c in shown.columns
            ],
        }
    )


def one_story(request: Request) -> Response:
    """Return one story with its text."""
    story = request.app.state.desk.story(request.path_params["id"])
    return answer({**record(story), "text": story.text})


def older(request: Request) -> Response:
    """Search older articles."""
    words = request.query_params.get("q", "")[:MAX_URL]
    return answer({"stories": [record(story) for story in add_story.older(request.app.state.desk, words)]})


def changes(request: Request) -> Response:
    """Return the decisions after a journal entry."""
    desk: Desk = request.app.state.desk
    after = int_field(request.query_params.get("after", "0"), "after")
    decided = [_decision(entry.decision) for entry in desk.decisions_after(after)]
    return answer({"seq": desk.seq, "version": str(desk.version), "decisions": decided})


def issue(request: Request) -> Response:
    """Return the next issue: its entries in order, and as Markdown and HTML."""
    layout = draft_editor.draft_layout(request.app.state.desk)
    draft = layout.draft
    return answer(
        {
            "number": draft.number,
            "date": draft.date,
            "title": draft.title,
            "intro": draft.intro,
            "words": layout.issue.words,
            "minutes": layout.issue.minutes,
            "sections": [
                {
                    "key": section.key,
                    "name": section.name,
                    "entries": [
                        {"ids": [story.id for story in entry.stories], "remarks": entry.remarks, "blurb": entry.note}
                        for entry in section.entries
                    ],
                }
                for section in draft.sections
            ],
            "markdown": layout.markdown,
            "html": layout.html,
        }
    )


def status(request: Request) -> Response:
    """Return the workspace's status."""
    desk: Desk = request.app.state.desk
    return answer(asdict(read_status(desk.workspace.database, desk.workspace.newsletter, desk.as_of)))


async def night(request: Request) -> Response:
    """Return a night's progress; POST starts one."""
    run = request.app.state.night
    if request.method == "POST":
        await run_in_threadpool(run.start)
    return answer({"running": run.is_running, "outcome": run.outcome, "lines": run.lines})


# --- deciding --------------------------------------------------------------------------------------------------------


def json_action(change: Callable[[Desk, str, Body], object]) -> Callable[[Request], Any]:
    """Read a JSON object, call the function with it and the editor's name, and answer with its result."""

    async def handle(request: Request) -> Response:
        body = await read_json(request)
        editor = text_field(body, "editor", "") or request.app.state.editor or "editor"
        if len(editor) > MAX_NAME:
            raise InputError(f"a name of {len(editor):,} characters is too long; give at most {MAX_NAME}")
        return answer(await run_in_threadpool(change, request.app.state.desk, editor, body))

    handle.__name__ = change.__name__
    return handle


def decide(desk: Desk, editor: str, body: Body) -> object:
    """Pick, skip, put off or undo stories, or set their section."""
    ids = [desk.id_of(id) for id in id_list(body, "ids")]
    section = text_field(body, "section", "") or None
    made = commands.decide(
        ids, text_field(body, "verdict"), editor, desk.as_of.time, desk.workspace.newsletter, section
    )
    return _stored(desk, desk.record(made, _seen(body), _request_id(body)))


def skip(desk: Desk, editor: str, body: Body) -> object:
    """Skip all undecided stories below a probability, or of a source."""
    below = body.get("below")
    if below is not None and (isinstance(below, bool) or not isinstance(below, int | float)):
        raise InputError("below must be a number, such as 0.03")
    source = short_field(body, "source")
    made = bulk.skip_undecided(desk, editor, below, source, _request_id(body))
    return {"skipped": len(made), "seq": desk.seq}


def undo(desk: Desk, editor: str, body: Body) -> object:
    """Undo the editor's last decision, or that of a given request."""
    return _stored(desk, desk.undo(editor, _request_id(body, "of"), _request_id(body)))


def note(desk: Desk, editor: str, body: Body) -> object:
    """Write a story's blurb."""
    made = commands.note(desk.id_of(text_field(body, "id")), text_field(body, "text"), editor, desk.as_of.time)
    return _stored(desk, desk.record([made], _seen(body), _request_id(body)))


def group(desk: Desk, editor: str, body: Body) -> object:
    """Combine stories into one entry."""
    ids = [desk.id_of(id) for id in id_list(body, "ids")]
    return _stored(desk, desk.record(commands.group(ids, editor, desk.as_of.time), request_id=_request_id(body)))


def edit(desk: Desk, editor: str, body: Body) -> object:
    """Write a story's title or byline in the issue, or the issue's introduction."""
    id = short_field(body, "id")
    made = commands.edit(
        text_field(body, "what"), desk.id_of(id) if id else None, text_field(body, "text"), editor, desk.as_of.time
    )
    return _stored(desk, desk.record([made], request_id=_request_id(body)))


def move(desk: Desk, editor: str, body: Body) -> object:
    """Move an entry of the issue by one place, before another entry, or to a section."""
    draft, id, request_id = draft_editor.draft_layout(desk).draft, text_field(body, "id"), _request_id(body)
    if known := desk.decided_under(request_id):
        return _stored(desk, known)
    if body.get("by") is not None:
        by = body["by"] if type(body["by"]) is int else 0
        return _stored(desk, desk.record([draft_editor.move(draft, id, by, editor, desk)], request_id=request_id))
    before, section = short_field(body, "before"), short_field(body, "section")
    return _stored(desk, desk.record(draft_editor.place(draft, id, before, section, editor, desk), None, request_id))


def check(desk: Desk, editor: str, body: Body) -> object:
    """Check the issue: its links are fetched; repeats, deadlines, counts and missing texts are named."""
    return {"findings": [asdict(finding) for finding in publishing.findings(desk)]}


def mute(desk: Desk, editor: str, body: Body) -> object:
    """Mute a source, an author or a phrase, or unmute it."""
    verdict = text_field(body, "verdict", "mute")
    made = decisions.mute(text_field(body, "kind"), text_field(body, "value"), verdict, editor, desk.as_of.time)
    return _stored(desk, desk.record([made], request_id=_request_id(body)))


def add(desk: Desk, editor: str, body: Body) -> object:
    """Add a link, or an older article by its id."""
    if body.get("id") is not None:
        return record(add_story.bring_back(desk, text_field(body, "id")))
    url = text_field(body, "url")
    if len(url) > MAX_URL:
        raise InputError(f"an address of {len(url):,} characters is too long; give at most {MAX_URL:,}")
    story, problem = add_story.add(desk, url, editor, text_field(body, "section", "") or None)
    return {**record(story), "error": problem}


def record(story: Story) -> dict[str, Any]:
    """Return a story with the fields of `triage shortlist --json` and those that only the desk has."""
    return {
        **listing.as_record(story),
        "author": story.author,
        "summary": story.summary,
        "sources": story.sources,
        "duplicate_ids": story.duplicate_ids,
        "exploration": story.exploration,
        "origin": story.origin,
        "note": story.note,
        "entry": story.entry,
        "editor": story.editor,
        "reading_minutes": listing.reading_minutes(story),
    }


def _stored(desk: Desk, decisions: list[Decision]) -> dict[str, Any]:
    return {"decisions": [_decision(decision) for decision in decisions], "seq": desk.seq}


def _seen(body: Body) -> int | None:
    value = body.get("seen")
    return None if value is None else int_field(value, "seen")


def _request_id(body: Body, name: str = "request_id") -> str | None:
    value = text_field(body, name, "")
    if len(value) > MAX_REQUEST_ID:
        raise InputError(f"{name} has {len(value):,} characters; give at most {MAX_REQUEST_ID}")
    return value or None


def _decision(decision: Decision) -> dict[str, Any]:
    return asdict(decision)
