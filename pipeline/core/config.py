"""Read newsletter.toml, the editor's own description of the newsletter. Knows the file, not the database."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn
from zoneinfo import ZoneInfo, available_timezones

from pipeline.core.errors import NewsletterError
from pipeline.core.types import Fulltext, Section
from pipeline.core.urls import canonical_url, host_of

FILE_NAME = "newsletter.toml"
TEMPLATES = ("research-computing", "blank")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FULLTEXT = ("never", "short", "always")


@dataclass(frozen=True)
class Limits:
    """Bounds on what a night may do and keep."""

    candidate_days: int = 31
    connections: int = 16
    connections_per_host: int = 1
    timeout_seconds: int = 30
    max_megabytes: int = 15
    keep_articles_days: int = 730


@dataclass(frozen=True)
class FeedEntry:
    """A feed as written in the file: its address and what the editor wants for it."""

    url: str
    title: str | None = None
    fulltext: Fulltext = "never"
    verify_tls: bool = True


@dataclass(frozen=True)
class Newsletter:
    """The newsletter as its editor describes it."""

    name: str
    sections: tuple[Section, ...]
    url: str = ""
    own_hosts: tuple[str, ...] = ()
    issue_day: str = "friday"
    timezone: str = "UTC"
    dialect: str = "auto"  # reader for past issues; "auto" finds it
    closed_headings: tuple[str, ...] = ()  # headings of past issues whose links are no picks
    allow_hosts: tuple[str, ...] = ()
    feeds: tuple[FeedEntry, ...] = ()
    limits: Limits = field(default_factory=Limits)
    embedding_model: str = "all-MiniLM-L6-v2"
    nightly: str = "0 3 * * *"
    retraining: str = "0 5 * * 0"
    notify: tuple[str, ...] = ()
    share: str = ""  # folder in which newsletters of one installation share what they fetch and embed

    def section_for(self, heading: str) -> str | None:
        """Find the key of the section that a printed heading names, by name, key or alias; None if none does."""
        wanted = _level(heading)
        for section in self.sections:
            if wanted in map(_level, (section.name, section.key, *section.aliases)):
                return section.key
        return None

    def section(self, key: str) -> Section:
        """Return the section with this key. Raises NewsletterError naming the known keys."""
        for section in self.sections:
            if section.key == key:
                return section
        known = ", ".join(s.key for s in self.sections)
        raise NewsletterError(f"no section {key!r} in {FILE_NAME}; its sections are: {known}")

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the issue day and the schedule."""
        return ZoneInfo(self.timezone)

    @property
    def hosts(self) -> frozenset[str]:
        """Hosts that are the newsletter's own: links to them are never picks."""
        return frozenset({host_of(canonical_url(self.url)), *self.own_hosts} - {""})


def render_template(template: str, name: str) -> str:
    """Return the text of a new newsletter.toml made from a shipped template."""
    if template not in TEMPLATES:
        raise NewsletterError(f"no template {template!r}; there are: {', '.join(TEMPLATES)}")
    text = resources.files("pipeline.core").joinpath("templates", f"{template}.toml").read_text("utf-8")
    quoted = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return (
        text.replace("{name_toml}", quoted)
        .replace("{name}", " ".join(name.split()))
        .replace("{{", "{")
        .replace("}}", "}")
    )


