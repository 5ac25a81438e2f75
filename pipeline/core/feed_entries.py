"""Read the feeds that newsletter.toml lists: address, title, and how each is asked. No secret is in an error."""

import re
from collections.abc import Mapping
from typing import Any, NoReturn

from pipeline.core.config import FeedEntry
from pipeline.core.secret_urls import LONG_SECRET, hide_in_text, split_address
from pipeline.core.toml_reader import TomlReader, is_text

FULLTEXT = ("never", "short", "always")
FEED_KEYS = {"url", "title", "fulltext", "verify_tls", "headers", "secret"}
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_feed_entries(reader: TomlReader, data: Mapping[str, Any]) -> tuple[FeedEntry, ...]:
    """Read and check the list `feeds`.

    Raises
    ------
    NewsletterError
        If an entry is wrong; the message names its line, and shows no secret.
    """
    entries = data.get("feeds", [])
    if not isinstance(entries, list):
        reader.fail("feeds", 'must be a list of addresses such as ["https://blog.example/feed"]')
    return tuple(_feed(reader, entry, nth) for nth, entry in enumerate(entries))


def _feed(reader: TomlReader, entry: object, nth: int) -> FeedEntry:
    table = {"url": entry} if isinstance(entry, str) else entry
    if not isinstance(table, dict):
        shown = hide_in_text(repr(entry))
        reader.fail("feeds", f'must each be an address or a table such as {{ url = "https://…" }}, not {shown}')
    secret, written = table.get("secret", ""), table.get("url")
    near = written if isinstance(written, str) else ""

    def fail(key: str, complaint: str) -> NoReturn:
        if key in table:
            complaint += f", not {hide_in_text(repr(table[key]), [secret])}"
        reader.fail(key, complaint, "feeds", nth, near)

    for key in table.keys() - FEED_KEYS:
        reader.fail(key, f"is not a known key here; known are: {', '.join(sorted(FEED_KEYS))}", "feeds", nth, near)
    if not isinstance(secret, str) or (secret and (len(secret) < LONG_SECRET or secret not in near)):
        example = f'must be a part of its url, of {LONG_SECRET} characters or more, such as "k7x2p9"'
        reader.fail("secret", example, "feeds", nth, near)
    url, address = split_address(near, secret)
    if not url:
        fail("url", 'must be an address such as "https://blog.example/feed"')
    if not is_text(table.get("title", "")):
        fail("title", 'must be text such as "A Blog"')
    if table.get("fulltext", "never") not in FULLTEXT:
        fail("fulltext", f'must be one of {", ".join(FULLTEXT)}, such as "short"')
    if not isinstance(table.get("verify_tls", True), bool):
        fail("verify_tls", "must be true or false")
    headers = table.get("headers", {})
    if not _are_headers(headers):  # their values are not shown
        example = '{ Cookie = "LETTER_COOKIE" }; write no secret here'
        reader.fail("headers", f"must name an environment variable for each, such as {example}", "feeds", nth, near)
    given = {name: value for name, value in table.items() if name != "secret"}
    return FeedEntry(**{**given, "url": url, "address": address, "headers": tuple(sorted(headers.items()))})


def _are_headers(headers: object) -> bool:
    """Return whether each header names the environment variable that holds its value."""
    return isinstance(headers, dict) and all(
        HEADER.fullmatch(name) and isinstance(variable, str) and VARIABLE.fullmatch(variable)
        for name, variable in headers.items()
    )
