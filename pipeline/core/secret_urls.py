"""Keep the secrets of a feed's address (a token, a password) out of what is stored, shown and sent on. Pure.

A feed is known by its public address, in which a secret's value is replaced by "hidden-" and six digits of its hash, so
that two feeds distinguished by their token stay two. The private address is given to the HTTP client alone.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from pipeline.core.urls import canonical_url, feed_url

# names of parameters whose value is a secret, compared in lower case and without separators
SECRET_NAME = re.compile(
    r"(?:.*(?:token|apikey|secret|password|passwd|passphrase|signature|session(?:id)?|credentials?|"
    r"(?:access|auth|private|pass|rss|feed|user|client|subscriber|member)key)|torrentpass|"
    r"key|auth|authorization|pass|pwd|pw|sig|sid|jwt|bearer|hash)"
)
SEPARATORS = re.compile(r"[^a-z0-9]")
HIDDEN = re.compile(r"hidden-[0-9a-f]{6}")
# in running text, such as an error of the HTTP library
CREDENTIALS_IN_TEXT = re.compile(r"(?<=://)[^\s/?#@]{1,300}@")
PARAMETER_IN_TEXT = re.compile(r"(?<=[?&;])([\w.\[\]-]{1,60})=([^&#\s\"'<>)]{1,2000})")
LONG_SECRET = 6  # characters; a shorter one is removed from addresses, but not from texts, where it may be a word


def split_address(address: str) -> tuple[str, str | None]:
    """Return the public address of a feed, and its private one where that differs; "" for no web address."""
    url = feed_url(address)
    if not url:
        return "", None
    credentials = _credentials(address)
    private = _with_credentials(url, credentials) if credentials else url
    public = _map_secrets(url, _hidden)
    return public, private if private != public else None


def secrets_of(address: str | None) -> tuple[str, ...]:
    """Return the secrets in a private address, longest first, as they may stand in a feed: decoded and encoded."""
    found = {part for part in (_credentials(address or "") or "").split(":") if part}
    found |= {value for name, value in parse_qsl(_parts(address).query) if is_secret(name) and value}
    spellings = {spelling for value in found for spelling in (value, unquote(value), quote(value, safe=""))}
    return tuple(sorted(spellings, key=lambda value: (-len(value), value)))


def is_secret(name: str) -> bool:
    """Return whether a parameter of this name holds a secret."""
    return bool(SECRET_NAME.fullmatch(SEPARATORS.sub("", name.lower())))


def has_secret(url: str) -> bool:
    """Return whether an address holds credentials or a parameter with a secret."""
    return bool(_credentials(url)) or _map_secrets(url, lambda _: "") != url


def is_hidden(url: str) -> bool:
    """Return whether an address is a public one whose secret was taken out, so that it cannot be asked."""
    return any(HIDDEN.fullmatch(value) for _, value in parse_qsl(_parts(url).query))


def without_secrets(url: str, secrets: Iterable[str] = ()) -> str:
    """Return an address without credentials, without parameters that hold a secret, and without those given."""
    parts = _parts(url)
    secrets = set(secrets)
    given = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if not (is_secret(name) or value in secrets)]
    query = urlencode(kept) if len(kept) != len(given) else parts.query
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, parts.fragment))


def hide_in_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Replace credentials and secret parameters of the addresses in a text, and the secrets given."""
    for secret in secrets:
        if len(secret) >= LONG_SECRET:
            text = text.replace(secret, "…")
    text = CREDENTIALS_IN_TEXT.sub("", text)
    return PARAMETER_IN_TEXT.sub(lambda found: f"{found[1]}=…" if is_secret(found[1]) else found[0], text)


def carry_credentials(link: str, page: str) -> str:
    """Return a link of a page with the page's credentials, where it leads to the same server."""
    credentials = _credentials(page)
    same = _parts(link).netloc == _parts(page).netloc.rpartition("@")[2]
    return _with_credentials(link, credentials) if credentials and same else link


def split_credentials(url: str) -> tuple[str, tuple[str, str] | None]:
    """Return an address without its user name and password, and these, decoded."""
    credentials = _credentials(url)
    if not credentials:
        return url, None
    user, _, password = credentials.partition(":")
    parts = _parts(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), (unquote(user), unquote(password))


def _hidden(value: str) -> str:
    return value if HIDDEN.fullmatch(value) else f"hidden-{hashlib.sha256(value.encode()).hexdigest()[:6]}"


def _map_secrets(url: str, change: Callable[[str], str]) -> str:
    parts = _parts(url)
    given = parse_qsl(parts.query, keep_blank_values=True)
    if not any(value and is_secret(name) for name, value in given):
        return url
    changed = [(name, change(value) if value and is_secret(name) else value) for name, value in given]
    return canonical_url(urlunsplit(parts._replace(query=urlencode(changed))))


def _credentials(url: str) -> str:
    return _parts(url.strip()).netloc.rpartition("@")[0]


def _with_credentials(url: str, credentials: str) -> str:
    parts = _parts(url)
    return urlunsplit(parts._replace(netloc=f"{credentials}@{parts.netloc}"))


def _parts(url: str | None) -> SplitResult:
    try:
        return urlsplit(url or "")
    except ValueError:
        return urlsplit("")
