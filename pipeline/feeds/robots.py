"""What a site's robots.txt allows us (RFC 9309). Pure."""

from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from pipeline.core.types import Fetched

NAME = "Triage"
LONGEST = 500_000  # bytes that are read of it
LONGEST_DELAY_S = 10.0


class Robots:
    """The rules of one site.

    Parameters
    ----------
    fetched : Fetched
        What its /robots.txt answered: without one all is allowed, unreachable nothing is.
    """

    def __init__(self, fetched: Fetched) -> None:
        self._rules = RobotFileParser()
        if 200 <= fetched.status < 300 and fetched.error is None:
            self._rules.parse(fetched.body[:LONGEST].decode("utf-8", "replace").splitlines())
        elif 400 <= fetched.status < 500:
            self._rules.parse([])
        else:
            self._rules.parse(["User-agent: *", "Disallow: /"])

    def allows(self, url: str) -> bool:
        """Tell whether a page may be read."""
        return self._rules.can_fetch(NAME, url)

    @property
    def delay_s(self) -> float:
        """Seconds to wait between two pages, if the site wishes it, within sense."""
        return min(float(self._rules.crawl_delay(NAME) or 0), LONGEST_DELAY_S)


def robots_address(url: str) -> str:
    """Return where the robots.txt of a page's site stands."""
    return urljoin(url, "/robots.txt")
