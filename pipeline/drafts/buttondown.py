"""Hand a finished draft to Buttondown, as a draft there: https://docs.buttondown.com/api-emails-introduction."""

import asyncio
import os
from typing import Any

import aiohttp

from pipeline.core.errors import InputError

KEY = "BUTTONDOWN_API_KEY"
ADDRESS = "BUTTONDOWN_API"  # for tests and self-hosted stand-ins
DEFAULT_ADDRESS = "https://api.buttondown.com/v1"
TIMEOUT_S = 30
MOST_PAGES = 20


def send_draft(subject: str, body: str) -> str:
    """Create the draft, or bring the one with this subject up to date. Twice leaves one draft.

    Parameters
    ----------
    subject : str
        The issue's title.
    body : str
        Its Markdown without front matter.

    Returns
    -------
    str
        Its id at Buttondown.

    Raises
    ------
    InputError
        If there is no key, Buttondown refuses, or an email with this subject has gone out already.
    """
    key = os.environ.get(KEY)
    if not key:
        raise InputError(f"no key for Buttondown; set {KEY} to the one from buttondown.com/settings/programming")
    address = os.environ.get(ADDRESS, DEFAULT_ADDRESS).rstrip("/")
    try:
        return asyncio.run(_send(address, key, subject, body))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise InputError(f"Buttondown at {address} did not answer as expected ({error}); nothing was sent") from error


async def _send(address: str, key: str, subject: str, body: str) -> str:
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with aiohttp.ClientSession(headers={"Authorization": f"Token {key}"}, timeout=timeout) as session:
        known = await _find(session, address, subject)
        if known is None:
            created = await _ask(
                session, "POST", f"{address}/emails", {"subject": subject, "body": body, "status": "draft"}
            )
            return str(created["id"])
        if known.get("status") != "draft":
            raise InputError(f"{subject!r} is {known.get('status')} at Buttondown already; it was left alone")
        await _ask(session, "PATCH", f"{address}/emails/{known['id']}", {"subject": subject, "body": body})
        return str(known["id"])


async def _find(session: aiohttp.ClientSession, address: str, subject: str) -> dict[str, Any] | None:
    """Return the email with this subject; one that has gone out before a draft."""
    found: list[dict[str, Any]] = []
    for page in range(1, MOST_PAGES + 1):
        answer = await _ask(session, "GET", f"{address}/emails?ordering=-creation_date&page={page}", None)
        found += [email for email in answer.get("results", []) if email.get("subject") == subject]
        if not answer.get("next"):
            break
    return min(found, key=lambda email: email.get("status") == "draft", default=None)


async def _ask(session: aiohttp.ClientSession, method: str, url: str, payload: dict[str, str] | None) -> dict[str, Any]:
    async with session.request(method, url, json=payload, allow_redirects=False) as response:
        if response.status >= 300:
            raise InputError(f"Buttondown refuses (HTTP {response.status}: {(await response.text())[:200]})")
        answer = await response.json()
        if not isinstance(answer, dict):
            raise ValueError("not a JSON object")
        return answer
