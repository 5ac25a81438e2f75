"""Fetch over HTTP: limits, redirects, retries, conditional requests. The only HTTP client; parses nothing."""

import asyncio
import base64
import logging
import ssl
import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import aiohttp
import stamina

from pipeline.core.secret_urls import has_secret, hide_in_text, split_credentials
from pipeline.core.types import Fetched
from pipeline.feeds.fetch_failures import MAX_HEADER_BYTES, describe, is_transient
from pipeline.feeds.open_sockets import OpenSockets
from pipeline.feeds.ssrf import Guard

logging.getLogger("stamina").setLevel(logging.ERROR)  # a failed retry is reported in `Fetched.error`

MAX_REDIRECTS = 5
PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_RETRY_AFTER_S = 23 * 3600.0  # a longer Retry-After is cut: every feed is asked every night
ACCEPT_FEED = "application/atom+xml,application/rss+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.8"


class Client:
    """HTTP session for feeds, article pages and robots.txt.

    Parameters
    ----------
    allow_hosts : collection of str
        Hosts that may be reached although their address is private.
    connections, per_host : int
        Concurrent requests in total, and to one host.
    timeout_s : float
        Total time for one address, redirects included; waiting for a free connection does not count.
    max_bytes : int
        Cap on a body, after decompression.
    contact : str
        Address of the newsletter, sent in the User-Agent.
    """

    def __init__(
        self,
        *,
        allow_hosts: Collection[str] = (),
        connections: int = 16,
        per_host: int = 1,
        timeout_s: float = 30,
        max_bytes: int = 15_000_000,
        contact: str = "",
    ) -> None:
        self.timeout_s = timeout_s
        self.max_bytes = max_bytes
        self._guard = Guard(allow_hosts)
        self._sockets = OpenSockets(self._guard.make_socket)
        self._connections = connections
        self._slots = asyncio.Semaphore(connections)
        self._hosts: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(per_host))
        self._agent = "Triage/0.1 (reads feeds for a newsletter" + (f"; +{contact})" if contact else ")")

    async def __aenter__(self) -> "Client":
        connector = aiohttp.TCPConnector(
            limit=self._connections, socket_factory=self._sockets.make, ssl=ssl.create_default_context()
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self._agent},
            timeout=aiohttp.ClientTimeout(total=None),
            max_line_size=MAX_HEADER_BYTES,
            max_field_size=MAX_HEADER_BYTES,
            trust_env=False,
        )
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._session.close()
        await self._sockets.end()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        verify_tls: bool = True,
        accept: str = ACCEPT_FEED,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """Fetch one address. Never raises for what a server does: failures are in `Fetched.error`.

        Credentials in the address are sent as Basic. They and `headers` go to the address's own server alone, and no
        error names them.
        """
        url, credentials = split_credentials(url)
        own = dict(headers or {}) | ({"Authorization": _basic(*credentials)} if credentials else {})
        common = {"Accept": accept, "If-None-Match": etag, "If-Modified-Since": last_modified}
        spent, hop, moved, hops, cookies = 0.0, url, True, [url], False
        for _ in range(MAX_REDIRECTS + 1):
            async with self._hosts[urlsplit(hop).netloc], self._slots:
                started = time.monotonic()
                sent = common | (own if _is_same_server(url, hop) else {})
                fetched, target = await self._hop(hop, sent, verify_tls, self.timeout_s - spent)
                spent += time.monotonic() - started
            if target is None:
                # an address with a secret is not stored, and no secret goes to another server: redirected every night
                is_private = bool(own) or has_secret(url) or has_secret(hop)
                is_move = moved and hop != url and fetched.error is None and not is_private
                return replace(fetched, url=url, moved_to=hop if is_move else None, seconds=spent)
            moved = moved and fetched.status in PERMANENT
            cookies = cookies or fetched.sets_cookie
            hop = split_credentials(target)[0]
            hops.append(hop)
        if cookies and len(set(hops)) < len(hops):
            error, reason = "is behind a cookie wall: it redirects to itself until its cookie is sent", "cookie_wall"
        else:
            error, reason = f"redirects more than {MAX_REDIRECTS} times", "redirects"
        return Fetched(url, hop, 0, error=error, reason=reason, seconds=spent)

    async def _hop(
        self, url: str, headers: dict[str, str | None], verify_tls: bool, left_s: float
    ) -> tuple[Fetched, str | None]:
        """Request one address; return the response, and the redirect target if there is one."""
        try:
            async with asyncio.timeout(left_s):
                return await self._ask(url, headers, verify_tls)
        except TimeoutError:
            reason, error = "timeout", f"did not finish within {self.timeout_s:g} seconds"
        except (aiohttp.ClientError, OSError, ValueError, LookupError) as failure:
            reason, error = describe(failure)
        return Fetched(url, url, 0, error=hide_in_text(error), reason=reason), None

    async def _ask(self, url: str, headers: dict[str, str | None], verify_tls: bool) -> tuple[Fetched, str | None]:
        self._guard.expect(url)
        given = {name: value for name, value in headers.items() if value}
        async for attempt in stamina.retry_context(
            on=is_transient, attempts=3, wait_initial=0.2, wait_jitter=0.2, wait_max=1.0
        ):
            with attempt:
                request = self._session.get(url, headers=given, allow_redirects=False, ssl=verify_tls)
                async with request as response:
                    return await self._read(url, response)
        raise AssertionError("stamina returns or raises")

    async def _read(self, url: str, response: aiohttp.ClientResponse) -> tuple[Fetched, str | None]:
        status, answer = response.status, response.headers
        if status in REDIRECTS and "Location" in answer:
            target = urljoin(url, answer["Location"])
            if urlsplit(target).scheme not in ("http", "https") or not urlsplit(target).hostname:
                error = f"redirects to {hide_in_text(target[:200])}, which is no web address"
                return Fetched(url, url, status, error=error, reason="redirects"), None
            return Fetched(url, url, status, sets_cookie="Set-Cookie" in answer), target
        fetched = Fetched(
            url,
            url,
            status,
            content_type=answer.get("Content-Type", ""),
            etag=answer.get("ETag"),
            last_modified=_not_in_future(answer.get("Last-Modified")),
            retry_after_s=parse_retry_after(answer.get("Retry-After"), datetime.now(UTC)),
        )
        if status == 304:
            return fetched, None
        if not 200 <= status < 300:
            error = f"answers {status} {response.reason or ''}".rstrip()
            return replace(fetched, error=error, reason=f"http_{status}"), None
        body = bytearray()
        async for chunk in response.content.iter_chunked(65536):
            body += chunk
            if len(body) > self.max_bytes:
                error = f"is larger than {self.max_bytes / 1e6:g} MB"
                return replace(fetched, error=error, reason="too_large"), None
        return replace(fetched, body=bytes(body)), None


def _basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _is_same_server(url: str, hop: str) -> bool:
    """Return whether a redirect stays on a server, the change from http to https included."""
    first, then = urlsplit(url), urlsplit(hop)
    if first.hostname != then.hostname or (first.scheme, then.scheme) == ("https", "http"):
        return False
    return first.scheme != then.scheme or first.port == then.port


def parse_retry_after(value: str | None, now: datetime) -> float | None:
    """Parse a Retry-After header (seconds or a date) as seconds from now, capped; None if absent or invalid."""
    date = _http_date(value)
    if value is None or (date is None and not value.strip().isdigit()):
        return None
    seconds = (date - now).total_seconds() if date else float(value.strip()[:12])
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)


def _http_date(value: str | None) -> datetime | None:
    try:
        date = parsedate_to_datetime(value or "")
    except (ValueError, IndexError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _not_in_future(last_modified: str | None) -> str | None:
    # a validator from the future, once stored, hides every new entry (FreshRSS #1020)
    date = _http_date(last_modified)
    return last_modified if date is not None and date <= datetime.now(UTC) else None
