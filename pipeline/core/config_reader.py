"""Read and check newsletter.toml: each wrong key is named with its line and an example. Knows no database."""

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pipeline.core.config import LAYOUTS, Limits, Newsletter
from pipeline.core.draft_form import SECTION_KEYS, TEXT_KEYS, DraftForm
from pipeline.core.errors import NewsletterError
from pipeline.core.feed_entries import read_feed_entries
from pipeline.core.issue_days import EXAMPLES, are_issue_days
from pipeline.core.languages import is_language
from pipeline.core.toml_reader import TomlReader, parse_toml
from pipeline.core.types import Section
from pipeline.core.urls import canonical_url

RENAMED = {"dialect": "layout", "closed_headings": "ignored_headings"}  # old key → key; read silently
PROPERTIES = ("deadlines", "event_dates", "one_liners")
KEYS = {
    "name", "url", "own_hosts", "issue_day", "timezone", "language", "layout", "ignored_headings", "allow_hosts",
    "feeds", "share", "desk_url", "limits", "embedding", "schedule", "notify", "sections", "draft",
}  # fmt: skip
MAX_LIMIT = 36_500  # a century of days
HOST = re.compile(r"[\w.:\[\]-]+")  # names, IPv4 and IPv6 addresses
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://\S", re.IGNORECASE)


def read_newsletter(path: Path) -> Newsletter:
    """Read and check newsletter.toml.

    Raises
    ------
    NewsletterError
        If the file is missing, is not TOML, or holds a wrong or unknown key; the message names key and line.
    """
    try:
        read = path.read_bytes()
    except OSError as error:
        raise NewsletterError(
            f"{path} cannot be read ({error}); restore it or run: triage init {path.parent}"
        ) from error
    text, data = parse_toml(path, read)
    return _Reader(path, text).newsletter(data)


