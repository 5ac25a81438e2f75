"""The desk for programs: what its pages do, as JSON. Described in openapi.json."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from importlib import resources
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pipeline.core.errors import InputError
from pipeline.core.types import Decision
from pipeline.desk import add_story, commands, listing
from pipeline.desk.requests import LONGEST_ADDRESS, LONGEST_NAME, json_of, names_of, number_of, text_of
from pipeline.desk.session import Desk
from pipeline.desk.views import Query, view
from pipeline.ops.status import read_status
from pipeline.store.shortlist import Story

Said = dict[str, Any]


def routes() -> list[BaseRoute]:
    """Return the addresses of the interface."""
    return [
        Route("/openapi.json", openapi),
        Route("/api/stories", list_stories),
        Route("/api/stories/{id}", one_story),
        Route("/api/older", older),
        Route("/api/changes", changes),
        Route("/api/status", status),
        Route("/api/decisions", saying(decide), methods=["POST"]),
        Route("/api/undo", saying(undo), methods=["POST"]),
        Route("/api/notes", saying(note), methods=["POST"]),
        Route("/api/groups", saying(group), methods=["POST"]),
        Route("/api/mutes", saying(mute), methods=["POST"]),
        Route("/api/articles", saying(add), methods=["POST"]),
        Route("/api/nights", night, methods=["GET", "POST"]),
    ]


def answer(value: object, status: int = 200) -> Response:
    """Answer with JSON; dates as ISO 8601."""
    text = json.dumps(value, ensure_ascii=False, default=_as_text)
    return Response(text, status, media_type="application/json")


def problem(status: int, sentence: str) -> Response:
    """Say what went wrong."""
    return answer({"error": sentence}, status)


# --- what is there ---------------------------------------------------------------------------------------------------


def openapi(request: Request) -> Response:
    """The description of this interface."""
    text = resources.files("pipeline.desk").joinpath("openapi.json").read_text("utf-8")
    return Response(text, media_type="application/json")


def list_stories(request: Request) -> Response:
    """The shortlist as the page shows it, with how many picks are probably left."""
    seen = view(request.app.state.desk, Query.read(request.query_params))
    return answer(
        {
            "stories": [record(story) for story in seen.rows],
            "found": seen.found,
            "counts": seen.counts,
            "remaining": asdict(seen.left),
            "sections": [
                {"key": c.key, "name": c.name, "quota": c.quota, "picked": [s.id for s in c.picked]}
                for c in seen.columns
            ],
        }
    )


def one_story(request: Request) -> Response:
    """One story with its text."""
    story = request.app.state.desk.story(request.path_params["id"])
    return answer({**record(story), "text": story.text})


def older(request: Request) -> Response:
    """Articles of before that say the words asked for."""
    words = request.query_params.get("q", "")[:LONGEST_ADDRESS]
    return answer({"stories": [record(story) for story in add_story.older(request.app.state.desk, words)]})


def changes(request: Request) -> Response:
    """What was said since a place in the journal."""
    desk: Desk = request.app.state.desk
    after = number_of(request.query_params.get("after", "0"), "after")
    said = [_decision(spoken.decision) for spoken in desk.said_after(after)]
    return answer({"seq": desk.seq, "version": str(desk.fingerprint), "decisions": said})


def status(request: Request) -> Response:
    """How the workspace is."""
    desk: Desk = request.app.state.desk
    return answer(asdict(read_status(desk.workspace.database, desk.workspace.newsletter, desk.as_of)))


async def night(request: Request) -> Response:
    """How far a night is; with POST, run one now."""
    run = request.app.state.night
    if request.method == "POST":
        await run_in_threadpool(run.start)
    return answer({"running": run.is_running, "outcome": run.outcome, "lines": run.lines})


# --- what is said ----------------------------------------------------------------------------------------------------


def saying(what: Callable[[Desk, str, Said], object]) -> Callable[[Request], Any]:
    """Let a function hear a JSON object from an editor, and answer with what was stored."""

    async def hear(request: Request) -> Response:
        said = await json_of(request)
        editor = text_of(said, "editor", "") or request.app.state.editor or "editor"
        if len(editor) > LONGEST_NAME:
            raise InputError(f"a name of {len(editor):,} characters is too long; give at most {LONGEST_NAME}")
        return answer(await run_in_threadpool(what, request.app.state.desk, editor, said))

    hear.__name__ = what.__name__
    return hear


def decide(desk: Desk, editor: str, said: Said) -> object:
    """Pick, skip, put off, undo or place stories."""
    ids = [desk.story(id).id for id in names_of(said, "ids")]
    section = text_of(said, "section", "") or None
    heard = commands.decide(ids, text_of(said, "verdict"), editor, desk.as_of.time, desk.workspace.newsletter, section)
    seen = said.get("seen")
    return _stored(desk.say(heard, None if seen is None else number_of(seen, "seen")))


def undo(desk: Desk, editor: str, said: Said) -> object:
    """Take back the editor's last decision."""
    taken = desk.undo(editor)
    return _stored([taken] if taken else [])


def note(desk: Desk, editor: str, said: Said) -> object:
    """Write a story's blurb."""
    story = desk.story(text_of(said, "id"))
    return _stored(desk.say([commands.note(story.id, text_of(said, "text"), editor, desk.as_of.time)]))


def group(desk: Desk, editor: str, said: Said) -> object:
    """Let stories stand as one entry."""
    ids = [desk.story(id).id for id in names_of(said, "ids")]
    return _stored(desk.say(commands.group(ids, editor, desk.as_of.time)))


def mute(desk: Desk, editor: str, said: Said) -> object:
    """Keep a source, an author or a phrase out, or let it in again."""
    verdict = text_of(said, "verdict", "mute")
    heard = commands.mute(text_of(said, "kind"), text_of(said, "value"), verdict, editor, desk.as_of.time)
    return _stored(desk.say([heard]))


def add(desk: Desk, editor: str, said: Said) -> object:
    """Take in a link, or bring back an older article by its id."""
    if said.get("id") is not None:
        return record(add_story.bring_back(desk, text_of(said, "id")))
    url = text_of(said, "url")
    if len(url) > LONGEST_ADDRESS:
        raise InputError(f"an address of {len(url):,} characters is none; give at most {LONGEST_ADDRESS:,}")
    story, trouble = add_story.add(desk, url, editor, text_of(said, "section", "") or None)
    return {**record(story), "error": trouble}


def record(story: Story) -> dict[str, Any]:
    """Return a story as `triage shortlist --json` tells it, and what the desk knows beyond."""
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


def _stored(decisions: list[Decision]) -> dict[str, Any]:
    return {"decisions": [_decision(decision) for decision in decisions]}


def _decision(decision: Decision) -> dict[str, Any]:
    return asdict(decision)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
