"""Follow feeds: find the feed of a page, suggest feeds of sites that were picked from, list the feeds' health."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pipeline.core.as_of import AsOf
from pipeline.core.config import Newsletter
from pipeline.core.errors import InputError, NotFoundError
from pipeline.core.publications import publication_feeds, publication_of
from pipeline.core.secret_urls import (
    LONG_SECRET,
    carry_credentials,
    hide_in_text,
    secrets_of,
    split_address,
    without_secrets,
)
from pipeline.core.types import Feed
from pipeline.feeds.discovery import common_feed_urls
from pipeline.feeds.fetch import Client
from pipeline.feeds.http import guarded_client
from pipeline.feeds.parse import ParsedFeed, parse_feed
from pipeline.feeds.sandbox import UnreadableInputError, Workers
from pipeline.store.archive_counts import followed_publications
from pipeline.store.database import Database
from pipeline.store.feeds import all_feeds, as_followed, ask_again, feed_health, follow, sync_file, unfollow
from pipeline.store.issues import known_issues


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A site that was picked from and is not followed."""

    host: str  # or the account on a host that many share: github.com/django
    picks: int  # in past issues
    feed: str | None  # its public address, if one was found
    title: str | None = None
    problem: str | None = None  # why none was found
    address: str | None = None  # its private address, where it holds a secret


@dataclass(frozen=True, slots=True)
class _FoundFeed:
    url: str  # public
    title: str | None
    address: str | None = None  # with its secret, where it has one


