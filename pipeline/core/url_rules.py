"""Rules for the addresses of one page: redirect wrappers, tracking parameters, a page's other addresses. Pure.

Sources: Miniflux internal/reader/urlcleaner (its list cites each vendor's documentation), Firefox query stripping, the
ClearURLs rules and what the share links of the sites named here carry.
"""

import base64
import binascii
import re
from urllib.parse import parse_qs, unquote, urlsplit

VERSION = 11  # raised with every change of these rules, so that the keys stored by older ones are computed anew

# Parameters that say where a visitor came from and do not change the page.
TRACKING = re.compile(
    r"^(utm_.*|mtm_.*|pk_.*|hsa_.*|oly_.*|vero_.*|_hs.*|__hs.*|fb_.*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|"
    r"msclkid|twclid|yclid|igshid|mkt_tok|ml_subscriber.*|ref_src|ref_url|cmpid|ck_subscriber_id|s_cid|_openstat|"
    r"wickedid|rb_clickid|at_campaign|at_medium|sref|ncid|xtor|ns_.*|__twitter_impression|_bhlid|triedRedirect|"
    r"ttclid|li_fat_id|_branch_match_id|__s|rss_id|guce_referr.*|guccounter|wt[._]z?mc.*|hss_channel|hsctatracking|"
    r"traffic_source|igsh|mibextid|srsltid|gad_source|_gl|spm|s_kwcid|ef_id|piwik_.*|matomo_.*|dicbo|tblci|_se)$",
    re.IGNORECASE,
)
# A visitor's session, of PHP, Java, ColdFusion and ASP: it may be another in each answer of the feed.
SESSION = re.compile(r"^(phpsessid|jsessionid|cfid|cftoken|aspsessionid\w*)$", re.IGNORECASE)
SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#;]*|/\(S\(\w{24}\)\)(?=/)", re.IGNORECASE)
# These may mean something (a branch, a tab), but not with a value that names a feed or a site.
ORIGIN = re.compile(
    r"^(ref|referrer|referer|source|src|from|via|partner|emc|cmp|medium|origin|campaign|feed|ftag|share)$",
    re.IGNORECASE,
)
ORIGIN_VALUE = re.compile(
    r"^(rss|feed|rssfeed|rss-.*|rss_.*|feed-.*|atom|newsletter|email|twitter|x|facebook|linkedin|mastodon|bluesky|reddit|"
    r"hn|hackernews|producthunt|share|social|copy|timeline|singlemessage|groupmessage|[\w-]*(?:newsletter|weekly|digest)|(?:[a-z0-9-]+\.)+[a-z]{2,})"
    r"(?:/.*)?$",
    re.IGNORECASE,
)
OF_SITES = (  # host, path, parameter
    (r"(.+\.)?medium\.com", r"", r"source|sk|gi"),
    (r"(.+\.)?substack\.com", r"", r"r|s|showWelcome.*|publication_id|post_id|isFreemail|token|open"),
    (r".*", r"/p/[^/]+/?", r"r|showWelcome.*|isFreemail"),  # Substack and beehiiv under a host of the author's
    (r"(.+\.)?nytimes\.com", r"", r"partner|emc|smid|smtyp|unlocked_article_code|searchResultPosition"),
    (r"(.+\.)?(twitter|x)\.com", r"", r"s|t|ref_.*"),
    (r"(.+\.)?reddit\.com", r"", r"share_id|rdt"),
    (r"(.+\.)?spotify\.com", r"", r"si|nd"),
    (r"(.+\.)?theguardian\.com", r"", r"CMP.*"),
    (r"(.+\.)?linkedin\.com", r"", r"trk.*|lipi"),
    (r"(.+\.)?(wsj|barrons|marketwatch)\.com", r"", r"mod|st|reflink"),
    (r"(.+\.)?(bbc\.(com|co\.uk)|msn\.com)", r"", r"ocid"),
    (r"(.+\.)?forbes\.com", r"", r"sh|ss"),
    (r"(.+\.)?bloomberg\.com", r"", r"srnd|leadSource"),
    (r"news\.google\.com", r"", r"oc"),
)
SITE_RULES = [(re.compile(h), re.compile(p), re.compile(f"(?:{n})$")) for h, p, n in OF_SITES]
# host, path, the parameters of which the first that is there holds the address wrapped
WRAPPERS = [
    (re.compile(host), re.compile(path), names)
    for host, path, names in (
        (r"(www\.|news\.)?google\.[a-z.]{2,6}", r"/url", ("url", "q")),
        (r"((www|m)\.)?youtube\.com", r"/redirect", ("q",)),
        (r"(.+\.)?medium\.com", r"/(m/(global-identity|signin)|r/?$)", ("redirectUrl", "redirect", "url")),
        (r"(www\.)?bing\.com", r"/news/apiclick\.aspx", ("url",)),
        (r"lm?\.(facebook|instagram)\.com", r"/", ("u",)),
        (r"out\.reddit\.com", r"/", ("url",)),
        (r"(www\.)?linkedin\.com", r"/(redir/redirect|safety/go)", ("url",)),
        (r"t\.umblr\.com", r"/redirect", ("z",)),
        (r"(m\.)?vk\.com", r"/away\.php", ("to",)),
        (r"(www\.)?duckduckgo\.com", r"/l/", ("uddg",)),
        (r"slack-redir\.net", r"/link", ("url",)),
        (r"getpocket\.com", r"/redirect", ("url",)),
        (r"disq\.us", r"/url", ("url",)),
        (r"scholar\.google\.[a-z.]{2,6}", r"/scholar_url", ("url",)),
        (r"steamcommunity\.com", r"/linkfilter", ("u", "url")),
        (r".+\.safelinks\.protection\.outlook\.com", r"/", ("url",)),
    )
]
AMP_CACHE = re.compile(r"https?://(?:www\.google\.[a-z.]{2,6}/amp|[a-z0-9-]+\.cdn\.ampproject\.org/[cv])/(s/)?(.+)")
# the last part of the path of links in sent mails, whosever they are: an address in base64, or with its slashes quoted
IN_BASE64 = re.compile(r"https?://[^?#]+/(aHR0c[\w+-]{8,}(?:=|%3D){0,2})", re.I)
# Substack's links in mails: signed JSON, of which "e" is the address
IN_JSON = re.compile(r"https?://(?:[\w-]+\.)?substack\.com/redirect/\d/(eyJ[\w-]+)[^/]*", re.I)
IN_PATH = re.compile(r"https?://[^?#]+/(https?(?::|%3A)%2F%2F[^/?#]+)", re.I)
# a mail gateway's (Proofpoint)
IN_GATEWAY = re.compile(r"https?://urldefense\.com/v3/__(https?:/.+?)__;.*", re.I)
# services that hide where a visitor comes from take the whole query as the address: href.li/?https://…
IN_QUERY = re.compile(r"https?://[^/?#]+/?\?(https?(?::|%3A)(?:/|%2F){2}.+)", re.I)
# hosts that have another name, and where: the first rule that a host and its path match names the leading spelling
ALIASED_HOST = re.compile(
    r"(youtu\.be|.*youtube\.com|.*arxiv\.org|(dx\.)?doi\.org|.+\.m\.wikipedia\.org|((old|new|np)\.)?reddit\.com|x\.com|"
    r"zenodo\.org|openreview\.net|stackoverflow\.com|\w+\.stackexchange\.com|"
    r"open\.substack\.com|(bio|med)rxiv\.org|(pubmed\.)?ncbi\.nlm\.nih\.gov|(amp|m|mobile|sp|touch|wap)\.[^.]+\..+)"
)
ALIASES = [
    (re.compile(spelling, re.I), leading)
    for spelling, leading in (
        (r"(?:dx\.)?doi\.org/10\.48550/arxiv\.(.+)", r"arxiv.org/abs/\1"),
        (r"dx\.(doi\.org/.+)", r"\1"),
        (
            r"(?:\w+\.)?arxiv\.org/(?:abs|pdf|html|format)/((?:[a-z.-]+/)?\d[\d.]+\d)(?:v\d+)?(?:\.pdf)?/?",
            r"arxiv.org/abs/\1",
        ),
        (  # of two prefixes of DOI over the years, or none, one number
            r"((?:bio|med)rxiv\.org)/(?:cgi/content/\w+|content/10\.\d+)/(\d[\d.]+\d)(?:v\d+)?(?:\.[\w.+-]+)?/?",
            r"\1/content/\2",
        ),
        (r"zenodo\.org/records?/(\d+)/?", r"doi.org/10.5281/zenodo.\1"),
        (r"openreview\.net/pdf", r"openreview.net/forum"),
        (r"(stackoverflow\.com|\w+\.stackexchange\.com)/q(?:uestions)?/(\d+)(?:/[^/]*)?/?", r"\1/questions/\2"),
        (r"ncbi\.nlm\.nih\.gov/pubmed/(\d+)/?", r"pubmed.ncbi.nlm.nih.gov/\1"),
        (r"ncbi\.nlm\.nih\.gov/pmc(/articles/pmc\d+)(?:/.*)?", r"pmc.ncbi.nlm.nih.gov\1"),
        (r"(.+)\.m\.(wikipedia\.org/.*)", r"\1.\2"),
        (r"(?:(?:old|new|np|m)\.)?(reddit\.com/r/[^/]+/comments/\w+)(?:/[^/]*)?/?", r"\1"),
        (r"(?:old|new|np|m)\.(reddit\.com/.*)", r"\1"),
        (r"x\.com(/.*)", r"twitter.com\1"),
        (r"open\.substack\.com/pub/([\w-]+)(/p/[\w-]+)/?", r"\1.substack.com\2"),
        (r"(?:amp|m|mobile|sp|touch|wap)\.([^./]+\.[^/]+/.*)", r"\1"),
    )
]
# a publisher's page of a work, whichever view of it: its DOI stands in the path or the query
DOI = re.compile(
    r".*?/(10\.\d{4,9}/.+?)(?:\.pdf|/(?:full|abstract|abs|e?pdf|epub|meta|html|fulltext)(?:/html|\.pdf)?)?/?", re.I
)
DOI_IN_QUERY = re.compile(r"(?:.*&)?(?:id|doi)=(10\.\d{4,9}(?:/|%2F)[^&]+)(?:&.*)?", re.I)
VIDEO = re.compile(r"/(?:shorts|live|embed|v)/([\w-]{6,})")
REPOSITORY = re.compile(r"(/[^/]+/[^/]+)\.git/?")
AMP = re.compile(r"^/amp(?=/.{8})|/amp(?:/(?:index\.html?)?)?$|\.amp(?=\.html$|$)")
# parts of a query that ask for another view of the same page
VIEW = re.compile(r"amp(?:=1?)?|outputType=amp|print(?:able)?(?:=(?:1|y|yes|true|print)?)?|(?:view|format)=print")


