"""Read forms of limited size."""

from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import Request

from pipeline.desk.security import MAX_BODY

Form = dict[str, list[str]]
MAX_URL = 4000  # characters of a web address
MAX_NAME = 60  # of an editor
MAX_SHORT = 300  # of an id, a key or a source
MAX_IDS = 1000


async def read_body(request: Request) -> bytes:
    """Read a request's body. Raises 413 beyond MAX_BODY."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"At most {MAX_BODY:,} bytes can be sent at once.")
    return body


async def read_form(request: Request) -> Form:
    """Read a form's fields; they are kept for its page, should it be refused."""
    text = (await read_body(request)).decode("utf-8", "replace")
    try:
        form = parse_qs(text, keep_blank_values=True, max_num_fields=MAX_IDS)
    except ValueError as error:
        raise HTTPException(413, f"At most {MAX_IDS:,} fields can be sent at once.") from error
    request.state.form = form
    return form


def field_of(form: Form, name: str) -> str:
    """Return a form field's first value, "" if it is missing."""
    return without_surrogates(form.get(name, [""])[0])


def without_surrogates(text: str) -> str:
    """Replace lone surrogates, which JSON may carry and no file can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")
