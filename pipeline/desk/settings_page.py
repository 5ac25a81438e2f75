"""The page of the settings and sections: a form that writes newsletter.toml and keeps its comments."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from pipeline.core.config import FILE_NAME, Newsletter
from pipeline.core.config_reader import PROPERTIES
from pipeline.core.errors import InputError
from pipeline.core.issue_days import possible_days
from pipeline.desk.actions import form_action
from pipeline.desk.rendering import desk_of, render
from pipeline.desk.requests import Form, field_of
from pipeline.ops.newsletter_file import save_sections, save_settings


def settings(request: Request) -> Response:
    """Show the form."""
    return render(request, "settings.html", issue_days=possible_days(), switches=PROPERTIES)


@form_action
def save(request: Request, form: Form) -> str:
    """Save the settings of the newsletter itself; those that were not changed are not written."""
    desk = desk_of(request)
    newsletter = desk.workspace.newsletter
    values = _changed(form, ("name", "url", "issue_day", "timezone"), newsletter)
    tables: dict[str, dict[str, Any]] = {"schedule": _changed(form, ("nightly", "retraining"), newsletter)}
    days = _whole(field_of(form, "candidate_days"), "candidate_days")
    if days != newsletter.limits.candidate_days:
        tables["limits"] = {"candidate_days": days}
    changed = {name: table for name, table in tables.items() if table}
    desk.use_newsletter(save_settings(desk.workspace.folder / FILE_NAME, values, changed))
    return "The settings are saved in newsletter.toml."


@form_action
def save_all_sections(request: Request, form: Form) -> str:
    """Save the sections in the order of their numbers; a new one in which nothing is written is left out."""
    desk = desk_of(request)
    made = [_section(form, n) for n in range(len(form.get("key", [])))]
    kept = [section for section in made if section]
    kept.sort(key=lambda section: section.pop("place"))
    if not kept:
        raise InputError("a newsletter has at least one section; the last one was not removed")
    desk.use_newsletter(save_sections(desk.workspace.folder / FILE_NAME, kept))
    return "The sections are saved in newsletter.toml; the next night judges by them."


def _changed(form: Form, names: Sequence[str], newsletter: Newsletter) -> dict[str, Any]:
    sent = {name: field_of(form, name).strip() for name in names}
    return {name: value for name, value in sent.items() if value != getattr(newsletter, name)}


def _section(form: Form, n: int) -> dict[str, Any] | None:
    def text(name: str) -> str:
        values = form.get(name, [])
        return values[n].strip() if n < len(values) else ""

    if str(n) in form.get("remove", []) or not any(map(text, ("key", "name", "instructions", "aliases"))):
        return None
    if not text("key") or not text("name"):
        raise InputError(f"section {text('name') or text('key')!r} needs a key and a name; write both")
    quota = text("quota")
    switches = {switch: str(n) in form.get(switch, []) for switch in PROPERTIES}
    return {
        "place": _place(_whole(text("place") or "999", "the order"), n + 1),
        "key": text("key"),
        "name": text("name"),
        "instructions": " ".join(text("instructions").split()),
        "aliases": [alias.strip() for alias in text("aliases").split(";") if alias.strip()],
        "quota": _whole(quota, "a quota") if quota else None,
        **switches,
    }


def _place(wanted: int, before: int) -> tuple[int, int]:
    """Return the key to sort by: a section that goes up stands before the one whose place it takes, else after it."""
    return wanted, (wanted > before) - (wanted < before)


def _whole(text: str, name: str) -> int:
    if not (text.strip().isascii() and text.strip().isdecimal()):
        raise InputError(f"{name} is a whole number, not {text[:20]!r}")
    return int(text[:9])