def fill_in_secret(address: str, variable: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return an address with the value of an environment variable in the place of `$VARIABLE`, and that value.

    Raises
    ------
    InputError
        If the variable is not set, or its value is short or no part of the address.
    """
    value = environment.get(variable, "")
    if not value:  # the name given may be the secret itself, so it is not shown
        raise InputError(
            "secret must name an environment variable that is set; set one, and give its name, not its value"
        )
    if len(value) < LONG_SECRET:
        raise InputError(f"the value of {variable} has {len(value)} characters; a secret needs {LONG_SECRET} or more")
    name = re.escape(variable)
    filled = re.sub(rf"\$(?:{name}(?!\w)|\{{{name}\}})", lambda _: quote(value, safe="%/"), address)
    if filled == address and split_address(address, value) == split_address(address):
        raise InputError(
            f"the address does not hold ${variable}; write it in the place of the secret, in single quotes"
        )
    return filled, value


def add_feed(
    database: Database, newsletter: Newsletter, as_of: AsOf, address: str, marked: str = ""
) -> tuple[Feed, bool]:
    """Follow the feed at an address, or the one its page names. Returns it, and whether it is new here.

    Parameters
    ----------
    marked : str
        A part of the address that is secret, though nothing in it says so.

    Raises
    ------
    InputError
        If no feed is found there.
    """
    url, private = split_address(address, marked)
    if not url:
        shown = hide_in_text(address, [marked] if marked else ())
        raise InputError(f"{shown!r} is no web address; give one that begins with https://")
    found, problem = asyncio.run(_find_in_session(newsletter, as_of, private or url, marked))
    if found is None:
        raise InputError(f"found no feed at {url}: it {problem}; give the feed's own address")
    feed = Feed(found.url, found.title, address=found.address)
    with database.writing() as connection:
        return feed, bool(follow(connection, [feed]))


def follow_written(database: Database, newsletter: Newsletter) -> None:
    """Follow the feeds that newsletter.toml names, and no more those that are gone from it, without a night's run."""
    with database.reading() as connection:
        feeds = all_feeds(connection)
    if feeds != as_followed(feeds, newsletter.feeds):
        with database.writing() as connection:
            sync_file(connection, newsletter.feeds)


def remove_feed(database: Database, url: str) -> Feed:
    """Stop following a feed; its articles stay. One that newsletter.toml names comes back unless it is removed there.

    Returns
    -------
    Feed
        As it was; given to `restore_feed` it is followed again.

    Raises
    ------
    NotFoundError
        If it is not followed.
    """
    with database.writing() as connection:
        removed = unfollow(connection, url)
    if removed is None:
        raise NotFoundError(f"{url!r} is not followed; list the feeds with: triage feeds list")
    return removed


def restore_feed(database: Database, feed: Feed) -> None:
    """Follow a removed feed again, with the state it had; one that is followed again already stays as it is."""
    with database.writing() as connection:
        follow(connection, [feed])


def retry_feed(database: Database, url: str) -> None:
    """Let the next pull ask a feed again that is waiting or retired. Raises NotFoundError if it is not followed."""
    with database.writing() as connection:
        if not ask_again(connection, url):
            raise NotFoundError(f"{url!r} is not followed; list the feeds with: triage feeds list")


def suggest_feeds(database: Database, newsletter: Newsletter, as_of: AsOf, limit: int = 20) -> list[Suggestion]:
    """Return the publications most picked from that no followed feed covers, each with its feed if one is found.

    Of a host that many publishers share an account counts by itself; hosts that only gather links are left out.
    """
    with database.reading() as connection:
        issues = known_issues(connection, as_of.issues_before)
        covered = followed_publications(connection) | newsletter.hosts
        brought = connection.execute(
            "SELECT DISTINCT a.url FROM article_feeds s JOIN articles a ON a.id = s.article_id"
        ).fetchall()
    covered |= {publication_of(url) for (url,) in brought}
    counts = Counter(publication_of(pick.url) for issue in issues for pick in issue.picks if pick.url)
    left = sorted((name for name in counts if name and name not in covered), key=lambda name: (-counts[name], name))
    return asyncio.run(_check_hosts(newsletter, as_of, [(name, counts[name]) for name in left[:limit]]))


def follow_suggestions(database: Database, suggestions: Sequence[Suggestion]) -> list[str]:
    """Follow the suggested feeds. Returns the addresses that are new."""
    with database.writing() as connection:
        return follow(connection, [Feed(s.feed, s.title, address=s.address) for s in suggestions if s.feed])


def followed(database: Database, as_of: AsOf) -> list[dict[str, Any]]:
    """Return the health of every feed; columns as in `store.feeds.feed_health`."""
    with database.reading() as connection:
        return feed_health(connection, as_of.run_date)


async def _find_in_session(
    newsletter: Newsletter, as_of: AsOf, url: str, marked: str
) -> tuple[_FoundFeed | None, str | None]:
    async with guarded_client(newsletter) as client, Workers(count=1) as workers:
        return await _find_feed(client, workers, as_of, url, marked)


async def _check_hosts(newsletter: Newsletter, as_of: AsOf, hosts: Sequence[tuple[str, int]]) -> list[Suggestion]:
    async with guarded_client(newsletter) as client, Workers(count=1) as workers:

        async def look(host: str, picks: int) -> Suggestion:
            found, problem = None, None
            for address in publication_feeds(host):  # some sites are served by http alone
                if found is None:
                    found, problem = await _find_feed(client, workers, as_of, address)
            return (
                Suggestion(host, picks, found.url, found.title, address=found.address)
                if found
                else Suggestion(host, picks, None, None, problem)
            )

        return await asyncio.gather(*(look(host, picks) for host, picks in hosts))


async def _find_feed(
    client: Client, workers: Workers, as_of: AsOf, url: str, marked: str = ""
) -> tuple[_FoundFeed | None, str | None]:
    """Find the feed at an address, the first that its page links to, or one at a common address of the site."""
    found, links, problem = await _try_feed(client, workers, as_of, url, marked)
    if found is not None or (not links and not (problem or "").startswith("is a web page")):
        return found, problem
    problems: list[str | None] = []
    for candidate in links or common_feed_urls(url):
        found, _, problem = await _try_feed(client, workers, as_of, carry_credentials(candidate, url), marked)
        if found is not None:
            return found, None
        problems.append(problem)
    if links:
        return None, f"is a web page; the feed that it names, {split_address(links[0], marked)[0]}, {problems[0]}"
    return None, "is a web page that names no feed"


async def _try_feed(
    client: Client, workers: Workers, as_of: AsOf, url: str, marked: str
) -> tuple[_FoundFeed | None, tuple[str, ...], str | None]:
    fetched = await client.get(url)
    secrets = tuple(filter(None, (marked, *secrets_of(url), *secrets_of(fetched.final_url))))
    if fetched.error is not None:
        return None, (), hide_in_text(fetched.error, secrets)
    base = without_secrets(fetched.final_url, secrets)
    try:
        parsed: ParsedFeed = await workers.call(
            parse_feed, fetched.body, base, fetched.content_type, as_of.time, "", secrets
        )
    except UnreadableInputError as error:
        return None, (), str(error)
    if parsed.problem:
        return None, parsed.links, hide_in_text(parsed.problem, secrets)
    public, private = split_address(fetched.moved_to or url, marked)
    return _FoundFeed(public, parsed.title, private), (), None
