"""Canonical addresses, and keys under which the spellings of one address meet. Pure; no network."""

import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import quote, unquote, unquote_plus, urljoin, urlsplit, urlunsplit

import idna
from w3lib.url import canonicalize_url

from pipeline.core.url_rules import ALIASED_HOST, SESSION_IN_PATH, is_tracking, leading_spelling, unwrap

SURROGATE = re.compile("[\ud800-\udfff]")  # halves of pairs, which JSON may hold and no address can
SPACE = re.compile(r"[\s\x00-\x1f\x7f]")
# Most addresses are of this form, which the normalization below leaves as it is (base64 of "http" begins with "aHR0c",
# of JSON with "eyJ").
PLAIN = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/(?!\.|aHR0c|eyJ)[A-Za-z0-9_.~-]*)+)", re.ASCII)
FEED_SCHEME = re.compile(r"feed:(?://)?", re.I)
# Ends an anchor that tells stories apart. Browsers take what follows ":~:" for an order to them, leave out those that
# they do not know, and go to the anchor (html.spec.whatwg.org, "fragment directive").
OWN_ANCHOR = ":~:place"
ANCHOR = re.compile(r"[\w.,()%~+-]{1,100}")
PLACE = re.compile(rf"#(?:/[0-9a-f]{{8}}|[^#]*{OWN_ANCHOR})$")
FOLDER_END = re.compile(r"/(index\.html?)?$")
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def canonical_url(url: str) -> str:
    """Return the canonical form of an address: tracking, sessions and fragment removed, redirect wrappers unwrapped,
    host in lower case.

    The scheme, `www.` and a trailing slash stay, because servers may distinguish them; `url_key` removes them.
    Idempotent. Returns "" for anything that is not http or https.
    """
    if PLAIN.fullmatch(url) and "/amp" not in url and "ampproject" not in url:
        return url
    try:
        parts = urlsplit(unwrap(SURROGATE.sub("", url).strip()))
        host = (parts.hostname or "").rstrip(".")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # an invalid port or IPv6 literal
        return ""
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host or re.search(r"[\s<>\"\\]", host):
        return ""
    if port == DEFAULT_PORTS[scheme]:
        port = ""
    if ":" in host:
        host = f"[{host}]"
    path = SESSION_IN_PATH.sub("", parts.path)
    query = query_without(parts.query, lambda name, value: is_tracking(host, path, name, value))
    # single-page sites address their articles by #!/ or #/, an ordinary fragment is a place on the page
    is_own = parts.fragment.startswith(("!", "/")) or parts.fragment.endswith(OWN_ANCHOR)
    fragment = parts.fragment if is_own else ""
    # a space at the end would be lost on the next reading
    return SPACE.sub(lambda found: quote(found[0]), urlunsplit((scheme, host + port, path or "/", query, fragment)))


def query_without(query: str, is_removed: Callable[[str, str], bool]) -> str:
    """Return a query without the parameters that are removed by name and value; the others stay as they are written.

    Read and written anew, "?4711" would be "?4711=", and "%E9" no letter of its site's encoding.
    """
    if not query:
        return query
    pairs = ((part, *map(unquote_plus, part.partition("=")[::2])) for part in query.split("&") if part)
    return "&".join(part for part, name, value in pairs if not is_removed(name, value))


def url_key(url: str) -> str:
    """Return the key under which the spellings of one address meet.

    Scheme, `www.` and a trailing slash go, and a page's other addresses (youtu.be, arXiv's pdf, /amp/).
    Percent-encoding and the order of the query are levelled by w3lib, which of the libraries for it (courlan,
    url-normalize) alone changes no address's meaning; international host names as browsers do it (IDNA 2008).
    """
    plain = PLAIN.fullmatch(url)
    is_aliased = plain and ("amp" in plain[2] or "/10." in plain[2] or plain[2].endswith((".git", ".git/")))
    if plain and not is_aliased and not ALIASED_HOST.fullmatch(plain[1].removeprefix("www.")):
        return plain[1].removeprefix("www.") + FOLDER_END.sub("", plain[2])
    url = canonical_url(url)
    try:
        parts = urlsplit(canonicalize_url(with_ascii_host(url), keep_fragments=True))
    except ValueError:  # a host that w3lib turns into an invalid one
        return url.partition("://")[2]
    host, path, query = leading_spelling(parts.netloc.removeprefix("www."), parts.path, parts.query)
    path = FOLDER_END.sub("", path)
    return host + path + (f"?{query}" if query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def with_ascii_host(url: str) -> str:
    """Return an address with its host as it is asked for; w3lib would make "strasse" of "straße", another host."""
    parts = urlsplit(url)
    host = unquote(parts.hostname or "")
    if host.isascii():
        return url
    with suppress(UnicodeError):  # a host that IDNA does not allow
        port = f":{parts.port}" if parts.port else ""
        return urlunsplit(parts._replace(netloc=idna.encode(host, uts46=True).decode() + port))
    return url


def resolve(base: str, link: str) -> str:
    """Return the absolute address of a link, as `urllib.parse.urljoin` does; ValueError where it has none."""
    return link if PLAIN.fullmatch(link) else urljoin(base, link)


def feed_url(address: str) -> str:
    """Return the canonical address of a feed; `feed:` and `feed://` are read as browsers and readers do."""
    address = address.strip()
    found = FEED_SCHEME.match(address)
    rest = address[found.end() :] if found else address
    return canonical_url(rest if not found or rest.lower().startswith(("http://", "https://")) else f"http://{rest}")


def place_on_page(page: str, mark: str, anchor: str = "") -> str:
    """Return the address of one of several stories on a page: its own anchor, which opens there, or a mark's hash."""
    own = anchor + OWN_ANCHOR if ANCHOR.fullmatch(anchor) and "#" not in page else ""
    return f"{page}#{own or '/' + hashlib.sha256(mark.encode()).hexdigest()[:8]}"


def page_of(url: str) -> str:
    """Return the page of an address that `place_on_page` made; any other address as it is."""
    return PLACE.sub("", url)


def article_id(url: str) -> str:
    """Return the id of an article: the first 16 hex digits of sha256 of its canonical url."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


def host_of(url: str) -> str:
    """Return the host of an address without `www.`; the default name of a source."""
    plain = PLAIN.fullmatch(url)
    host = plain[1] if plain else (urlsplit(url).hostname or "").lower()
    return host.removeprefix("www.")
