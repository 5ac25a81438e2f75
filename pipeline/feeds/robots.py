"""What a site's robots.txt allows (RFC 9309: wildcards, longest match), read by Protego. Pure."""

from urllib.parse import urljoin

from protego import Protego

from pipeline.core.types import Fetched

NAME = "Triage"
MAX_BYTES = 500_000  # RFC 9309 asks for at least 500 KiB
MAX_DELAY_S = 10.0
DISALLOW_ALL = "User-agent: *\nDisallow: /"


class Robots:
    """The rules of one site.

    Parameters
    ----------
    fetched : Fetched
        The response for its /robots.txt. A 4xx status allows everything, an unreachable server nothing.
    """

    def __init__(self, fetched: Fetched) -> None:
        if 200 <= fetched.status < 300 and fetched.error is None:
            rules = fetched.body[:MAX_BYTES].decode("utf-8-sig", "replace")
        else:
            rules = "" if 400 <= fetched.status < 500 else DISALLOW_ALL
        self._rules = Protego.parse(rules)

    def allows(self, url: str) -> bool:
        """Return whether a page may be fetched."""
        return bool(self._rules.can_fetch(url, NAME))

    @property
    def delay_s(self) -> float:
        """Seconds to wait between two pages; 0 if the site asks for none."""
        return min(float(self._rules.crawl_delay(NAME) or 0), MAX_DELAY_S)


def robots_address(url: str) -> str:
    """Return the address of the robots.txt of a page's site."""
    return urljoin(url, "/robots.txt")
