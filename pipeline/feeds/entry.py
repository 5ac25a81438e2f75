"""The records that the XML and the JSON parser hand to `parse`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.core.secret_urls import hide_in_text, without_secret_parameters, without_secrets


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, its texts as plain text: the parser knows in which format the feed wrote them."""

    link: str | None  # absolute, as written
    guid: str | None
    title: str
    author: str
    summary: str
    content: str
    markup: Callable[[], str] = str  # returns the HTML of the content, or of the summary; a short text needs none
    published: datetime | None = None  # aware UTC
    language: str | None = None


@dataclass(frozen=True, slots=True)
class RawFeed:
    """A feed as a parser reads it."""

    title: str
    entries: Sequence[Entry]
    home: str | None = None  # the address of the site, as the feed gives it
    malformed: str | None = None  # what is wrong with it, though it was read


def without(entry: Entry, secrets: Sequence[str]) -> Entry:
    """Return an entry in which the secrets of the feed's address, which some feeds repeat in it, do not stand.

    Its address has no parameter that may hold another: a private feed may give each reader links of their own.
    """
    return replace(
        entry,
        link=address_without(entry.link, secrets),
        guid=address_without(entry.guid, secrets),
        title=hide_in_text(entry.title, secrets),
        author=hide_in_text(entry.author, secrets),
        summary=hide_in_text(entry.summary, secrets),
        content=hide_in_text(entry.content, secrets),
        markup=lambda: hide_in_text(entry.markup(), secrets),
    )


def address_without(address: str | None, secrets: Sequence[str]) -> str | None:
    """Return an address without the secrets and without parameters that may hold others."""
    if address and "://" in address:
        address = without_secret_parameters(address)
    if not address or not any(secret in address for secret in secrets):
        return address
    return hide_in_text(without_secrets(address, secrets) if "://" in address else address, secrets)
