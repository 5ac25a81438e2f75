"""Keep the secrets of a feed's address (a token, a password) out of what is stored, shown and sent on. Pure.

A feed is known by its public address, in which each secret is replaced by "hidden-" and six digits of its hash, so that
two feeds distinguished by a token or an account stay two. The private address is given to the HTTP client alone.

Secret are credentials, the value of a parameter named `token`, `api_key` and the like, that of `code`, `hash` and the
like where it was drawn by lot, 128 bits in hex and signed data ("eyJ…") in path or query, a random part of the path
after a word such as "private" or after a user's name ("/u/ann/…"), and what the editor marks. Other random parts are as
a rule the number of a public feed (YouTube's, Google News', a podcast's).
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from urllib.parse import SplitResult, parse_qsl, quote, unquote, unquote_plus, urlsplit, urlunsplit

from pipeline.core.urls import feed_url, query_without

# names of parameters whose value is a secret, compared in lower case and without separators
SECRET_NAME = re.compile(
    r"(?:.*(?:token|apikey|secret|password|passwd|passphrase|signature|sessionid|credentials?|"
    r"(?:access|auth|private|pass|rss|feed|user|client|subscriber|subscription|member)key)|torrentpass|"
    r"key|auth|authorization|pass|pwd|pw|sig|jwt|bearer)"
)
# names of parameters whose value is a secret only where it was drawn by lot: "code=en" and "hash=boats" are none
SOMETIMES_SECRET = re.compile(r"(?:auth|access|invite|login)?code|access|hash|otp|sas|.*session|sid|ticket")
DRAWN = re.compile(r"(?=[A-Za-z]{0,5}\d)[A-Za-z\d]{6}")  # no word, no year and no small number
SEPARATORS = re.compile(r"[^a-z0-9]")
SECRET_PART = re.compile(r"(?<![^\W_])(?:[0-9a-fA-F]{32,128}|eyJ[\w-]{20,2000})(?![^\W_])")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
PRIVATE_WORDS = frozenset(
    {"private", "secret", "token", "auth", "key", "personal", "subscriber", "subscribers", "member", "members"}
)
USER_WORDS = frozenset({"u", "user", "users"})  # before a user's name or number, behind which a key may stand
PATH_PART = re.compile(r"[\w-]+", re.ASCII)
CHANGE = re.compile(r"(?<=\d)(?=[A-Za-z])|(?<=[A-Za-z])(?=\d)")  # between letters and digits
# of a signed address (S3, CloudFront, Google, Patreon): it opens a file to whoever has it, until it expires
SIGNATURE = re.compile(r"(?:x-(?:amz|goog)-)?signature|token-hash", re.I)
SIGNED = re.compile(
    rf"{SIGNATURE.pattern}|x-(?:amz|goog)-[\w-]{{1,40}}|token-time|expires|policy|key-pair-id|awsaccesskeyid|googleaccessid",
    re.I,
)
HIDDEN = re.compile(r"(?<![^\W_])hidden-[0-9a-f]{6}(?![^\W_])")
PARAMETER = re.compile(r"(?<![^&])([^=&]+)=([^&]+)")
# in running text, such as an error of the HTTP library
CREDENTIALS_IN_TEXT = re.compile(r"(?<=://)[^\s/?#@]{1,300}@")
PARAMETER_IN_TEXT = re.compile(r"(?<=[?&;])([\w.\[\]-]{1,60})=([^&#\s\"'<>)]{1,2000})")
PATH_IN_TEXT = re.compile(r"(?<=://)[^\s?#\"'<>]{1,2000}")
HEADER_PART = re.compile(r"[^\s;,=]{8,}")  # of "sid=…; theme=dark", "Bearer …"
LONG_SECRET = 6  # characters; a shorter one is removed from addresses, but not from texts, where it may be a word


def split_address(address: str, marked: str = "") -> tuple[str, str | None]:
    """Return the public address of a feed, and its private one where that differs; "" for no web address.

    Parameters
    ----------
    marked : str
        A part of the address that is secret, though nothing in it says so.
    """
    url = feed_url(address)
    if not url:
        return "", None
    credentials = _credentials(address)
    private = _with_credentials(url, credentials) if credentials else url
    public = _hide(private)
    for spelling in _spellings(marked) if marked else ():
        public = re.sub(re.escape(spelling), lambda found: _hidden(found[0]), public, flags=re.I)  # hosts in lower case
    return public, private if private != public else None


def secrets_of(private: str | None, public: str = "") -> tuple[str, ...]:
    """Return the secrets in a private address, longest first, as they may stand in a feed: decoded and encoded.

    Those that `public` hides, where it is given, are among them.
    """
    if not private:
        return ()
    found: set[str] = set()
    for shown in (public, split_address(private)[0]):
        hiding = re.fullmatch("(.+?)".join(map(re.escape, HIDDEN.split(shown))), private)
        found |= set(hiding.groups()) if hiding else set()
    if credentials := _credentials(private):
        user, _, password = credentials.partition(":")
        found = found - {credentials} | {part for part in (user, password) if part == password or _is_random(part)}
        found |= {user} if not password else set()
    spellings = {spelling for value in found for spelling in _spellings(value)}
    return tuple(sorted(spellings - {""}, key=lambda value: (-len(value), value)))


def secrets_of_header(value: str) -> tuple[str, ...]:
    """Return a header's value and the secrets in it, as a feed may repeat them: a token, a cookie, a password."""
    parts = {part for part in HEADER_PART.findall(value) if len(part) >= 20 or re.search(r"\d", part)}
    name, _, coded = value.partition(" ")
    if name.lower() == "basic":
        with suppress(ValueError):
            parts.add(base64.b64decode(coded).decode().partition(":")[2])
    spellings = {spelling for part in (value, *parts) if len(part) >= LONG_SECRET for spelling in _spellings(part)}
    return tuple(sorted(spellings, key=lambda part: (-len(part), part)))