def read_newsletter(path: Path) -> Newsletter:
    """Read and check newsletter.toml.

    Raises
    ------
    NewsletterError
        If the file is missing, is not TOML, or holds a wrong or unknown key; the message names key and line.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NewsletterError(
            f"{path} cannot be read ({error}); restore it or run: triage init {path.parent}"
        ) from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise NewsletterError(f"{path} is not valid TOML: {error}") from error
    return _Reader(path, text).newsletter(data)


class _Reader:
    """Turn parsed TOML into a Newsletter, naming file, line and key in every complaint."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()

    def newsletter(self, data: Mapping[str, Any]) -> Newsletter:
        tables = ("limits", "embedding", "schedule", "notify", "sections")
        known = {
            "name",
            "url",
            "own_hosts",
            "issue_day",
            "timezone",
            "dialect",
            "closed_headings",
            "allow_hosts",
            "feeds",
            "share",
            *tables,
        }
        self._refuse_unknown(data, known)
        issue_day = self._text(data, "issue_day", "friday").lower()
        if issue_day not in WEEKDAYS:
            self._fail("issue_day", f'must be a weekday such as "friday", not {issue_day!r}')
        timezone = self._text(data, "timezone", "UTC")
        if timezone not in available_timezones():
            self._fail("timezone", f'must be a name such as "Europe/Berlin", not {timezone!r}')
        embedding, schedule = (
            self._table(data, "embedding", {"model"}),
            self._table(data, "schedule", {"nightly", "retraining"}),
        )
        notify = self._table(data, "notify", {"urls"})
        return Newsletter(
            name=self._text(data, "name", None),
            sections=self._sections(data),
            url=self._text(data, "url", ""),
            own_hosts=tuple(h.lower().removeprefix("www.") for h in self._texts(data, "own_hosts")),
            issue_day=issue_day,
            timezone=timezone,
            dialect=self._text(data, "dialect", "auto"),
            closed_headings=self._texts(data, "closed_headings"),
            allow_hosts=tuple(h.lower() for h in self._texts(data, "allow_hosts")),
            feeds=self._feeds(data),
            limits=self._limits(data),
            embedding_model=self._text(embedding, "model", Newsletter.embedding_model, "embedding"),
            nightly=self._text(schedule, "nightly", Newsletter.nightly, "schedule"),
            retraining=self._text(schedule, "retraining", Newsletter.retraining, "schedule"),
            notify=self._texts(notify, "urls", "notify"),
            share=self._share(data),
        )

    def _share(self, data: Mapping[str, Any]) -> str:
        folder = self._text(data, "share", "")
        return str((self.path.parent / folder).resolve()) if folder else ""

    def _limits(self, data: Mapping[str, Any]) -> Limits:
        names = {f.name for f in fields(Limits)}
        table = self._table(data, "limits", names)
        for key, value in table.items():
            if type(value) is not int or value < 1:
                self._fail(key, f"must be a whole number of at least 1, not {value!r}", "limits")
        return Limits(**table)

    def _feeds(self, data: Mapping[str, Any]) -> tuple[FeedEntry, ...]:
        entries = data.get("feeds", [])
        if not isinstance(entries, list):
            self._fail("feeds", "must be a list of addresses")
        return tuple(self._feed(entry) for entry in entries)

    def _feed(self, entry: object) -> FeedEntry:
        table = {"url": entry} if isinstance(entry, str) else entry
        if not isinstance(table, dict) or not isinstance(table.get("url"), str):
            self._fail("feeds", f"each must be an address or a table with url, not {entry!r}")
        unknown = set(table) - {f.name for f in fields(FeedEntry)}
        url = canonical_url(table["url"])
        if unknown or not url:
            self._fail(
                "feeds",
                f"has {'an unknown key ' + min(unknown) if unknown else 'no http(s) address'} in {entry!r}",
            )
        if table.get("fulltext", "never") not in FULLTEXT or not isinstance(table.get("verify_tls", True), bool):
            self._fail(
                "feeds",
                f"fulltext must be one of {', '.join(FULLTEXT)} and verify_tls true or false in {entry!r}",
            )
        return FeedEntry(**{**table, "url": url})

    def _sections(self, data: Mapping[str, Any]) -> tuple[Section, ...]:
        tables = data.get("sections")
        if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
            self._fail("sections", "must be at least one [[sections]] table with key and name")
        sections = tuple(self._section(table, nth) for nth, table in enumerate(tables))
        for nth, section in enumerate(sections):
            if section.key in [s.key for s in sections[:nth]]:
                self._fail("key", f"{section.key!r} is used by two sections", "sections", nth)
        return sections

    def _section(self, table: Mapping[str, Any], nth: int) -> Section:
        self._refuse_unknown(table, {f.name for f in fields(Section)}, "sections", nth)
        key = self._text(table, "key", None, "sections", nth)
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", key):
            self._fail("key", f"must be small letters, digits, - or _, not {key!r}", "sections", nth)
        quota = table.get("quota")
        if quota is not None and (type(quota) is not int or quota < 0):
            self._fail("quota", f"must be a whole number, not {quota!r}", "sections", nth)
        return Section(
            key=key,
            name=self._text(table, "name", None, "sections", nth),
            instructions=self._text(table, "instructions", "", "sections", nth),
            aliases=self._texts(table, "aliases", "sections", nth),
            quota=quota,
        )

    def _table(self, data: Mapping[str, Any], key: str, known: set[str]) -> dict[str, Any]:
        table = data.get(key, {})
        if not isinstance(table, dict):
            self._fail(key, f"must be a table, written [{key}]")
        self._refuse_unknown(table, known, key)
        return dict(table)

    def _text(self, data: Mapping[str, Any], key: str, default: str | None, table: str = "", nth: int = 0) -> str:
        value = data.get(key, default)
        if value is None:
            self._fail(key, "is missing", table, nth)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self._fail(key, f"must be text, not {value!r}", table, nth)
        return value

    def _texts(self, data: Mapping[str, Any], key: str, table: str = "", nth: int = 0) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self._fail(key, f"must be a list of texts, not {value!r}", table, nth)
        return tuple(value)

    def _refuse_unknown(self, data: Mapping[str, Any], known: set[str], table: str = "", nth: int = 0) -> None:
        for key in data:
            if key not in known:
                self._fail(key, f"is not a known key here; known are: {', '.join(sorted(known))}", table, nth)

    def _fail(self, key: str, complaint: str, table: str = "", nth: int = 0) -> NoReturn:
        where = f"[{table}] {key}" if table else key
        raise NewsletterError(f"{self.path}, line {self._line_of(key, table, nth)}: {where} {complaint}")

    def _line_of(self, key: str, table: str, nth: int) -> int:
        """Find the line of a key in the nth table of that name; the table's own line if the key is absent."""
        start, seen = 0, -1
        for number, line in enumerate(self.lines, 1):
            header = re.match(r"\s*\[+\s*([\w-]+)\s*\]+", line)
            if header and start and seen == nth:
                break
            if header and header[1] == (table or key):
                seen, start = seen + 1, number
            inside = seen == nth and start if table else not header
            if inside and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                return number
        return start or 1


def _level(heading: str) -> str:
    """Level case, spaces, punctuation and typography, so that "That's it…" equals "that’s it"."""
    return " ".join(re.findall(r"\w+", heading.replace("&", " and ").casefold().replace("’", "'")))
