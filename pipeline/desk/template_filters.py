"""The template environment of the pages, with its filters: safe links, ages, percentages, shortened texts."""

import re
from collections.abc import Callable, Mapping
from importlib.resources import files
from math import ceil
from types import CodeType
from typing import Any, ClassVar

from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from models.intervals import Interval
from pipeline.core.counted import counted
from pipeline.core.issue_number import issue_name
from pipeline.core.urls import article_id, canonical_url
from pipeline.desk import listing
from pipeline.desk.article_text import is_cut
from pipeline.desk.session import Desk
from pipeline.store.shortlist import Story

KEPT = "\n\t\u200c\u200d"  # with the zero-width joiners, which Persian and emoji need
MAX_CHARS = 300  # characters of a title or a name that are shown
PAGES = {
    "triage import issues PATH": ("/import", "Import past issues"),
    "triage feeds suggest": ("/feeds?suggest=1", "their feeds"),
}
ADDRESS = re.compile(r" ?\((https?://[^\s()]+)\)")


class Compiled(BytecodeCache):
    """Templates compiled once in a process, however many desks it opens."""

    codes: ClassVar[dict[tuple[str, str], CodeType | None]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take a template that was compiled from the same source."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a compiled template."""
        self.codes[bucket.key, bucket.checksum] = bucket.code


def templates(desk: Desk) -> Environment:
    """Return the template environment with its filters. All values are escaped."""
    environment = Environment(
        loader=PackageLoader("pipeline.desk"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, bytecode_cache=Compiled(),
        auto_reload=False,  # an upgrade beside an open desk must not mix its templates with this code
    )  # fmt: skip
    filters: dict[str, Callable[..., Any]] = {
        "anchor": lambda url: f"feed-{article_id(url)}",
        "age": lambda story: listing.age(story, desk.as_of.time),
        "clip": clip,
        "counted": counted,
        "day": lambda date: f"{date:%-d %B %Y}",
        "issue_name": issue_name,
        "link": canonical_url,  # "" for all but http and https, which become no link
        "minutes": lambda story: (m := listing.reading_minutes(story)) and ceil(m),
        "linked": with_links,
        "on_pages": on_pages,
        "plain": plain,
        "sentence": as_sentence,
        "percent": lambda p: f"{p:.0%}",
        "why": main_reason,
    }
    environment.filters.update(filters)
    environment.globals["is_cut"] = is_cut
    environment.globals["has_archive"] = lambda: bool(desk.issues)
    environment.globals["ranked_for"] = lambda: desk.ranked_for
    environment.globals["is_calibrated"] = lambda: desk.is_calibrated  # else no page shows a percentage
    static = files("pipeline.desk").joinpath("static").iterdir()
    modules = (s.name for s in static if s.name.endswith(".js") and s.name != "early.js")  # which is no module
    environment.globals["scripts"] = sorted(modules)
    for name in environment.list_templates():
        environment.get_template(name)  # compiled now: the first page would wait for it
    return environment


def clip(text: str | None, longest: int = MAX_CHARS) -> str:
    """Shorten a text, and remove control characters such as those that change the text's direction."""
    text = "".join(c for c in (text or "")[: longest + 50] if c.isprintable() or c in KEPT)
    return text if len(text) <= longest else text[:longest].rstrip() + "…"


def as_sentence(text: str) -> str:
    """Begin with a capital, unless the first word is the name of a file, a model or a site, or quoted."""
    first = text.split(maxsplit=1)[0].rstrip(",;:.") if text.strip() else ""
    return text[:1].upper() + text[1:] if first.replace("-", "").isalpha() else text


def with_links(text: str, url: str | None = None) -> Markup:
    """Show each address in parentheses as a link, and `url` where the text names it; all else is escaped."""
    if url and url in text and (address := canonical_url(url)):
        before, _, after = text.partition(url)
        shown = Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, clip(url))
        return with_links(before) + shown + with_links(after)
    parts = ADDRESS.split(text)  # text, address, text, …
    shown = Markup(' <a href="{}" target="_blank" rel="noopener noreferrer">read it</a>')
    return Markup("").join(
        (shown.format(url) if (url := canonical_url(part)) else "") if nth % 2 else clip(part)
        for nth, part in enumerate(parts)
    )


def on_pages(sentence: str) -> Markup:
    """Show a command that a sentence names as a link to the page that does the same; all else is escaped."""
    shown = escape(clip(sentence, 500))
    for command, (address, name) in PAGES.items():
        shown = shown.replace(command, Markup('<a href="{}">{}</a>').format(address, name))
    return shown


def plain(value: Any) -> str:
    """Write a value of a model's card for a person: numbers to three digits, a mean with its interval; none is "–"."""
    if isinstance(value, Mapping):
        if "mean" in value:
            return Interval.of(value).text()
        value = [f"{name} {plain(one)}" for name, one in value.items()]
    if isinstance(value, list):
        return ", ".join(map(plain, value)) or "–"
    if isinstance(value, float):
        return f"{value:.3f}"
    return "–" if value is None or value == "" else str(value)


def main_reason(story: Story) -> Any:
    """Return the reason that weighs most, for or against; None if there is none."""
    return max(story.reasons, key=lambda reason: abs(reason.contribution), default=None)
