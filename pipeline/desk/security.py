"""Access control: allowed hosts, cross-site requests, the token, and security headers."""

import hmac
from collections.abc import Awaitable, Callable
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
TOKEN_COOKIE = "triage_token"  # noqa: S105 (a name)
OPEN_PATHS = ("/login", "/static/")
MAX_BODY = 1_000_000  # bytes
UPLOAD_PATH = "/import"
MAX_UPLOAD = 50 * 2**20  # bytes of past issues
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class SecurityMiddleware:
    """ASGI middleware that refuses requests and adds security headers.

    Parameters
    ----------
    app : ASGIApp
    hosts : frozenset of str, or None
        Names the desk may be addressed by, against DNS rebinding; None: any, which needs a token.
    token : str, optional
        Secret that a request must carry. Required if other machines can reach the desk.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str] | None = LOOPBACK, token: str | None = None) -> None:
        if hosts is None and not token:
            raise ValueError("a desk that others can reach needs a token")
        self.app, self.hosts, self.token = app, hosts, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request or pass it on; add the security headers to the response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        await (refusal or self.app)(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if self.hosts is not None and _host_name(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("This desk does not answer under that host name.\n", 403)
        if scope["method"] not in SAFE_METHODS and not _is_from_our_page(headers):
            return PlainTextResponse("That came from another site's page, and was not done.\n", 403)
        length = headers.get("content-length", "0")
        most = MAX_UPLOAD if scope["path"] == UPLOAD_PATH else MAX_BODY
        if not length.isdecimal() or int(length[:18]) > most:
            return PlainTextResponse(f"At most {most:,} bytes can be sent at once.\n", 413)
        if self.token and not self._knows_token(headers) and not scope["path"].startswith(OPEN_PATHS):
            return _ask_for_token(scope)
        return None

    def _knows_token(self, headers: Headers) -> bool:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        cookie = _cookie(headers, TOKEN_COOKIE)
        return any(same_token(given, self.token or "") for given in (bearer, cookie))


def same_token(given: str, token: str) -> bool:
    """Compare a secret in constant time."""
    return hmac.compare_digest(given.encode(), token.encode())


def _is_from_our_page(headers: Headers) -> bool:
    """Return whether a request that changes something came from our page or from a program that is no browser.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with our own forms, too; Sec-Fetch-Site
    distinguishes those from another site's. See https://fetch.spec.whatwg.org/#append-a-request-origin-header.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin not in (None, "null"):
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return site == "same-origin" or (origin is None and site in (None, "none"))


def _ask_for_token(scope: Scope) -> Response:
    if scope["path"].startswith("/api/") or scope["method"] not in SAFE_METHODS:
        return JSONResponse({"error": "this desk asks for its token; send it as: Authorization: Bearer TOKEN"}, 401)
    back = scope["path"] + ("?" + scope["query_string"].decode("latin-1") if scope["query_string"] else "")
    return RedirectResponse(f"/login?back={quote(back, safe='')}", 303)


def _host_name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _cookie(headers: Headers, name: str) -> str:
    return cookie_parser(headers.get("cookie", "")).get(name, "")


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
