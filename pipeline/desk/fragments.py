"""Parts of the shortlist's page for its script: rows, the article, what changed, and what a search finds."""

from hashlib import blake2s
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipeline.desk import listing
from pipeline.desk.draft_editor import draft_layout
from pipeline.desk.issue import issue_of
from pipeline.desk.query import Query
from pipeline.desk.rendering import desk_of, json_response, readings_of, render, render_text
from pipeline.desk.requests import MAX_IDS
from pipeline.desk.views import entries, ran_before, story_of_any_list, view
from pipeline.store.shortlist import Story

PARTS = ("progress", "tabs", "narrowed", "tail", "issue", "last")
FOUND = 12  # stories that a search of the palette returns


def update(request: Request) -> Response:
    """Return the order of the list, and those parts of the page that changed, as JSON.

    `have` in the query string are the digests of the parts that the page shows: "name:digest name:digest".
    """
    desk = desk_of(request)
    seq, version = desk.seq, str(desk.version)
    shown = view(desk, Query.read(request.query_params))
    have = dict(pair.split(":", 1) for pair in request.query_params.get("have", "")[:500].split() if ":" in pair)
    # without the number of the last decision, which changes with each and only matters to pages without a script
    values = {"view": shown, "issue": issue_of(desk), "seq": "", "at": "/"}
    parts = {name: render_text(request, f"_{name}.html", **values) for name in PARTS}
    digests = {name: blake2s(html.encode(), digest_size=4).hexdigest() for name, html in parts.items()}
    return json_response(
        {
            "seq": seq,
            "version": version,
            "order": [story.id for story in shown.rows],
            "percent": [_percent(s.relevance) if desk.is_calibrated else None for s in shown.rows],
            "found": shown.found,
            "parts": {name: html for name, html in parts.items() if have.get(name) != digests[name]},
            "digests": digests,
        }
    )


def _percent(relevance: float | None) -> int | None:
    return None if relevance is None else round(100 * relevance)


def rows(request: Request) -> Response:
    """Return rows of the list by the ids of their stories; those that are gone are left out."""
    wanted = request.query_params.getlist("id")[:MAX_IDS]
    desk, query = desk_of(request), Query.read(request.query_params)
    listed = [*desk.stories(ranked=False), *(ran_before(desk) if query.state == "ran" else ())]
    stories = {story.id: story for story in listed}
    found = [stories[id] for id in wanted if id in stories]
    return _fragment(request, "_rows.html", rows=found, query=query, current=None)


def article(request: Request) -> Response:
    """Return the article of a story with its forms."""
    story = story_of_any_list(desk_of(request), request.path_params["id"])
    reading = readings_of(request).known(story)
    return _fragment(request, "_article.html", story=story, reading=reading, after="/")


async def text(request: Request) -> Response:
    """Return an article's text with its marks, near past picks and other sources; may fetch its page."""
    async with readings_of(request).few_at_once:
        return await run_in_threadpool(_text, request)


def _text(request: Request) -> Response:
    story, reading = readings_of(request).complete(request.path_params["id"])
    return _fragment(request, "_text.html", story=story, reading=reading)


def preview(request: Request) -> Response:
    """Return the issue as it will read."""
    return HTMLResponse(draft_layout(desk_of(request)).html)


def find(request: Request) -> Response:
    """Return the stories in any state whose title, source, author, summary or text has all words, as JSON."""
    words = Query.read(request.query_params).words
    found = listing.choose(desk_of(request).stories(ranked=False), words=words)[:FOUND] if words else []
    return json_response([{"id": s.id, "title": s.title, "source": s.source, "state": s.state} for s in found])


def _fragment(request: Request, template: str, **values: Any) -> HTMLResponse:
    everything: list[Story] = desk_of(request).stories(ranked=False)
    return render(request, template, members=entries([], everything)[1], at="/", **values)
