"""The newsletter as its editor describes it in newsletter.toml, and the shipped templates of that file.

Reading and checking the file is `config_reader`'s.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import resources
from zoneinfo import ZoneInfo

from pipeline.core.draft_form import DraftForm
from pipeline.core.errors import NewsletterError
from pipeline.core.issue_days import next_issue_day
from pipeline.core.types import Fulltext, Section
from pipeline.core.urls import canonical_url, host_of

FILE_NAME = "newsletter.toml"
TEMPLATES = ("research-computing", "blank")
LAYOUTS = ("bullets", "headings", "paragraphs", "bold", "prose")  # where stories stand in past issues


@dataclass(frozen=True)
class Limits:
    """Limits of fetching and retention, table [limits]."""

    candidate_days: int = 31
    connections: int = 16
    connections_per_host: int = 1
    timeout_seconds: int = 30
    max_megabytes: int = 15
    keep_articles_days: int = 730


@dataclass(frozen=True)
class FeedEntry:
    """A feed in newsletter.toml: its address and how to read it."""

    url: str
    title: str | None = None
    fulltext: Fulltext = "never"
    verify_tls: bool = True
    headers: tuple[tuple[str, str], ...] = ()  # header → environment variable that holds its value
    address: str | None = field(default=None, repr=False)  # with its secret, where `url` hides one


@dataclass(frozen=True)
class Newsletter:
    """The newsletter as its editor describes it."""

    name: str
    sections: tuple[Section, ...]
    url: str = ""
    own_hosts: tuple[str, ...] = ()
    issue_day: str = "friday"  # one or several, as in `pipeline.core.issue_days`
    timezone: str = "UTC"
    language: str = "en"  # in which drafts write the day
    layout: str = "auto"  # reader for past issues; "auto" finds it
    ignored_headings: tuple[str, ...] = ()  # headings of past issues whose links are no picks
    allow_hosts: tuple[str, ...] = ()
    feeds: tuple[FeedEntry, ...] = ()
    limits: Limits = field(default_factory=Limits)
    embedding_model: str = "all-MiniLM-L6-v2"
    nightly: str = "0 3 * * *"
    retraining: str = "0 5 * * 0"
    notify: tuple[str, ...] = ()
    draft: DraftForm | None = None  # table [draft]: how a draft is laid out; None: plain
    desk_url: str = "http://127.0.0.1:8765/"  # where editors reach the desk: linked from Prefect's UI
    share: str = ""  # folder in which newsletters of one installation share what they fetch and embed

    def section_for(self, heading: str) -> str | None:
        """Find the key of the section that a printed heading names, by name, key or alias; None if none does."""
        wanted = _normalised(heading)
        for section in self.sections:
            if wanted in map(_normalised, (section.name, section.key, *section.aliases)):
                return section.key
        if bare := " ".join(word for word in wanted.split() if not word.isdecimal()):  # "News (2018-07-26)"
            return next((s.key for s in self.sections if bare == _normalised(s.name)), None)
        return None

    def section(self, key: str) -> Section:
        """Return the section with this key. Raises NewsletterError naming the known keys."""
        for section in self.sections:
            if section.key == key:
                return section
        known = ", ".join(s.key for s in self.sections)
        raise NewsletterError(f"no section {key!r} in {FILE_NAME}; its sections are: {known}")

    @property
    def deadline_sections(self) -> frozenset[str]:
        """Keys of the sections whose entries have due dates."""
        return frozenset(section.key for section in self.sections if section.deadlines)

    @property
    def dated_sections(self) -> frozenset[str]:
        """Keys of the sections whose bylines are dates: due dates or the days of events."""
        return frozenset(section.key for section in self.sections if section.deadlines or section.event_dates)

    @property
    def one_liner_sections(self) -> frozenset[str]:
        """Keys of the sections in which each paragraph is a story of its own."""
        return frozenset(section.key for section in self.sections if section.one_liners)

    def next_issue_date(self, now: datetime, last_issue: date | None = None) -> date:
        """Return the day of the next issue in the newsletter's time zone, today included unless today's is out."""
        return next_issue_day(self.issue_day, now.astimezone(self.zone).date(), last_issue)

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


def _normalised(heading: str) -> str:
    """Normalise case, spaces, punctuation and typography, so that "That's it…" equals "that’s it", but not C++ C#."""
    return " ".join(re.findall(r"\w+[+#]*", heading.replace("&", " and ").casefold().replace("’", "'")))
