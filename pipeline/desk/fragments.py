"""Parts of the shortlist's page for its script: rows, the article, and what changed."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from pipeline.desk import api
from pipeline.desk.rendering import desk_of, render, render_text
from pipeline.desk.requests import MAX_IDS
from pipeline.desk.views import Query, entries, view
from pipeline.store.shortlist import Story


def update(request: Request) -> Response:
    """Return the order of the list as [id, percent], the counts, the estimate and the issue, as JSON."""
    desk = desk_of(request)
    seq, version = desk.seq, str(desk.version)
    shown = view(desk, Query.read(request.query_params))
    parts = {name: render_text(request, f"_{name}.html", view=shown) for name in ("progress", "tabs", "issue", "last")}
    order = [[s.id, None if s.relevance is None else round(100 * s.relevance)] for s in shown.rows]
    return api.answer({"seq": seq, "version": version, "order": order, "found": shown.found, "parts": parts})


def rows(request: Request) -> Response:
    """Return rows of the list by the ids of their stories; those that are gone are left out."""
    wanted = request.query_params.getlist("id")[:MAX_IDS]
    stories = {story.id: story for story in desk_of(request).stories()}
    found = [stories[id] for id in wanted if id in stories]
    return _fragment(request, "_rows.html", rows=found, query=Query.read(request.query_params), current=None)


def article(request: Request) -> Response:
    """Return the article of a story with its forms."""
    story = desk_of(request).story(request.path_params["id"])
    return _fragment(request, "_article.html", story=story, after="/")


def _fragment(request: Request, template: str, **values: Any) -> HTMLResponse:
    everything: list[Story] = desk_of(request).stories()
    return render(request, template, members=entries([], everything)[1], at="/", **values)
