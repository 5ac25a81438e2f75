"""Read the feeds that newsletter.toml lists: address, title, and how each is asked. No secret is in an error."""

import re
from collections.abc import Mapping
from typing import Any

from pipeline.core.config import FeedEntry
from pipeline.core.secret_urls import LONG_SECRET, hide_in_text, split_address
from pipeline.core.toml_reader import TomlReader

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
    return tuple(_feed(reader, entry) for entry in entries)


def _feed(reader: TomlReader, entry: object) -> FeedEntry:
    table = {"url": entry} if isinstance(entry, str) else entry
    secret = table.get("secret", "") if isinstance(table, dict) else ""
    shown = hide_in_text(repr(entry), [secret] if isinstance(secret, str) else ())
    if not isinstance(table, dict) or not isinstance(table.get("url"), str):
        reader.fail("feeds", f'each must be an address or a table such as {{ url = "https://…" }}, not {shown}')
    near = table["url"]
    if unknown := set(table) - FEED_KEYS:
        known = ", ".join(sorted(FEED_KEYS))
        reader.fail("feeds", f"has an unknown key {min(unknown)} in {shown}; known are: {known}", near=near)
    if not isinstance(secret, str) or (secret and (len(secret) < LONG_SECRET or secret not in near)):
        reader.fail("feeds", f"secret must be a part of its url, of {LONG_SECRET} characters or more", near=near)
    url, address = split_address(near, secret)
    if not url:
        reader.fail("feeds", f'must be addresses such as "https://blog.example/feed", not {shown}', near=near)
    if not isinstance(table.get("title", ""), str):
        reader.fail("feeds", f'title must be text such as "A Blog" in {shown}', near=near)
    if table.get("fulltext", "never") not in FULLTEXT or not isinstance(table.get("verify_tls", True), bool):
        reader.fail(
            "feeds", f"fulltext must be one of {', '.join(FULLTEXT)} and verify_tls true or false in {shown}",
            near=near,
        )  # fmt: skip
    given = {name: value for name, value in table.items() if name != "secret"}
    return FeedEntry(**{**given, "url": url, "address": address, "headers": _headers(reader, table)})


def _headers(reader: TomlReader, feed: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Read which headers a feed is asked with; the file names the environment variables that hold their values."""
    headers = feed.get("headers", {})
    if not isinstance(headers, dict) or not all(
        HEADER.fullmatch(name) and isinstance(variable, str) and VARIABLE.fullmatch(variable)
        for name, variable in headers.items()
    ):
        reader.fail(
            "feeds",
            'headers must name an environment variable for each header, such as { Cookie = "LETTER_COOKIE" }; '
            "write no secret here",
            near=str(feed["url"]),
        )
    return tuple(sorted(headers.items()))
