"""Read forms and JSON of limited size, with errors that name the field."""

import json
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.core.errors import InputError
from pipeline.desk.security import MAX_BODY

Form = dict[str, list[str]]
MAX_URL = 4000  # characters of a web address
MAX_NAME = 60  # of an editor
MAX_SHORT = 300  # of an id, a key or a source
MAX_IDS = 1000


async def read_body(request: Request) -> str:
    """Read a request's body as text. Raises 413 beyond MAX_BODY."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"At most {MAX_BODY:,} bytes can be sent at once.")
    return body.decode("utf-8", "replace")


async def read_form(request: Request) -> Form:
    """Read a form's fields."""
    try:
        return parse_qs(await read_body(request), keep_blank_values=True, max_num_fields=MAX_IDS)
    except ValueError as error:
        raise HTTPException(413, f"At most {MAX_IDS:,} fields can be sent at once.") from error


async def read_json(request: Request) -> dict[str, Any]:
    """Read a JSON object."""
    # another site's page can send text/plain without a CORS preflight, never application/json
    if request.headers.get("content-type", "application/json").split(";")[0].strip() != "application/json":
        raise HTTPException(415, "Send application/json.")
    try:
        value = json.loads(await read_body(request))
    except (ValueError, RecursionError) as error:
        raise InputError("the body is not JSON") from error
    if not isinstance(value, dict):
        raise InputError("the body must be a JSON object")
    return value


def text_field(body: dict[str, Any], name: str, default: str | None = None) -> str:
    """Return a string field, required unless there is a default."""
    value = body.get(name)
    value = default if value is None else value
    if not isinstance(value, str):
        raise InputError(f"{name} must be a string")
    return without_surrogates(value)


def short_field(body: dict[str, Any], name: str) -> str | None:
    """Return an optional string field of at most MAX_SHORT characters; "" is None."""
    value = text_field(body, name, "")
    if len(value) > MAX_SHORT:
        raise InputError(f"{name} has {len(value):,} characters; give at most {MAX_SHORT}")
    return value or None


def id_list(body: dict[str, Any], name: str) -> list[str]:
    """Return a list of 1 to MAX_IDS ids."""
    value = body.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_IDS or not all(isinstance(v, str) for v in value):
        raise InputError(f"{name} must be a list of 1 to {MAX_IDS:,} ids")
    return [without_surrogates(v) for v in value]


def int_field(value: object, name: str) -> int:
    """Return a whole number from 0."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:18])
    if type(value) is not int or not 0 <= value < 10**12:
        raise InputError(f"{name} must be a whole number from 0 to 999999999999")
    return value


def field_of(form: Form, name: str) -> str:
    """Return a form field's first value, "" if it is missing."""
    return without_surrogates(form.get(name, [""])[0])


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON may carry and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
