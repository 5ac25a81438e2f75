"""How long a request waits for a database that another program holds, before it is answered that it is held."""

from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline.store.database import waiting_at_most

READING_S = 3.0  # a page, which reloads by itself
WRITING_S = 10.0  # a form, which has to be sent again


class PatienceMiddleware:
    """ASGI middleware that limits the wait of each request for the database."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        with waiting_at_most(WRITING_S if scope.get("method") == "POST" else READING_S):
            await self.app(scope, receive, send)