def unwrap(url: str) -> str:
    """Return the address that a redirect wrapper leads to; any other address as it is."""
    for _ in range(5):
        inner = _wrapped(url)
        if not re.match(r"https?://[^/]", inner, re.I):
            return url
        url = inner
    return url


def is_tracking(host: str, path: str, name: str, value: str) -> bool:
    """Return whether a parameter only says where a visitor came from, or who it is."""
    if TRACKING.match(name) or SESSION.match(name) or (ORIGIN.match(name) and ORIGIN_VALUE.match(value)):
        return True
    return any(n.match(name) and h.fullmatch(host) and p.match(path) for h, p, n in SITE_RULES)


def leading_spelling(host: str, path: str, query: str) -> tuple[str, str, str]:
    """Return the host, path and query under which the other addresses of a page are known: abs for arXiv's pdf."""
    path = AMP.sub("", path)
    if repository := REPOSITORY.fullmatch(path):
        path = repository[1]
    if "amp" in query or "print" in query:
        query = "&".join(part for part in query.split("&") if not VIEW.fullmatch(part))
    if not host.endswith("rxiv.org") and (doi := _doi(path, query)):
        host, path, query = "doi.org", f"/{doi}", ""
    if not ALIASED_HOST.fullmatch(host):
        return host, path, query
    if host == "youtu.be" or host.endswith("youtube.com"):
        video = VIDEO.fullmatch(path)
        id = path.strip("/") if host == "youtu.be" else video[1] if video else (parse_qs(query).get("v") or [""])[0]
        return ("youtube.com", "/watch", f"v={id}") if id else ("youtube.com", path, query)
    page = host + path
    found = next(((match, to) for spelling, to in ALIASES if (match := spelling.fullmatch(page))), None)
    host, slash, path = (found[0].expand(found[1]) if found else page).partition("/")
    path = slash + path
    if host == "doi.org":
        path = path.lower()
    elif host == "arxiv.org" or (found and host.endswith("rxiv.org")):
        query = ""
    return host, path, query


