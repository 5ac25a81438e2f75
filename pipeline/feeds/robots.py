"""What a site's robots.txt allows (RFC 9309: wildcards, longest match), read by Protego."""

import time
from urllib.parse import urljoin

from protego import Protego

from pipeline.core.types import Fetched
from pipeline.feeds.fetch import Client

NAME = "Triage"
MAX_BYTES = 500_000  # RFC 9309 asks for at least 500 KiB
MAX_DELAY_S = 10.0
KEPT_S = 24 * 3600.0  # RFC 9309 asks for no more
DISALLOW_ALL = "User-agent: *\nDisallow: /"


class Robots:
    """The rules of one site.

    Parameters
    ----------
    fetched : Fetched
        The response for its /robots.txt. A 4xx status allows everything, an unreachable server nothing.
    """

    def __init__(self, fetched: Fetched) -> None:
        self.is_answered = 200 <= fetched.status < 500
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


class RobotsCache:
    """The rules of the sites that were asked, kept for a day; a site that could not be reached is asked again."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Robots]] = {}  # by the address of robots.txt, with the time of its answer

    async def rules(self, client: Client, url: str) -> Robots:
        """Return the rules of a page's site, and ask for them where they are not known."""
        address, now = robots_address(url), time.monotonic()
        asked_at, robots = self._kept.get(address, (-KEPT_S, None))
        if robots is None or now - asked_at >= KEPT_S:
            robots = Robots(await client.get(address, accept="text/plain"))
            if robots.is_answered:
                self._kept[address] = now, robots
        return robots
