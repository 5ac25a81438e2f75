"""Read what a browser or a program sends, up to a size, and say what is wrong with it."""

import json
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.core.errors import InputError
from pipeline.desk.security import MAX_BODY

Form = dict[str, list[str]]
LONGEST_ADDRESS = 4000  # characters of a web address
LONGEST_NAME = 60  # of an editor
MOST_NAMES = 1000


async def body_of(request: Request) -> str:
    """Read a request's body as text."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"At most {MAX_BODY:,} bytes can be sent at once.")
    return body.decode("utf-8", "replace")


async def form_of(request: Request) -> Form:
    """Read what a form sent."""
    try:
        return parse_qs(await body_of(request), keep_blank_values=True, max_num_fields=MOST_NAMES)
    except ValueError as error:
        raise HTTPException(413, f"At most {MOST_NAMES:,} fields can be sent at once.") from error


async def json_of(request: Request) -> dict[str, Any]:
    """Read the JSON object that a program sent."""
    # a stranger's page can send text/plain without asking first, never application/json
    if request.headers.get("content-type", "application/json").split(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send application/json.")
    try:
        value = json.loads(await body_of(request))
    except (ValueError, RecursionError) as error:
        raise InputError("the body is not JSON") from error
    if not isinstance(value, dict):
        raise InputError("the body must be a JSON object")
    return value


def text_of(said: dict[str, Any], name: str, default: str | None = None) -> str:
    """Return a text that must be there unless it has a default."""
    value = said.get(name)
    value = default if value is None else value
    if not isinstance(value, str):
        raise InputError(f"{name} must be a text")
    return encodable(value)


def names_of(said: dict[str, Any], name: str) -> list[str]:
    """Return a list of at least one id."""
    value = said.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= MOST_NAMES or not all(isinstance(v, str) for v in value):
        raise InputError(f"{name} must be a list of 1 to {MOST_NAMES:,} ids")
    return [encodable(v) for v in value]


def number_of(value: object, name: str) -> int:
    """Return a whole number of at least 0."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:18])
    if type(value) is not int or not 0 <= value < 10**12:
        raise InputError(f"{name} must be a whole number from 0 to 999999999999")
    return value


def one(form: Form, name: str) -> str:
    """Return a field's value, "" where it is missing."""
    return encodable(form.get(name, [""])[0])


def encodable(text: str) -> str:
    """Replace lone surrogates, which JSON may carry and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
