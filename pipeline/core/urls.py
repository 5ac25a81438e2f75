"""Canonical addresses, and keys under which the spellings of one address meet. Pure; no network."""

import hashlib
import re
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from w3lib.url import canonicalize_url

# Parameters that say where a visitor came from and do not change the page.
# Sources: Miniflux internal/reader/urlcleaner (its list cites each vendor's documentation), Firefox query stripping.
TRACKING = re.compile(
    r"^(utm_.*|mtm_.*|pk_.*|hsa_.*|oly_.*|vero_.*|_hs.*|__hs.*|fb_.*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|"
    r"msclkid|twclid|yclid|igshid|mkt_tok|ml_subscriber.*|ref_src|ref_url|cmpid|ck_subscriber_id|s_cid|_openstat|"
    r"wickedid|rb_clickid|at_campaign|at_medium|sref|ncid|xtor|ns_.*|__twitter_impression)$",
    re.IGNORECASE,
)
SPACE = re.compile(r"[\s\x00-\x1f\x7f]")
# Most addresses are of this form, which the normalization below leaves as it is.
PLAIN = re.compile(r"https?://((?:[a-z0-9-]+\.)+[a-z]{2,})((?:/(?!\.)[A-Za-z0-9_.~-]*)+)", re.ASCII)
PLACE = re.compile(r"#/[0-9a-f]{8}$")
FOLDER_END = re.compile(r"/(index\.html?)?$")
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


def canonical_url(url: str) -> str:
    """Return the canonical form of an address: tracking parameters and fragment removed, host in lower case.

    The scheme, `www.` and a trailing slash stay, because servers may distinguish them; `url_key` removes them.
    Idempotent. Returns "" for anything that is not http or https.
    """
    if PLAIN.fullmatch(url):
        return url
    try:
        parts = urlsplit(url.strip())
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
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not TRACKING.match(k)]
    query = urlencode(kept) if len(kept) != len(parts.query.split("&")) else parts.query
    # single-page sites address their articles by #!/ or #/, an ordinary fragment is a place on the page
    fragment = parts.fragment if parts.fragment.startswith(("!", "/")) else ""
    # a space at the end would be lost on the next reading
    return SPACE.sub(
        lambda found: quote(found[0]), urlunsplit((scheme, host + port, parts.path or "/", query, fragment))
    )


def url_key(url: str) -> str:
    """Return the key under which the spellings of one address meet.

    Scheme, `www.` and a trailing slash go; percent-encoding, international host names and the order of the query
    are levelled by w3lib, which of the libraries for it (courlan, url-normalize) alone changes no address's meaning.
    """
    plain = PLAIN.fullmatch(url)
    if plain:
        return plain[1].removeprefix("www.") + FOLDER_END.sub("", plain[2])
    parts = urlsplit(canonicalize_url(canonical_url(url), keep_fragments=True))
    host = parts.netloc.removeprefix("www.")
    path = FOLDER_END.sub("", parts.path)
    return host + path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def place_on_page(page: str, mark: str) -> str:
    """Return the address of one of several stories on a page, told apart by a mark."""
    return f"{page}#/{hashlib.sha256(mark.encode()).hexdigest()[:8]}"


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
