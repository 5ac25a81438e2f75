"""A form that was refused: its page again, with what was typed and the sentence beside it. Works without JavaScript.

The page is the one that the form came from, rendered as a GET of it is, so that no page and no form needs to know.
Where that page cannot be rendered now, as it needs the database too, the page of the error sends the form again.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import lxml.html
from lxml import etree
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.types import Message

from pipeline.desk.rendering import local_path
from pipeline.desk.requests import Form, field_of
from pipeline.desk.template_filters import as_sentence, clip

MAX_SENTENCE = 600  # characters
NO_TEXT = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what no document can hold
PAGE_STATE = ("back", "seen")  # hidden fields that say of which page a form is, not of what


async def page_again(request: Request, status: int, sentence: str) -> HTMLResponse | None:
    """Return the page of a refused form, filled in as it was sent; None where that page has no such form (any more)."""
    form: Form | None = getattr(request.state, "form", None)
    if form is None:
        return None
    back = local_path(field_of(form, "back"))
    html = await _page(request, back)
    filled = fill_in(html, request.url.path, form, sentence, back) if html else None
    return HTMLResponse(filled, status) if filled else None


@dataclass(frozen=True, slots=True)
class SentForm:
    """What a form sent, to be sent once more from a page that knows nothing of it."""

    action: str
    encoding: str  # as in the form's `enctype`
    fields: Sequence[tuple[str, str]]  # name and value, those of one name in their order
    is_open: bool  # something has to be changed first, or was written at length
    page_state: Sequence[str] = PAGE_STATE


def sent_again(request: Request, status: int) -> SentForm | None:
    """Return what can be sent again later or with a change; None for a form that is gone, or that had files."""
    form: Form | None = getattr(request.state, "form", None)
    is_later = status == 503
    if form is None or getattr(request.state, "has_files", False) or not (is_later or _is_page_busy(request)):
        return None
    encoding = request.headers.get("content-type", "").partition(";")[0]
    fields = [(name, NO_TEXT.sub("", value)) for name, values in form.items() for value in values]
    return SentForm(request.url.path, encoding, fields, is_open=not is_later or bool(field_of(form, "text")))


def _is_page_busy(request: Request) -> bool:
    return bool(getattr(request.state, "is_page_busy", False))


def fill_in(html: str, action: str, sent: Form, sentence: str, back: str) -> str | None:
    """Fill the form of a page that was sent to an address; None if the page has none with the same hidden fields."""
    page = lxml.html.document_fromstring(html)
    forms = [form for form in page.forms if form.get("action") == action and _is_of_same(form, sent)]
    if not forms:
        return None
    form = max(forms, key=lambda form: len(_hidden(form)))
    _set_fields(form, sent)
    said = etree.Element("p", {"class": "error", "role": "alert", "tabindex": "-1", "autofocus": ""})
    said.text = clip(as_sentence(sentence), MAX_SENTENCE)
    form.insert(0, said)
    for around in form.iterancestors("details"):
        around.set("open", "")
    page.body.set("data-back", back)
    return str(lxml.html.tostring(page, encoding="unicode", doctype="<!doctype html>"))


async def _page(request: Request, address: str) -> str | None:
    """Answer a GET of one of our pages within this request; None if it is not answered with a page."""
    path, _, query = address.partition("?")
    scope = {**request.scope, "method": "GET", "path": unquote(path), "raw_path": path.encode(), "state": {}}
    answer: list[Message] = []

    async def keep(message: Message) -> None:
        answer.append(message)

    await request.app.router({**scope, "query_string": query.encode()}, request.receive, keep)
    request.state.is_page_busy = answer[0]["status"] == 503
    is_page = answer[0]["status"] == 200 and (b"content-type", b"text/html; charset=utf-8") in answer[0]["headers"]
    return b"".join(message["body"] for message in answer[1:]).decode() if is_page else None


def _is_of_same(form: lxml.html.FormElement, sent: Mapping[str, Sequence[str]]) -> bool:
    return all(sent.get(name, [])[nth : nth + 1] == [value] for name, nth, value in _hidden(form))


def _hidden(form: lxml.html.FormElement) -> list[tuple[str, int, str]]:
    """Return the hidden fields of a form: name, how many of this name stand before it, value."""
    return [
        (name, nth, field.get("value", ""))
        for field, name, nth in _fields(form)
        if field.get("type") == "hidden" and name not in PAGE_STATE
    ]


def _set_fields(form: lxml.html.FormElement, sent: Mapping[str, Sequence[str]]) -> None:
    for field, name, nth in _fields(form):
        values = [NO_TEXT.sub("", value) for value in sent.get(name, [])]
        if field.get("type") in ("checkbox", "radio"):
            field.checked = field.get("value", "on") in values
        elif nth < len(values) and field.get("type") not in ("hidden", "file", "submit"):
            if field.tag == "select" and values[nth] not in field.value_options:
                continue
            field.value = values[nth]


def _fields(form: lxml.html.FormElement) -> list[tuple[lxml.html.HtmlElement, str, int]]:
    """Return the fields of a form in order: element, name, how many of this name stand before it."""
    seen: Counter[str] = Counter()
    found = []
    for field in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name = field.get("name")
        found.append((field, name, seen[name]))
        seen[name] += 1
    return found
