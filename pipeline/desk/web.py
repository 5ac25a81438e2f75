"""The review page's web application."""

from operator import attrgetter

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware

from pipeline.desk import api
from pipeline.desk.error_answers import HANDLERS
from pipeline.desk.nightly_process import NightRun
from pipeline.desk.patience import PatienceMiddleware
from pipeline.desk.reading import Readings
from pipeline.desk.routes import ROUTES
from pipeline.desk.security import LOOPBACK, SecurityMiddleware
from pipeline.desk.session import Desk
from pipeline.desk.sync import JournalSync
from pipeline.desk.template_filters import templates

ABOUT = "What the desk decides and writes. Times are ISO 8601 in UTC. With a token, send `Authorization: Bearer TOKEN`."


def build(
    desk: Desk,
    sync: JournalSync,
    editor: str | None = None,
    hosts: frozenset[str] | None = LOOPBACK,
    token: str | None = None,
) -> FastAPI:
    """Build the web application.

    Parameters
    ----------
    desk : Desk
        The shortlist that its pages show.
    sync : JournalSync
        Its background thread, whose errors and alerts the pages show.
    editor : str, optional
        Name under which decisions are recorded; None: each visitor is asked once.
    hosts : frozenset of str, or None
        Host names under which requests are accepted; None: any, which needs a token.
    token : str, optional
        Secret that visitors must send.
    """
    middleware = [
        Middleware(SecurityMiddleware, hosts=hosts, token=token),
        Middleware(GZipMiddleware, minimum_size=1000),
        Middleware(PatienceMiddleware),
    ]
    app = FastAPI(
        title="Triage, the desk",
        version="1",
        description=ABOUT,
        routes=ROUTES,
        middleware=middleware,
        exception_handlers=HANDLERS,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=attrgetter("name"),
    )
    app.include_router(api.router)
    app.state.desk, app.state.sync, app.state.editor, app.state.token = desk, sync, editor, token
    app.state.removed_feeds = []
    app.state.readings, app.state.job = Readings(desk), NightRun(desk.workspace.folder)
    app.state.templates, app.state.night = templates(desk), NightRun(desk.workspace.folder)
    return app
