"""The records that pass between rooms. A story has a new type at each stage:

Fetched (bytes) → Article (cleaned, stored) → Candidate (scored for an issue) → Decision (the editor chose)
→ Pick (it was published).

All times are aware UTC; issue dates are plain dates. None means unknown unless a field is documented otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

State = Literal["new", "picked", "skipped", "later", "ran"]
Verdict = Literal[
    "pick", "skip", "later", "undo", "section", "note", "group", "order", "mute", "unmute", "title", "byline", "intro"
]
Fulltext = Literal["never", "short", "always"]

Progress = Callable[[int, int], None]  # called with (done, total)


@dataclass(frozen=True, slots=True)
class Section:
    """One of the newsletter's sections, as newsletter.toml describes it."""

    key: str  # short, stable: "teams"
    name: str  # as printed in the issue: "Managing Teams"
    instructions: str = ""  # what belongs here, in plain words
    aliases: tuple[str, ...] = ()  # other names the heading had in past issues
    quota: int | None = None  # picks an issue usually takes; None: learned from recent issues
    deadlines: bool = False  # entries have due dates: the byline is dates, the next one due comes first
    event_dates: bool = False  # the byline is the days of an event
    one_liners: bool = False  # each paragraph is a story of its own


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed the workspace follows, and the result of its last fetches: a row of table `feeds`."""

    url: str  # shows no secret: `secret_urls.split_address`
    title: str | None = None
    fulltext: Fulltext = "never"  # when to read the linked page: never, when the entry is short, always
    verify_tls: bool = True
    in_file: bool = False  # written in newsletter.toml
    etag: str | None = None  # validators are stored only after the entries are
    last_modified: str | None = None
    last_success_on: date | None = None
    last_new_on: date | None = None
    failures: int = 0  # nights failed in a row
    failed_on: date | None = None
    last_error: str | None = None
    retry_at: datetime | None = None  # not asked before this (Retry-After, backoff)
    moved_to: str | None = None  # where 301/308 point
    moved_seen: int = 0  # nights on which that was seen
    moved_on: date | None = None
    moved_from: str | None = None  # the address newsletter.toml still gives, once the feed was moved
    retired_on: date | None = None  # 410 Gone; history is kept
    address: str | None = field(default=None, repr=False)  # what is asked, where `url` hides a secret; None: `url`
    # header → environment variable that holds its value; from newsletter.toml, not stored
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """The result of one request: bytes, or the error."""

    url: str  # as asked
    final_url: str  # after redirects
    status: int  # HTTP status; 0 if none was received
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None  # set if every hop was permanent (301/308)
    retry_after_s: float | None = None
    sets_cookie: bool = False
    error: str | None = None  # one sentence, None on success and on 304
    reason: str | None = None  # a stable code beside `error`: timeout, tls, refused, unreachable, http_404, …
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Article:
    """A cleaned article as it is stored: plain text everywhere, one per story address."""

    id: str  # pipeline.urls.article_id(url)
    url: str  # canonical
    title: str
    source: str  # who published it: host of the url, or the feed's own name for it
    first_seen_at: datetime
    published_at: datetime | None = None  # None where missing or implausible
    author: str | None = None
    summary: str = ""  # plain text
    text: str = ""  # plain text of the article where the feed or the page gave it
    origin: Literal["feed", "import", "editor"] = "feed"
    feed_url: str | None = None  # the feed it came from
    guid: str | None = None  # the feed's own id for it
    language: str | None = None
    paywalled: bool | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One contribution of the model to a candidate's relevance, with a sentence that explains it."""

    kind: str  # "neighbour", "words", "source", "author", "recency", "instructions", "deadline", …
    text: str  # a sentence a person understands
    contribution: float  # change in the relevance logit if this were absent
    issue: int | None = None  # of the past pick that is named
    url: str | None = None  # of the past pick that is named


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story scored for the next issue: one row of the review table."""

    article: Article
    section: str | None  # key; None: fits no section
    sections: dict[str, float]  # key → probability; sums to at most 1, the rest is "none"
    relevance: float  # calibrated P(picked)
    reasons: tuple[Reason, ...] = ()
    rank: int = 0  # 1 is best
    duplicate_ids: tuple[str, ...] = ()  # ids of the other articles about the same story
    exploration: bool = False  # shown because the model is unsure


@dataclass(frozen=True, slots=True)
class Decision:
    """One action of the editor, as recorded in the journal."""

    article_id: str | None  # None: about no article (mute)
    verdict: Verdict
    editor: str
    decided_at: datetime
    section: str | None = None  # key, with pick or section; "": the editor's choice is taken back; None: not about it
    text: str | None = (
        None  # the note; the muted "kind:value"; with group the entry's first id; with order all ids; an edited text
    )
    seq: int = 0  # place in the journal, from 1
    request_id: str | None = field(default=None, compare=False)  # of the client; a repeated request is recorded once


@dataclass(frozen=True, slots=True)
class Pick:
    """A link that an issue published."""

    section_name: str  # the heading as printed
    title: str
    url: str | None  # canonical; None in plain-text archives
    position: int  # 1-based within the issue
    entry: int  # 1-based; picks with the same number were one entry
    section: str | None = None  # key; None where no alias maps the heading
    byline: str | None = None  # "Author, Outlet"; in calls, the dates
    context: str = ""  # the sentence around a one-liner's link, plain text
    kind: Literal["title", "inline"] = "title"  # in a title line, or inside prose


@dataclass(frozen=True, slots=True)
class Issue:
    """A published issue and what it picked, in order."""

    number: int
    date: date
    title: str = ""
    subtitle: str = ""
    picks: tuple[Pick, ...] = ()
    path: str | None = None  # where it was read from


@dataclass(frozen=True, slots=True)
class StepReport:
    """What every step returns: printed by the CLI, stored in table `runs`."""

    step: str
    seen: int
    done: int
    failed: int
    seconds: float
    details: dict[str, Any] = field(default_factory=dict)