def _doi(path: str, query: str) -> str | None:
    found = DOI.fullmatch(unquote(path)) if "/10." in path else None
    found = found or (DOI_IN_QUERY.fullmatch(query) if "=10." in query else None)
    return unquote(found[1]) if found else None


def _wrapped(url: str) -> str:
    cached = AMP_CACHE.fullmatch(url)
    if cached:
        return f"http{'s' if cached[1] else ''}://{cached[2]}"
    if "%2f%2f" in url.lower() and (quoted := IN_PATH.match(url)):
        return unquote(quoted[1])
    if bare := IN_QUERY.fullmatch(url):
        return unquote(bare[1]) if "%" in bare[1][:10] else bare[1]
    if gateway := IN_GATEWAY.fullmatch(url):
        return gateway[1]
    if "/eyJ" in url and (coded := IN_JSON.fullmatch(url)):
        leads_to = re.search(r'"e":\s?"(https?:[^"\\]+)"', _from_base64(coded[1]))
        return leads_to[1] if leads_to else ""
    if "/aHR0c" in url and (coded := IN_BASE64.fullmatch(url)):
        return _from_base64(coded[1])
    if "?" not in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    host = (parts.hostname or "").lower()
    for hosts, paths, names in WRAPPERS:
        if hosts.fullmatch(host) and paths.match(parts.path or "/"):
            given = parse_qs(parts.query)
            return next((given[name][0] for name in names if name in given), "")
    return ""


def _from_base64(text: str) -> str:
    text = unquote(text).rstrip("=")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