class _Reader(TomlReader):
    """Turn parsed TOML into a Newsletter."""

    def newsletter(self, data: Mapping[str, Any]) -> Newsletter:
        """Return the newsletter that the file describes."""
        self.refuse_unknown(data, KEYS | set(RENAMED))
        self.old_keys = {key: old for old, key in RENAMED.items() if old in data and key not in data}
        data = {**{key: data[old] for key, old in self.old_keys.items()}, **data}
        embedding = self.table(data, "embedding", {"model"})
        schedule = self.table(data, "schedule", {"nightly", "retraining"})
        notify = self.table(data, "notify", {"urls"})
        return Newsletter(
            name=self.text(data, "name", None),
            sections=self._sections(data),
            url=self._url(data, "url"),
            own_hosts=tuple(host.removeprefix("www.") for host in self._hosts(data, "own_hosts")),
            issue_day=self._issue_day(data),
            timezone=self._timezone(data),
            language=self._language(data),
            layout=self._layout(data),
            ignored_headings=self.texts(data, "ignored_headings"),
            allow_hosts=self._hosts(data, "allow_hosts"),
            feeds=read_feed_entries(self, data),
            limits=self._limits(data),
            embedding_model=self.text(embedding, "model", Newsletter.embedding_model, "embedding"),
            nightly=self._cron(schedule, "nightly", Newsletter.nightly),
            retraining=self._cron(schedule, "retraining", Newsletter.retraining),
            notify=self._notify(notify),
            draft=self._draft(data),
            desk_url=self._url(data, "desk_url", Newsletter.desk_url),
            share=self._share(data),
        )

    def _url(self, data: Mapping[str, Any], key: str, default: str = "") -> str:
        url = self.text(data, key, default)
        if url and not canonical_url(url):
            self.fail(key, f'must be an address such as "https://letter.example/", not {url!r}')
        return url

    def _issue_day(self, data: Mapping[str, Any]) -> str:
        value = data.get("issue_day")
        day = str(value) if type(value) is int else self.text(data, "issue_day", Newsletter.issue_day)
        day = " ".join(day.lower().split())
        if not are_issue_days(day):
            self.fail("issue_day", f"must be days such as {EXAMPLES}, not {value!r}")
        return day

    def _timezone(self, data: Mapping[str, Any]) -> str:
        zone = self.text(data, "timezone", Newsletter.timezone)
        if zone not in available_timezones():
            self.fail("timezone", f'must be a name such as "Europe/Berlin", not {zone!r}')
        return zone

    def _language(self, data: Mapping[str, Any]) -> str:
        language = self.text(data, "language", Newsletter.language)
        if not is_language(language):
            self.fail("language", f'must be the code of a language such as "de" or "pt-BR", not {language!r}')
        return language

    def _layout(self, data: Mapping[str, Any]) -> str:
        layout = self.text(data, "layout", Newsletter.layout)
        if layout not in ("auto", "titles") and not set(layout.split("+")) <= set(LAYOUTS):
            self.fail("layout", f"must be auto, titles, {', '.join(LAYOUTS)}, or several with +, not {layout!r}")
        return layout

    def _hosts(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        hosts = tuple(host.lower() for host in self.texts(data, key))
        for host in hosts:
            if not HOST.fullmatch(host):
                self.fail(key, f'must be host names such as "jobs.example.org", not {host!r}')
        return hosts

    def _cron(self, schedule: Mapping[str, Any], key: str, default: str) -> str:
        line = self.text(schedule, key, default, "schedule")
        if line == default:
            return line
        from pipeline.core.cron import is_cron_line  # most newsletters keep the default: saves 30 ms a command

        if not is_cron_line(line):
            self.fail(key, f'must be five cron fields such as "{default}", not {line!r}', "schedule")
        return line

    def _notify(self, notify: Mapping[str, Any]) -> tuple[str, ...]:
        urls = self.texts(notify, "urls", "notify")
        for url in urls:
            if not SCHEME.match(url):
                self.fail("urls", f'must be Apprise addresses such as "mailto://…", not {url!r}', "notify")
        return urls

    def _share(self, data: Mapping[str, Any]) -> str:
        folder = self.text(data, "share", "")
        try:
            return str((self.path.parent / Path(folder).expanduser()).resolve()) if folder.strip() else ""
        except RuntimeError:
            self.fail("share", f'must be a folder such as "../shared", not {folder!r}: there is no such user')

    def _draft(self, data: Mapping[str, Any]) -> DraftForm | None:
        table = self.table(data, "draft", {*TEXT_KEYS, *SECTION_KEYS, "tight", "leads"})
        if not table:
            return None
        texts = {key: self.text(table, key, None if key == "story" else "", "draft") for key in TEXT_KEYS}
        if "section" not in table:
            texts["section"] = DraftForm.section
        own: dict[str, dict[str, str]] = {key: table.get(key, {}) for key in SECTION_KEYS}
        for key, by_section in own.items():
            if not isinstance(by_section, dict) or not all(isinstance(text, str) for text in by_section.values()):
                self.fail(key, 'must be a table of section key = "text"', "draft")
        leads = table.get("leads", DraftForm.leads)
        if type(leads) is not int or leads < 1:
            self.fail("leads", f"must be a whole number of at least 1, not {leads!r}", "draft")
        stripped: dict[str, Any] = {key: text.strip("\n") for key, text in texts.items()}
        in_sections: dict[str, Any] = {
            key: {name: text.strip("\n") for name, text in own[key].items()} for key in SECTION_KEYS
        }
        return DraftForm(**stripped, **in_sections, tight=self.flag(table, "tight", "draft"), leads=leads)

    def _limits(self, data: Mapping[str, Any]) -> Limits:
        names = {f.name for f in fields(Limits)}
        table = self.table(data, "limits", names)
        for key, value in table.items():
            if type(value) is not int or not 1 <= value <= MAX_LIMIT:
                example = getattr(Limits, key)
                self.fail(key, f"must be a whole number of 1 to {MAX_LIMIT} such as {example}, not {value!r}", "limits")
        return Limits(**table)

    def _sections(self, data: Mapping[str, Any]) -> tuple[Section, ...]:
        tables = data.get("sections")
        if not isinstance(tables, list) or not tables or not all(isinstance(t, dict) for t in tables):
            self.fail("sections", "must be at least one [[sections]] table with key and name")
        sections = tuple(self._section(table, nth) for nth, table in enumerate(tables))
        for nth, section in enumerate(sections):
            if section.key in [s.key for s in sections[:nth]]:
                self.fail("key", f"{section.key!r} is used by two sections", "sections", nth)
        if any(name in table for table in tables for name in PROPERTIES):
            return sections
        return tuple(_with_implied(section) for section in sections)

    def _section(self, table: Mapping[str, Any], nth: int) -> Section:
        self.refuse_unknown(table, {f.name for f in fields(Section)}, "sections", nth)
        key = self.text(table, "key", None, "sections", nth)
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", key):
            self.fail("key", f'must be small letters, digits, - or _ such as "tools", not {key!r}', "sections", nth)
        quota = table.get("quota")
        if quota is not None and (type(quota) is not int or not 0 <= quota <= MAX_LIMIT):
            self.fail("quota", f"must be a whole number of 0 to {MAX_LIMIT} such as 3, not {quota!r}", "sections", nth)
        return Section(
            key=key,
            name=self.text(table, "name", None, "sections", nth),
            instructions=self.text(table, "instructions", "", "sections", nth),
            aliases=self.texts(table, "aliases", "sections", nth),
            quota=quota,
            **{name: self.flag(table, name, "sections", nth) for name in PROPERTIES},
        )


def _with_implied(section: Section) -> Section:
    """Derive the properties from the key, as in files written before there were properties."""
    return replace(
        section,
        deadlines=section.key == "calls",
        event_dates=section.key == "events",
        one_liners=section.key == "random",
    )
