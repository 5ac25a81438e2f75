"""The desk for programs: what its pages do, as JSON. Described in openapi.json."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route


def routes() -> list[BaseRoute]:
    """Return the addresses of the interface."""
    return [Route("/api/changes", changes)]


def problem(status: int, sentence: str) -> Response:
    """Say what went wrong."""
    return JSONResponse({"error": sentence}, status)


def changes(request: Request) -> Response:
    """What was said since a place in the journal."""
    desk = request.app.state.desk
    after = int(request.query_params.get("after", "0"))
    said = [s.decision for s in desk.said_after(after)]
    return JSONResponse(
        {"seq": desk.seq, "night": str(desk.fingerprint), "decisions": [{"editor": d.editor} for d in said]}
    )
