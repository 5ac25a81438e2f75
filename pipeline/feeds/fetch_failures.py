"""Why a request failed: a code, and a clause in plain words. aiohttp's messages name its own classes and arguments."""

import os
import re

import aiohttp

from pipeline.feeds.ssrf import RefusedAddress

MAX_HEADER_BYTES = 200_000  # of one line; a Content-Security-Policy takes tens of thousands


def describe(failure: Exception) -> tuple[str, str]:
    """Return the stable code of a failed request, and what follows the address in a sentence; it may name secrets."""
    if isinstance(failure, aiohttp.ClientConnectorCertificateError):
        return "tls", f"its TLS certificate is not valid ({_reason(failure.certificate_error)})"
    if isinstance(failure, aiohttp.ClientConnectorError):
        if isinstance(failure.os_error, RefusedAddress) or "no public address" in str(failure.os_error):
            return "refused", f"refused: {failure.os_error}"
        return "unreachable", f"cannot be reached ({_reason(failure.os_error)})"
    if isinstance(failure, aiohttp.InvalidURL):  # also raised for odd spellings of private addresses
        return "refused", f"refused: {_reason(failure)}"
    return "broken_answer", f"broke off: {_in_words(failure)}"


def is_transient(failure: Exception) -> bool:
    """Return whether a failure (a refused or reset connection) may succeed when retried at once."""
    if isinstance(failure, aiohttp.ClientSSLError | aiohttp.ClientConnectorDNSError):
        return False
    if isinstance(failure, aiohttp.ClientConnectorError):
        return "no public address" not in str(failure.os_error)
    return isinstance(failure, aiohttp.ServerDisconnectedError | ConnectionResetError)


def _in_words(failure: BaseException) -> str:
    """Say in plain words how an answer broke off."""
    message = str(failure).lower()
    if "got more than" in message or "too long" in message:
        return f"a header line is longer than {MAX_HEADER_BYTES / 1000:g} kB"
    if isinstance(failure, aiohttp.ServerDisconnectedError):
        return "the server closed the connection without an answer"
    if "content-encoding" in message or "decode" in message:
        return "the answer cannot be unpacked"
    if isinstance(failure, aiohttp.ClientPayloadError):
        return "the answer ended before it was complete"
    if isinstance(failure, aiohttp.ClientResponseError):
        return "the answer is no valid HTTP"
    if isinstance(failure, OSError):
        return f"the connection was lost ({_reason(failure)})"
    return "the address or the answer is not valid"


def _reason(failure: BaseException) -> str:
    """Say why in the system's words; those of asyncio name its call and the address."""
    errno = re.search(r"\[Errno (\d+)\] Connect call failed", str(failure))
    if errno:
        return os.strerror(int(errno[1]))
    return (getattr(failure, "strerror", None) or str(failure) or type(failure).__name__).splitlines()[0][:200]
