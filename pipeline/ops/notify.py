"""The morning message: a run's results as plain text, sent through Apprise."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.counted import counted
from pipeline.core.deadlines import find_deadlines
from pipeline.core.errors import InputError
from pipeline.ops.status import Status, read_status
from pipeline.store.database import Connection, Database

TOP = 10
SOON_DAYS = 10  # days; a call that closes sooner fits this issue or none
SCANNED = 200  # ranks searched for calls


@dataclass(frozen=True, slots=True)
class Headline:
    """A story of the shortlist."""

    rank: int
    title: str
    section: str | None  # key; None: fits none
    section_name: str
    source: str
    url: str
    reasons: tuple[str, ...] = ()  # sentences, the strongest first


@dataclass(frozen=True, slots=True)
class Closing:
    """A call on the shortlist that closes soon."""

    day: date
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Morning:
    """The contents of the morning message."""

    status: Status
    top: tuple[Headline, ...]
    closing: tuple[Closing, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send."""

    title: str
    body: str


def read_morning(database: Database, newsletter: Newsletter, as_of: AsOf) -> Morning:
    """Read the contents of the message from the tables."""
    status = read_status(database, newsletter, as_of)
    with database.reading() as connection:
        top = read_top(connection, newsletter)
        closing = read_closing(connection, as_of.time.astimezone(newsletter.zone).date())
    return Morning(status, top, closing)


def read_top(connection: Connection, newsletter: Newsletter) -> tuple[Headline, ...]:
    """Return the top undecided stories of the shortlist."""
    rows = connection.execute(
        "SELECT rank, title, section, source, url, reasons FROM review WHERE rank IS NOT NULL AND state = 'new' "
        "ORDER BY rank LIMIT ?",
        [TOP],
    ).fetchall()
    names = {section.key: section.name for section in newsletter.sections}
    return tuple(
        Headline(
            rank, title, section, names.get(section, "no section"), source, url,
            tuple(reason["text"] for reason in json.loads(reasons or "[]")),
        )
        for rank, title, section, source, url, reasons in rows
    )  # fmt: skip


def read_closing(connection: Connection, today: date) -> tuple[Closing, ...]:
    """Return the calls on the shortlist that close soon, by date."""
    rows = connection.execute(
        "SELECT title, url, coalesce(summary, ''), CAST(first_seen AS DATE) "
        "FROM review LEFT JOIN articles USING (id, url, title) WHERE rank <= ? AND state IN ('new', 'picked')",
        [SCANNED],
    ).fetchall()
    found = set()
    for title, url, summary, seen in rows:
        for deadline in find_deadlines(f"{title}. {summary}", seen):
            if deadline.is_due and today <= deadline.last_day <= today + timedelta(days=SOON_DAYS):
                found.add(Closing(deadline.last_day, title, url))
    return tuple(sorted(found, key=lambda closing: (closing.day, closing.url)))


def write_message(morning: Morning) -> Message:
    """Write the morning message. Pure."""
    status, night = morning.status, morning.status.last_night
    new = night.new_articles if night else 0
    undecided = counted(status.undecided, "story", "stories")
    title = f"{status.newsletter}: {new} new, {status.undecided} to decide"
    blocks = [
        [f"{counted(new, 'new article')}; {undecided} to decide for the issue of {status.next_issue:%A %d %B}."],
        [f"Attention: {sentence}" for sentence in status.alerts],
        [f"{counted(night.missed, 'missed run was', 'missed runs were')} caught up."] if night and night.missed else [],
        _block(
            "Top ten",
            [f"{h.rank}. {h.title}\n   {h.source} · {h.section_name}\n   {h.url}" for h in morning.top],
        ),
        _block("Calls closing soon", [f"{c.day:%d %b}  {c.title}\n   {c.url}" for c in morning.closing]),
        _block("Failing feeds", [f"{f.title or f.url}: {f.reason}" for f in status.failing]),
        _block("Silent feeds", [f"{f.title or f.url}: {f.reason}" for f in status.silent]),
    ]
    return Message(title, "\n\n".join("\n".join(block) for block in blocks if block) + "\n")


def send_message(urls: Sequence[str], message: Message) -> None:
    """Send a message to Apprise addresses (mail, Slack, …).

    Raises
    ------
    InputError
        If an address is invalid or a service refuses the message. Names the service, not the secret in the address.
    """
    import apprise

    for nth, url in enumerate(urls, 1):
        where = f"[notify] urls in newsletter.toml, address {nth}"
        if wrong := wrong_address(url):
            raise InputError(f"{where} {wrong}")
        post = apprise.Apprise(url)
        if not post.notify(title=message.title, body=message.body, body_format=apprise.NotifyFormat.TEXT):
            raise InputError(f"{where}: {_service(url)} refused the message")


def wrong_address(url: str) -> str | None:
    """Say why Apprise can send nothing to an address, without its secrets; None if it can."""
    import apprise

    service, services = _service(url), apprise.NotificationManager()  # type: ignore[no-untyped-call]
    if service not in services:
        return f'names no service that Apprise knows: {service!r}; an example is "mailto://name:password@example.org"'
    with apprise.LogCapture():  # type: ignore[no-untyped-call]  # it would log the address, with its password
        if apprise.Apprise.instantiate(url) is None:
            form = services[service].templates[0].replace("{schema}", service)
            return f'lacks a part; addresses of this service are written as "{form}"'
    return None


def _service(url: str) -> str:
    return url.partition(":")[0].lower()


def _block(heading: str, lines: Sequence[str]) -> list[str]:
    return [heading, *lines] if lines else []
