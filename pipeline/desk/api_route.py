"""A route of the JSON interface: the body is JSON of limited size, and what is wrong with it is one sentence."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from pipeline.core.errors import InputError
from pipeline.desk.requests import read_body


class JsonRoute(APIRoute):
    """A route whose body is read up to the desk's limit and only if it is declared as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler."""
        handle = super().get_route_handler()

        async def handle_limited(request: Request) -> Response:
            if self.body_field:
                # another site's page can send text/plain without a CORS preflight, never application/json
                if request.headers.get("content-type", "application/json").split(";")[0].strip() != "application/json":
                    raise HTTPException(415, "Send application/json.")
                request._body = await read_body(request)
            try:
                return await handle(request)
            except RequestValidationError as error:
                raise InputError(describe(error.errors())) from error

        return handle_limited


def describe(errors: Sequence[Any]) -> str:
    """Return what is wrong with a request, from pydantic's errors: the first field that is, and why."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return f"the body is not JSON: {first['ctx']['error']}"
    name = ".".join(str(part) for part in first["loc"][1:]) or "the body"
    return f"{name}: {first['msg'][0].lower()}{first['msg'][1:]}"
