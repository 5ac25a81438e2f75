"""Who published an address: its host, or the account on a host that many share. Pure; no network."""

import re
from urllib.parse import urlsplit

from pipeline.core.urls import host_of

# hosts of many publishers: what of the path names the account, and the account's feed
ACCOUNTS: dict[str, tuple[str, str]] = {
    "github.com": (r"/([A-Za-z0-9][\w-]*)", "https://github.com/{}.atom"),
    "gist.github.com": (r"/([A-Za-z0-9][\w-]*)(?=/)", ""),
    "gitlab.com": (r"/([A-Za-z0-9][\w.-]*)", "https://gitlab.com/{}.atom"),
    "medium.com": (r"/(@?[\w.-]+)(?=/)", "https://medium.com/feed/{}"),
    "dev.to": (r"/([\w-]+)(?=/)", "https://dev.to/feed/{}"),
    "reddit.com": (r"/(r/\w+|u(?:ser)?/[\w-]+)", "https://www.reddit.com/{}/.rss"),
    "youtube.com": (r"/(@[\w.-]+|(?:c|channel|user)/[\w-]+)", ""),
    "twitter.com": (r"/(\w+)(?=/|$)", ""),
    "x.com": (r"/(\w+)(?=/|$)", ""),
    "bsky.app": (r"/(profile/[\w.-]+)", "https://bsky.app/{}/rss"),
    "linkedin.com": (r"/((?:in|company|pulse)/[\w%-]+)", ""),
    "huggingface.co": (r"/(?:datasets/|spaces/|papers/)?([A-Za-z0-9][\w.-]*)(?=/)", ""),
    "bitbucket.org": (r"/([\w-]+)", ""),
    "kaggle.com": (r"/([\w-]+)(?=/)", ""),
    "pypi.org": (r"/(project/[\w.-]+)", "https://pypi.org/rss/{}/releases.xml"),
    "hackage.haskell.org": (r"/(package/[A-Za-z][\w-]*?)(?=-\d|/|$)", ""),
    "crates.io": (r"/(crates/[\w-]+)", ""),
    "npmjs.com": (r"/(package/(?:@[\w.-]+/)?[\w.-]+)", ""),
}
# hosts that gather what others publish, or of which the address does not name the publisher
GATHERING = {
    "news.ycombinator.com", "lobste.rs", "youtu.be", "vimeo.com", "docs.google.com", "drive.google.com", "google.com",
    "t.co", "bit.ly", "archive.org", "web.archive.org", "doi.org", "arxiv.org", "wikipedia.org", "en.wikipedia.org",
    "amazon.com", "meetup.com", "eventbrite.com", "us02web.zoom.us", "slideshare.net", "speakerdeck.com",
}  # fmt: skip
NOT_ACCOUNTS = {
    "orgs",
    "topics",
    "search",
    "explore",
    "features",
    "about",
    "sponsors",
    "marketplace",
    "i",
    "hashtag",
    "p",
}
MIRRORED = ("reddit.com", "twitter.com", "youtube.com", "wikipedia.org")  # np., mobile., m., de. show the same
FEDIVERSE = re.compile(r"/(@\w+)(?=/|$)")


def publication_of(url: str) -> str:
    """Return who published an address: `example.org`, `github.com/django`; "" where the address does not say."""
    host = host_of(url)
    host = next((whole for whole in MIRRORED if host.endswith(f".{whole}")), host)
    if host in GATHERING:
        return ""
    if host not in ACCOUNTS:
        account = FEDIVERSE.match(urlsplit(url).path) if "@" in url else None
        return f"{host}/{account[1]}" if account else host
    account = re.match(ACCOUNTS[host][0], urlsplit(url).path)
    return f"{host}/{account[1]}" if account and account[1].lower() not in NOT_ACCOUNTS else ""


def publication_feeds(publication: str) -> list[str]:
    """Return addresses where the feed of a publication is to be looked for, best first."""
    host, _, account = publication.partition("/")
    if not account:
        return [f"https://{host}/", f"http://{host}/"]
    known = ACCOUNTS.get(host, ("", ""))[1]
    if known:
        return [known.format(account.removeprefix("project/") if host == "pypi.org" else account)]
    page = f"https://{publication}"
    return [f"{page}.rss", page] if account.startswith("@") and host not in ACCOUNTS else [page]