def _spellings(value: str) -> tuple[str, ...]:
    return value, unquote_plus(value), quote(value, safe=""), quote(value)


def is_secret(name: str, value: str) -> bool:
    """Return whether a parameter holds a secret."""
    plain = SEPARATORS.sub("", name.lower())
    return bool(SECRET_NAME.fullmatch(plain) or (SOMETIMES_SECRET.fullmatch(plain) and DRAWN.search(value)))


def has_secret(url: str) -> bool:
    """Return whether an address holds credentials or another secret."""
    return _hide(url) != urlunsplit(_parts(url))


def is_hidden(url: str) -> bool:
    """Return whether an address is a public one whose secret was taken out, so that it cannot be asked."""
    return bool(HIDDEN.search(url))


def without_secrets(url: str, secrets: Iterable[str] = ()) -> str:
    """Return an address without credentials, without parameters that hold a secret, and without those given.

    In the path a secret is hidden, so that what stands beside it there has an address too.
    """
    parts, secrets = _parts(url), set(secrets)
    query = query_without(parts.query, lambda name, value: is_secret(name, value) or value in secrets)
    long = sorted(
        (secret for secret in secrets if len(secret) >= LONG_SECRET), key=lambda secret: (-len(secret), secret)
    )
    path = _hide_path(parts)
    for secret in long:
        path = path.replace(secret, _hidden(secret))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], path, query, parts.fragment))


def without_signature(url: str) -> str:
    """Return an address without the parameters of a signed one; any other address as it is."""
    return _without_parameters(url, lambda name, _: bool(SIGNED.fullmatch(name))) if _is_signed(url) else url


def without_secret_parameters(url: str) -> str:
    """Return an address without the parameters that hold a secret; any other address as it is."""
    return _without_parameters(url, is_secret)


def _is_signed(url: str) -> bool:
    names = [name for name, _ in parse_qsl(_parts(url).query, keep_blank_values=True) if SIGNED.fullmatch(name)]
    return len(names) > 1 and any(map(SIGNATURE.fullmatch, names))


def _without_parameters(url: str, is_removed: Callable[[str, str], bool]) -> str:
    parts = _parts(url)
    query = query_without(parts.query, is_removed)
    return url if query == parts.query else urlunsplit(parts._replace(query=query))


def hide_in_text(text: str, secrets: Iterable[str] = ()) -> str:
    """Replace the secrets of the addresses in a text, and those given."""
    for secret in secrets:
        if len(secret) >= LONG_SECRET:
            text = text.replace(secret, "…")
    text = CREDENTIALS_IN_TEXT.sub("", text)
    text = PATH_IN_TEXT.sub(lambda found: SECRET_PART.sub("…", found[0]), text)
    return PARAMETER_IN_TEXT.sub(lambda found: f"{found[1]}=…" if is_secret(*found.groups()) else found[0], text)


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


def _hide(url: str) -> str:
    parts = _parts(url)
    credentials, at, host = parts.netloc.rpartition("@")
    netloc = (_hidden(credentials) if credentials else "") + at + host
    query = PARAMETER.sub(_hide_parameter, parts.query)
    return urlunsplit(parts._replace(netloc=netloc, path=_hide_path(parts), query=query))


def _hide_parameter(found: re.Match[str]) -> str:
    name, value = map(unquote_plus, found.groups())
    return f"{found[1]}={_hidden(value)}" if is_secret(name, value) or SECRET_PART.fullmatch(value) else found[0]


def _hide_path(parts: SplitResult) -> str:
    path = parts.path
    for secret in _secrets_in_path(parts):
        path = path.replace(secret, _hidden(secret))
    return path


def _secrets_in_path(parts: SplitResult) -> Iterator[str]:
    is_private = not PRIVATE_WORDS.isdisjoint(parts.netloc.rpartition("@")[2].lower().split("."))
    before = ""
    for part in PATH_PART.findall(parts.path):
        is_private = is_private or part.partition("-")[0].lower() in PRIVATE_WORDS
        if found := SECRET_PART.search(part):
            yield found[0]
        elif is_private and _is_random(part):
            yield part
        is_private = is_private or before in USER_WORDS
        before = part.lower()


def _is_random(part: str) -> bool:
    """Return whether a part of an address was drawn by lot: long, letters and digits mixed as in no word."""
    runs = part.replace("_", "").split("-")
    return bool(UUID.search(part)) or any(len(run) >= 16 and len(CHANGE.findall(run)) >= 3 for run in runs)


def _hidden(value: str) -> str:
    return value if HIDDEN.fullmatch(value) else f"hidden-{hashlib.sha256(value.encode()).hexdigest()[:6]}"


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
